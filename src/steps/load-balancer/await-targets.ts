/** Waits until the load balancer of the Karmada API passes on what comes to it. */
import { findLoadBalancer, loadBalancerName } from '../../access/load-balancer.js';
import { type TargetState, targetsOf } from '../../aws/elb/target-health.js';
import type { CallContext } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import { type FleetContext, minutes, parentAccess, seconds } from '../context.js';
import { waitUntil } from '../wait-until.js';
import { balancerFailed } from './api-rules.js';

/**
 * No target may be new, where there is a load balancer: `init` makes its first call through the load balancer once, without a second try (Karmada 1.18.2,
 * cmdinit/karmada/deploy.go). Before there is an API server none can be healthy.
 * @throws Problem `load-balancer-failed` with what the cloud controller reports
 */
export async function awaitTargets(context: FleetContext, call: CallContext): Promise<void> {
  const { region } = context.fleet.parent;
  const balancer = await findLoadBalancer(context.clients, parentAccess(context), region, call);
  if (balancer === undefined) return;
  let last: readonly TargetState[] = [];
  const onTimeout = async (): Promise<Problem> => {
    const states = last.map(({ id, state }) => `${id} ${state}`).join(', ') || 'none';
    return await balancerFailed(
      context,
      call,
      `the load balancer of the Karmada API has no checked targets after 10 minutes: ${states}`,
    );
  };
  await waitUntil(context, call, { everyMs: seconds(5), limitMs: minutes(10), onTimeout }, async () => {
    const before = last;
    const found = await targetsOf(
      context.clients.world.aws,
      context.fleet.parent,
      loadBalancerName(balancer.hostname),
    ).catch(ifDenied);
    if (found === undefined) {
      call.say(
        'the targets of the load balancer cannot be read: DescribeTargetHealth is denied; going on without',
        'lasting',
      );
      return true;
    }
    last = found;
    const isReady = last.length > 0 && last.every(({ state }) => state !== 'initial');
    if (!isReady && before.length !== last.length) call.say('waiting for the first health checks of the load balancer');
    return isReady;
  });
}

/** A role with the policy of an older version may not ask: then this wait is left out, not the run. */
function ifDenied(thrown: unknown): undefined {
  if (thrown instanceof Problem && thrown.code === 'access-denied') return undefined;
  throw thrown;
}
