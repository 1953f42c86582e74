/** Takes the load balancer of the Karmada API away, and Karmada's namespace with it. */
import { hostnameOf, loadBalancerName, loadBalancerService } from '../discover/load-balancer.js';
import { Problem } from '../errors/problem.js';
import { fleetTag, karmadaNamespace } from '../fleet/names.js';
import { poll } from '../pipeline/poll.js';
import type { Action, StepContext } from '../pipeline/step.js';
import { kubectlCommands } from '../tools/kubectl/commands.js';
import { anyObject, service } from '../tools/kubectl/objects.js';
import { minutes, parentAccess, type Site, seconds } from './site.js';

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
      const namespace = await kubectl.get(access, namespaceRef, anyObject, context);
      return namespace?.metadata.labels?.[fleetTag] === site.fleet.id ? { state: 'absent' } : { state: 'ready' };
    },
    apply: async (context) => {
      const found = await kubectl.get(access, loadBalancerService, service, context);
      const hostname = hostnameOf(found);
      await kubectl.remove(access, loadBalancerService, context);
      await gone(site, context, 'the load balancer', async () => {
        if ((await kubectl.get(access, loadBalancerService, service, context)) !== undefined) return false;
        if (hostname === undefined) return true;
        const ec2 = site.clients.ec2(site.fleet.parent.region);
        return (await ec2.loadBalancerInterfaces(loadBalancerName(hostname))).length === 0;
      });
      await kubectl.remove(access, namespaceRef, context);
      await gone(site, context, `namespace ${karmadaNamespace}`, async () => {
        return (await kubectl.get(access, namespaceRef, anyObject, context)) === undefined;
      });
    },
  };
}

async function gone(site: Site, context: StepContext, what: string, look: () => Promise<boolean>): Promise<void> {
  await poll(async () => ((await look()) ? true : undefined), {
    clock: site.clients.world.clock,
    signal: context.signal,
    everyMs: seconds(5),
    limitMs: minutes(15),
    onTimeout: () =>
      new Problem('load-balancer-failed', {
        what: `${what} was still there after 15 minutes`,
        next: ['look at its events with kubectl describe', 'run the same command again'],
      }),
  });
}
