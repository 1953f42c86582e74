/** Takes the load balancer of the Karmada API away, and Karmada's namespace with it. */
import { readMark } from '../discover/fleet-mark.js';
import { hostnameOf, loadBalancerName, loadBalancerService } from '../discover/load-balancer.js';
import { Problem } from '../errors/problem.js';
import { karmadaNamespace } from '../fleet/names.js';
import type { Action } from '../pipeline/step.js';
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
      changes: ['the Network Load Balancer of the Karmada API', `namespace ${karmadaNamespace}`],
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
      await kubectl.remove(access, namespaceRef, context);
      await waitUntil(site, context, patience(`namespace ${karmadaNamespace}`), async () => {
        return (await kubectl.get(access, namespaceRef, anyObject, context)) === undefined;
      });
    },
  };
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
