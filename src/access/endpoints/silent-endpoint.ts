/**
 * Whether the endpoint of an EKS cluster answers this machine, where not everybody reaches it. kubectl and eksctl would wait for it for
 * minutes, and call the cluster broken (observed with kubectl 1.34.4: 30 s for each of up to five tries).
 */
import type { Cluster } from '../../aws/eks.js';
import { Problem } from '../../errors/problem.js';
import type { EksCluster } from '../../fleet/fleet.js';
import { asWhom, placeName } from '../../world/place.js';
import type { World } from '../../world/world.js';
import { isServing } from '../eks-kubeconfig.js';

/** How long it may take to answer, in ms. */
const patienceMs = 10_000;

/** What EKS knows of an endpoint. */
type VpcConfig = NonNullable<Cluster['resourcesVpcConfig']>;

/** Who reaches the endpoint of a cluster, as a clause; undefined: everybody. */
export function closedTo({ endpointPublicAccess, publicAccessCidrs = [] }: VpcConfig): string | undefined {
  if (endpointPublicAccess === false) return 'its API endpoint is private: only its own network reaches it';
  const isOpen = publicAccessCidrs.length === 0 || publicAccessCidrs.includes('0.0.0.0/0');
  return isOpen ? undefined : `its public endpoint admits only ${publicAccessCidrs.join(', ')}`;
}

/** Why an endpoint does not answer this machine; undefined: it does, or kubectl asks it through a proxy, which stands elsewhere. */
export async function silenceOf(
  { environment: { vars }, presentedBy }: Pick<World, 'environment' | 'presentedBy'>,
  { endpoint = '' }: Pick<Cluster, 'endpoint'>,
): Promise<string | undefined> {
  if (proxies.some((name) => vars[name])) return undefined;
  const { hostname } = new URL(endpoint);
  const answer = await presentedBy(hostname, 443, patienceMs);
  return answer.kind === 'presented' ? undefined : `${hostname}, port 443: ${answer.reason}`;
}

const proxies = ['HTTPS_PROXY', 'ALL_PROXY'].flatMap((name) => [name, name.toLowerCase()]);

/** A Problem `cluster-unreachable` for a cluster that serves, but not this machine; nobody asks one that everybody reaches. */
export async function silentEndpoint(
  world: Pick<World, 'environment' | 'presentedBy' | 'ownInterfaces'>,
  cluster: EksCluster,
  found: Cluster,
): Promise<Problem | undefined> {
  const { resourcesVpcConfig: config, endpoint } = found;
  const closed = config && closedTo(config);
  if (closed === undefined || endpoint === undefined || !isServing(found)) return undefined;
  const silence = await silenceOf(world, found);
  if (silence === undefined) return undefined;
  const addresses = world.ownInterfaces().map(({ address }) => address);
  return new Problem('cluster-unreachable', {
    what: `EKS cluster ${cluster.cluster} in ${placeName(cluster)} does not respond to this machine (${addresses.join(', ')})`,
    why: `${closed} (${silence})`,
    next: [
      whereTo(config ?? {}),
      `or let this machine in for as long as you need it, by the public address that it has: ${letIn(cluster, config ?? {})}`,
      'until then nothing in the cluster can be seen from here, so nothing of it is changed or deleted',
    ],
  });
}

/** From where an endpoint that not everybody reaches is reached. */
export function whereTo({ endpointPublicAccess, vpcId, securityGroupIds = [] }: VpcConfig): string {
  if (endpointPublicAccess !== false)
    return 'run the command on a machine with such an address, or have its owner add that of this one';
  const groups =
    securityGroupIds.length === 0 ? '' : `, whose address its security group ${securityGroupIds.join(', ')} admits`;
  return `run the command on a machine in its VPC ${vpcId ?? ''}, or in a network that is connected to it${groups}`;
}

/** The command with which EKS lets a machine in from outside; it takes some minutes (EKS API, UpdateClusterConfig). */
export function letIn(
  { cluster, ...place }: EksCluster,
  { publicAccessCidrs = [], endpointPublicAccess }: VpcConfig,
): string {
  const before = endpointPublicAccess === false ? [] : publicAccessCidrs;
  const wanted = `endpointPublicAccess=true,publicAccessCidrs=${[...before, 'ADDRESS/32'].join(',')}`;
  return `aws eks update-cluster-config --name ${cluster} --region ${place.region} --resources-vpc-config ${wanted}${asWhom(place)}`;
}
