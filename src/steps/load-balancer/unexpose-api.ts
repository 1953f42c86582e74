/**
 * Deletes the load balancer of the Karmada API, and Karmada's namespace if this fleet created it and nobody else uses
 * it.
 */

import { hostnameOf, loadBalancerName, loadBalancerService } from '../../access/load-balancer.js';
import { shortList } from '../../engine/destruction.js';
import type { CallContext, Step } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import { karmadaNamespace } from '../../fleet/names.js';
import type { Verdict } from '../../ownership/ownership.js';
import { fleetConfigMap } from '../../state/fleet-configmap.js';
import { explainedByNamespace } from '../../status/blocked-namespace.js';
import { kubectlCommands } from '../../tools/kubectl/commands.js';
import { anyObject, service } from '../../tools/kubectl/objects.js';
import { type FleetContext, minutes, parentAccess, seconds } from '../context.js';
import { isOwnParent, namespaceVerdict, ownNamespace, verdictIn, whyLeft } from '../karmada/parent-parts.js';
import { restoreNamespace } from '../karmada/previous-namespace.js';
import { pullSecretRef } from '../karmada/pull-secret.js';
import { type Patience, waitUntil } from '../wait-until.js';
import { balancerFailed } from './api-rules.js';
import { revokeOrphanRules } from './orphan-rules.js';

const namespaceRef = { kind: 'namespaces', name: karmadaNamespace } as const;

export function unexposeApi(context: FleetContext): Step {
  const access = parentAccess(context);
  const { kubectl } = context.clients;
  return {
    id: 'undo/expose-api',
    title: 'delete the load balancer',
    scope: 'parent',
    expectedMs: minutes(2),
    preview: () => ({
      changes: [
        'the Network Load Balancer of the Karmada API',
        `namespace ${karmadaNamespace}, unless it existed before or others use it`,
      ],
      commands: [kubectlCommands.remove(access, loadBalancerService), kubectlCommands.remove(access, namespaceRef)],
    }),
    check: async (call) => {
      // The mark is deleted with the namespace, after the load balancer is gone.
      const [balancer, mark] = await parts(context, call);
      if (balancer?.whose === 'ours' || mark?.whose === 'ours') return { state: 'absent' };
      return { state: 'ready', ...whyLeft('the load balancer of the Karmada API', balancer) };
    },
    apply: async (call) => {
      const [balancer, mark] = await parts(context, call);
      if (balancer?.whose === 'ours') await removeBalancer(context, call);
      if (mark?.whose === 'ours' && (await mayRemoveNamespace(context, call))) {
        await kubectl.remove(access, namespaceRef, call);
        await waitUntil(context, call, namespacePatience(context, call), async () => {
          return (await kubectl.get(access, namespaceRef, anyObject, call)) === undefined;
        });
      } else if (mark?.whose === 'ours') {
        await restoreNamespace(context, call);
        if ((await verdictIn(context, pullSecretRef, call))?.whose === 'ours')
          await kubectl.remove(access, pullSecretRef, call);
        await kubectl.remove(access, fleetConfigMap, call);
      }
    },
  };
}

/** Whose the Service and the fleet's ConfigMap are. */
async function parts(context: FleetContext, call: CallContext): Promise<readonly (Verdict | undefined)[]> {
  return await Promise.all([loadBalancerService, fleetConfigMap].map((ref) => verdictIn(context, ref, call)));
}

async function removeBalancer(context: FleetContext, call: CallContext): Promise<void> {
  const access = parentAccess(context);
  const { kubectl } = context.clients;
  const hostname = hostnameOf(await kubectl.get(access, loadBalancerService, service, call));
  // A parent of the fleet's own takes its rules with it.
  if (hostname !== undefined && !isOwnParent(context))
    await revokeOrphanRules(context, loadBalancerName(hostname), call);
  await kubectl.remove(access, loadBalancerService, call);
  await waitUntil(context, call, balancerPatience(context, call), async () => {
    if ((await kubectl.get(access, loadBalancerService, service, call)) !== undefined) return false;
    if (hostname === undefined) return true;
    const ec2 = context.clients.ec2(context.fleet.parent);
    return (await ec2.loadBalancerInterfaces(loadBalancerName(hostname))).length === 0;
  });
}

/** Only where this fleet made it and nobody else uses it. */
async function mayRemoveNamespace(context: FleetContext, call: CallContext): Promise<boolean> {
  const { whose, evidence } = await namespaceVerdict(context, call);
  if (whose !== 'ours') {
    call.say(`namespace ${karmadaNamespace} is kept (${evidence})`, 'lasting');
    return false;
  }
  // Everything in it is deleted with its cluster.
  if (isOwnParent(context)) return true;
  const { foreign = [] } = (await ownNamespace(context, call)) ?? {};
  if (foreign.length === 0) return true;
  call.say(`namespace ${karmadaNamespace} is kept; others use it: ${shortList(foreign)}`, 'lasting');
  return false;
}

const [everyMs, limitMs] = [seconds(5), minutes(15)];

function balancerPatience(context: FleetContext, call: CallContext): Patience {
  return {
    everyMs,
    limitMs,
    onTimeout: () => balancerFailed(context, call, 'the load balancer was still there after 15 minutes'),
  };
}

function namespacePatience(context: FleetContext, call: CallContext): Patience {
  const onTimeout = async (): Promise<Problem> => {
    const problem = new Problem('load-balancer-failed', {
      what: `namespace ${karmadaNamespace} was still there after 15 minutes`,
      next: [`find out what holds it: kubectl get namespace ${karmadaNamespace} -o yaml`, 'run the same command again'],
    });
    return await explainedByNamespace(context.clients, parentAccess(context), karmadaNamespace, problem, call);
  };
  return { everyMs, limitMs, onTimeout };
}
