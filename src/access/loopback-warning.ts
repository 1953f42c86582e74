/** Warns of push members whose API address only works on this machine, as in contexts written by kind and minikube. */

import type { Clients } from '../clients/clients.js';
import { warning } from '../errors/diagnostic.js';
import type { Diagnostic } from '../errors/problem.js';
import type { Member } from '../fleet/fleet.js';
import type { Call } from '../tools/run.js';
import { readContext } from './member-context.js';

const loopback = /^https:\/\/(localhost|127\.[\d.]+|\[::1\])(:|\/|$)/;

/** One sentence a member. A member that pulls does not care: its agent calls Karmada. */
export async function loopbackWarnings(
  clients: Clients,
  members: readonly Member[],
  call: Call,
): Promise<readonly Diagnostic[]> {
  const found = members.map(async (member) => {
    if (member.kind !== 'context' || member.mode === 'pull') return [];
    const server = (await readContext(clients, member.context, call))?.clusters[0]?.cluster.server ?? '';
    if (!loopback.test(server)) return [];
    const what = `context ${member.context} points to ${server}, which Karmada cannot reach from the parent: join it in pull mode, or through a context with another address`;
    return [warning({ what, next: ['join it by pull: --mode pull', 'or by a context with another address'] })];
  });
  return (await Promise.all(found)).flat();
}
