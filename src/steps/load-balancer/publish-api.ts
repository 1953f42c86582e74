/**
 * Publishes the Karmada API under the load balancer's DNS name: the fleet's kubeconfig, and `cluster-info` for agents.
 */
import { karmadaCertificates, karmadaKubeconfig, karmadaServer } from '../../access/karmada-api.js';
import { findLoadBalancer } from '../../access/load-balancer.js';
import type { CallContext, Step } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import { karmadaContext } from '../../fleet/names.js';
import { kubectlCommands } from '../../tools/kubectl/commands.js';
import { configMap } from '../../tools/kubectl/objects.js';
import { type FleetContext, karmadaAccess, parentAccess, seconds } from '../context.js';
import { waitForApi } from '../wait-for-api.js';

/** What agents read before they trust Karmada; init writes an address into it, and one address is one zone. */
const clusterInfo = { kind: 'configmaps', name: 'cluster-info', namespace: 'kube-public' } as const;

export function publishApi(context: FleetContext): Step {
  const access = karmadaAccess(context.paths);
  const { kubectl, world } = context.clients;
  return {
    id: 'publish-api',
    title: 'publish the Karmada API under the load balancer’s DNS name',
    scope: 'parent',
    expectedMs: seconds(15),
    preview: () => ({
      changes: [`context ${karmadaContext} in the fleet’s own kubeconfigs`, 'cluster-info with that name'],
      commands: [
        kubectlCommands.mergePatch(access, clusterInfo, { data: { kubeconfig: '<with the load balancer’s name>' } }),
      ],
    }),
    check: async (call) => {
      const { hostname, kubeconfig } = await wanted(context, call);
      const isThere = (await world.files.read(access.kubeconfig)) === kubeconfig;
      if (!isThere) return { state: 'partial', missing: ['the kubeconfig of the Karmada API'] };
      const info = await kubectl.get(access, clusterInfo, configMap, call);
      const server = serverIn(info?.data?.['kubeconfig']);
      if (server === karmadaServer(hostname)) return { state: 'ready', note: karmadaServer(hostname) };
      return { state: 'partial', missing: [`cluster-info names ${server ?? 'no server'}`] };
    },
    apply: async (call) => {
      const { hostname, kubeconfig } = await wanted(context, call);
      await world.files.write(access.kubeconfig, kubeconfig);
      await waitForApi(context, access, call);
      const there = (await kubectl.get(access, clusterInfo, configMap, call))?.data?.['kubeconfig'];
      if (there === undefined) throw unhealthy('Karmada has no cluster-info, which init creates');
      const data = { kubeconfig: there.replace(serverLine, `$1${karmadaServer(hostname)}`) };
      if (data.kubeconfig !== there) await kubectl.mergePatch(access, clusterInfo, { data }, call);
    },
  };
}

const serverLine = /^(\s*server:\s*)(\S+)/m;

function serverIn(kubeconfig: string | undefined): string | undefined {
  return kubeconfig === undefined ? undefined : serverLine.exec(kubeconfig)?.[2];
}

async function wanted(context: FleetContext, call: CallContext): Promise<{ hostname: string; kubeconfig: string }> {
  const parent = parentAccess(context);
  const [balancer, certificates] = await Promise.all([
    findLoadBalancer(context.clients, parent, context.fleet.parent.region, call),
    karmadaCertificates(context.clients, parent, call),
  ]);
  if (balancer === undefined) throw unhealthy('the load balancer of the Karmada API is gone');
  if (certificates === undefined) throw unhealthy('Secret karmada-cert, which init creates, is gone');
  return { hostname: balancer.hostname, kubeconfig: karmadaKubeconfig(balancer.hostname, certificates) };
}

function unhealthy(what: string): Problem {
  return new Problem('karmada-unhealthy', { what, next: ['run the same command again'] });
}
