/** Removes the load balancer of the Karmada API, and Karmada's namespace where this fleet made it and nobody else uses it. */
import { clusterKey } from '../discover/facts.js';
import { fleetConfigMap, readMark } from '../discover/fleet-mark.js';
import { karmadaNamespaceOf } from '../discover/karmada-namespace.js';
import { hostnameOf, loadBalancerName, loadBalancerService } from '../discover/load-balancer.js';
import { Problem } from '../errors/problem.js';
import { karmadaNamespace } from '../fleet/names.js';
import { shortList } from '../pipeline/destruction.js';
import type { Action, StepContext } from '../pipeline/step.js';
import { kubectlCommands } from '../tools/kubectl/commands.js';
import { anyObject, service } from '../tools/kubectl/objects.js';
import { minutes, parentAccess, type Site, seconds } from './site.js';
import { type Patience, waitUntil } from './wait-until.js';

const namespaceRef = { kind: 'namespaces', name: karmadaNamespace } as const;

export function hideApi(site: Site): Action {
  const access = parentAccess(site);
  const { kubectl } = site.clients;
  return {
    expectedMs: minutes(2),
    preview: () => ({
      changes: [
        'the Network Load Balancer of the Karmada API',
        `namespace ${karmadaNamespace}, unless it was there before or others use it`,
      ],
      commands: [kubectlCommands.remove(access, loadBalancerService), kubectlCommands.remove(access, namespaceRef)],
    }),
    check: async (context) => {
      // The mark goes with the namespace, after the load balancer has gone.
      const mark = await readMark(site.clients, access, context);
      return mark?.fleetId === site.fleet.id ? { state: 'absent' } : { state: 'ready' };
    },
    apply: async (context) => {
      const found = await kubectl.get(access, loadBalancerService, service, context);
      const hostname = hostnameOf(found);
      await kubectl.remove(access, loadBalancerService, context);
      await waitUntil(site, context, patience('the load balancer'), async () => {
        if ((await kubectl.get(access, loadBalancerService, service, context)) !== undefined) return false;
        if (hostname === undefined) return true;
        const ec2 = site.clients.ec2(site.fleet.parent.region);
        return (await ec2.loadBalancerInterfaces(loadBalancerName(hostname))).length === 0;
      });
      if (await mayRemoveNamespace(site, context)) {
        await kubectl.remove(access, namespaceRef, context);
        await waitUntil(site, context, patience(`namespace ${karmadaNamespace}`), async () => {
          return (await kubectl.get(access, namespaceRef, anyObject, context)) === undefined;
        });
      } else await kubectl.remove(access, fleetConfigMap, context);
    },
  };
}

/** Of a parent that the fleet made, the whole cluster is deleted; in any other only what this fleet made and nobody else uses. */
async function mayRemoveNamespace(site: Site, context: StepContext): Promise<boolean> {
  const isMade = site.facts.ownership.get(clusterKey(site.fleet.parent)) === 'ours';
  if (isMade) return true;
  const access = parentAccess(site);
  const mark = await readMark(site.clients, access, context);
  const found = await karmadaNamespaceOf(site.clients, access, context);
  if (mark?.namespace === 'made' && found?.foreign.length === 0) return true;
  const why = mark?.namespace === 'made' ? `others use it: ${shortList(found?.foreign ?? [])}` : 'it was there before';
  context.say(`namespace ${karmadaNamespace} stays: ${why}`);
  return false;
}

function patience(what: string): Patience {
  return {
    everyMs: seconds(5),
    limitMs: minutes(15),
    onTimeout: () =>
      new Problem('load-balancer-failed', {
        what: `${what} was still there after 15 minutes`,
        next: ['look at its events with kubectl describe', 'run the same command again'],
      }),
  };
}
