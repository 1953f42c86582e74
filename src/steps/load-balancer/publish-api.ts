/**
 * Publishes the Karmada API under a DNS name, the user's or that of the load balancer: in the fleet's kubeconfig, and in `cluster-info` for
 * agents.
 */
import { nameTrouble } from '../../access/api-name.js';
import { isComing } from '../../access/api-record.js';
import { karmadaCertificates, karmadaKubeconfig, karmadaServer } from '../../access/karmada-api.js';
import { findLoadBalancer, loadBalancerService, publishedAnnotation } from '../../access/load-balancer.js';
import type { CallContext, Step } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import { karmadaContext } from '../../fleet/names.js';
import { kubectlCommands } from '../../tools/kubectl/commands.js';
import { configMap } from '../../tools/kubectl/objects.js';
import { type FleetContext, karmadaAccess, parentAccess, seconds } from '../context.js';
import { serverIn, withServer } from '../server-line.js';
import { waitForApi } from '../wait-for-api.js';

/** What agents read before they trust Karmada; init writes an address into it, and one address is one zone. */
const clusterInfo = { kind: 'configmaps', name: 'cluster-info', namespace: 'kube-public' } as const;

export function publishApi(context: FleetContext): Step {
  const access = karmadaAccess(context.paths);
  const { apiName } = context.fleet;
  const { kubectl, world } = context.clients;
  return {
    id: 'publish-api',
    title: `publish the Karmada API under ${apiName ?? 'the load balancer’s DNS name'}`,
    scope: 'parent',
    expectedMs: seconds(15),
    preview: () => ({
      changes: [`context ${karmadaContext} in the fleet’s own kubeconfigs`, 'cluster-info with that name'],
      commands: [
        ...(apiName === undefined
          ? []
          : [kubectlCommands.mergePatch(parentAccess(context), loadBalancerService, note(apiName))]),
        kubectlCommands.mergePatch(access, clusterInfo, {
          data: { kubeconfig: `<with ${apiName ?? 'the load balancer’s name'}>` },
        }),
      ],
    }),
    check: async (call) => {
      const { host, published, kubeconfig, trouble, isComing: waits } = await wanted(context, call);
      if (waits) return { state: 'partial', missing: [`it is published as ${published ?? host}`] };
      const isThere = (await world.files.read(access.kubeconfig)) === kubeconfig;
      if (!isThere) return { state: 'partial', missing: ['the kubeconfig of the Karmada API'] };
      const info = await kubectl.get(access, clusterInfo, configMap, call);
      const server = serverIn(info?.data?.['kubeconfig']);
      if (server !== karmadaServer(host))
        return { state: 'partial', missing: [`cluster-info names ${server ?? 'no server'}`] };
      if (published !== publishedOf(context, host))
        return { state: 'partial', missing: [`the Service has the name ${published ?? 'of its load balancer'}`] };
      return { state: 'ready', note: server, ...(trouble === undefined ? {} : { drift: [trouble] }) };
    },
    apply: async (call) => {
      const { host, published, kubeconfig, trouble } = await wanted(context, call);
      if (trouble !== undefined) call.say(trouble, 'lasting');
      await world.files.write(access.kubeconfig, kubeconfig);
      await waitForApi(context, access, call);
      const name = publishedOf(context, host);
      if (published !== name) await kubectl.mergePatch(parentAccess(context), loadBalancerService, note(name), call);
      const there = (await kubectl.get(access, clusterInfo, configMap, call))?.data?.['kubeconfig'];
      if (there === undefined) throw unhealthy('Karmada has no cluster-info, which init creates');
      const data = { kubeconfig: withServer(there, karmadaServer(host)) };
      if (data.kubeconfig !== there) await kubectl.mergePatch(access, clusterInfo, { data }, call);
    },
  };
}

/** For later commands, which need not find out again where the name leads. */
function note(name: string | undefined) {
  return { metadata: { annotations: { [publishedAnnotation]: name ?? null } } };
}

function publishedOf({ fleet }: FleetContext, host: string): string | undefined {
  return fleet.apiName === host ? host : undefined;
}

interface Publication {
  readonly host: string;
  readonly kubeconfig: string;
  /** The user's name that is noted now. */
  readonly published: string | undefined;
  /** Why it is not the name that the user asked for. */
  readonly trouble: string | undefined;
  readonly isComing: boolean;
}

/** A name that leads elsewhere, or nowhere yet, is not published: Karmada is to be reached. */
async function wanted(context: FleetContext, call: CallContext): Promise<Publication> {
  const { clients, fleet } = context;
  const parent = parentAccess(context);
  const [loadBalancer, certificates] = await Promise.all([
    findLoadBalancer(clients, parent, fleet.parent.region, call),
    karmadaCertificates(clients, parent, call),
  ]);
  if (loadBalancer === undefined) throw unhealthy('the load balancer of the Karmada API is gone');
  if (certificates === undefined) throw unhealthy('Secret karmada-cert, which init creates, is gone');
  const { hostname, published } = loadBalancer;
  const as = (host: string, trouble?: string, waits = false): Publication => ({
    host,
    published,
    trouble,
    isComing: waits,
    kubeconfig: karmadaKubeconfig(host, certificates),
  });
  const { apiName } = fleet;
  if (apiName === undefined) return as(hostname);
  if (published !== apiName && (await isComing(clients, fleet, apiName, hostname)))
    return as(hostname, undefined, true);
  const found = await nameTrouble(clients, apiName, { parent, loadBalancer }, call);
  return found === undefined ? as(apiName) : as(hostname, `${found.what}; ${found.next}`);
}

function unhealthy(what: string): Problem {
  return new Problem('karmada-unhealthy', { what, next: ['run the same command again'] });
}
