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

/** The cloud controller tries again within five minutes (kubernetes/cloud-provider, controllers/service): what is older is over. */
const recentMs = 15 * 60_000;

/**
 * The newest Warning of each reason, newest first, e.g. `SyncLoadBalancerFailed: …`; undefined if there is none, or they cannot be
 * read: what they explain is reported in any case.
 */
export async function serviceWarnings(clients: Clients, parent: KubeAccess, call: Call): Promise<string | undefined> {
  const ref = { kind: 'events', namespace: karmadaNamespace };
  const all = await clients.kubectl.list(parent, ref, event, call).catch((thrown: unknown) => {
    if (thrown instanceof Problem && thrown.code !== 'interrupted') return [];
    throw thrown;
  });
  const since = clients.world.clock.now() - recentMs;
  const newest = all
    .filter(({ type, involvedObject: { kind, name } }) => {
      return type === 'Warning' && kind === 'Service' && name === loadBalancerService.name;
    })
    .map(({ reason, message, lastTimestamp, eventTime }) => ({
      reason,
      text: `${reason}: ${message.replace(/\s+/g, ' ').trim()}`,
      at: Date.parse(lastTimestamp ?? eventTime ?? ''),
    }))
    .filter(({ at }) => at >= since)
    .sort((one, other) => other.at - one.at);
  const each = newest.filter(({ reason }, index) => newest.findIndex((other) => other.reason === reason) === index);
  return each.length === 0
    ? undefined
    : each
        .slice(0, mostWarnings)
        .map(({ text }) => text)
        .join('; ');
}
