/** What the cloud controller reports of the Service of the Karmada API: the reason why something does not happen. */
import type { Clients } from '../clients/clients.js';
import { Problem } from '../errors/problem.js';
import { karmadaNamespace } from '../fleet/names.js';
import type { KubeAccess } from '../tools/kubectl/commands.js';
import { event } from '../tools/kubectl/objects.js';
import type { Call } from '../tools/run.js';
import { loadBalancerService } from './load-balancer.js';

/** Enough to see what repeats. */
const mostWarnings = 2;

/**
 * The newest Warning of each reason, e.g. `SyncLoadBalancerFailed: …`; undefined if there is none, or they cannot be read:
 * what they explain is reported in any case.
 */
export async function serviceWarnings(clients: Clients, parent: KubeAccess, call: Call): Promise<string | undefined> {
  const ref = { kind: 'events', namespace: karmadaNamespace };
  const all = await clients.kubectl.list(parent, ref, event, call).catch((thrown: unknown) => {
    if (thrown instanceof Problem && thrown.code !== 'interrupted') return [];
    throw thrown;
  });
  const newest = all
    .filter(
      ({ type, involvedObject: of }) =>
        type === 'Warning' && of.kind === 'Service' && of.name === loadBalancerService.name,
    )
    .sort((one, other) => momentOf(other).localeCompare(momentOf(one)));
  const each = new Map(newest.reverse().map(({ reason, message }) => [reason, message]));
  const lines = [...each].reverse().map(([reason, message]) => `${reason}: ${message.replace(/\s+/g, ' ').trim()}`);
  return lines.length === 0 ? undefined : lines.slice(0, mostWarnings).join('; ');
}

function momentOf({
  lastTimestamp,
  eventTime,
}: {
  lastTimestamp?: string | null | undefined;
  eventTime?: string | null | undefined;
}): string {
  return lastTimestamp ?? eventTime ?? '';
}
