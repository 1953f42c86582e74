/** Whether the existing load balancer is of the requested kind, internal or internet-facing. */
import { isInternal, loadBalancerService } from '../../access/load-balancer.js';
import type { CallContext } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import { service } from '../../tools/kubectl/objects.js';
import { type FleetContext, parentAccess } from '../context.js';

/**
 * What stands in the way when it is of the other kind. AWS cannot change that, and a new load balancer would have other
 * addresses than those that Karmada's certificate names and its members use.
 */
export async function otherKind(
  { clients, ...context }: FleetContext,
  call: CallContext,
): Promise<Problem | undefined> {
  const { internal, name } = context.fleet;
  const found = await clients.kubectl.get(parentAccess(context), loadBalancerService, service, call);
  const isGone = found === undefined || found.metadata.deletionTimestamp !== undefined;
  if (isGone || isInternal(found) === internal) return undefined;
  const [is, wanted, keep] = internal
    ? ['internet-facing', 'internal', 'KARMADA_EKS_INTERNAL=false instead of --internal']
    : ['internal', 'internet-facing', '--internal'];
  return new Problem('invalid-value', {
    what: `the load balancer of fleet ${name} is ${is} and cannot be changed to ${wanted}`,
    why: 'AWS cannot change this for an existing load balancer',
    next: [`keep it as it is: ${keep}`, 'or delete the fleet and create it again'],
  });
}
