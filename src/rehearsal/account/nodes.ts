/** The machines of a cluster's active node groups as its Kubernetes API sees them. */
import { setNodes } from '../kube/api.js';
import type { Simulation } from '../simulation.js';
import type { RegionState } from '../state.js';
import { nameOfRegion } from './other-accounts.js';

/** Whether the machines of a group in this state are nodes: one that is DEGRADED, or could not be deleted, keeps what it has. */
export function hasNodes(status: string): boolean {
  return ['ACTIVE', 'UPDATING', 'DEGRADED', 'DELETE_FAILED'].includes(status);
}

/** Tells a cluster's API which nodes it has. */
export function refreshNodes(simulation: Simulation, regionName: string, clusterName: string): void {
  const region = simulation.region(regionName);
  const cluster = region.clusters[clusterName];
  if (cluster === undefined) return;
  const active = Object.values(cluster.nodeGroups).filter(({ status }) => hasNodes(status));
  const names = new Set(active.map((group) => group.name));
  const nodes = region.instances
    .filter((instance) => instance.cluster === clusterName && names.has(instance.nodeGroup))
    .map((instance) => nodeOf(region, regionName, instance));
  setNodes(simulation, apiKey(regionName, clusterName), nodes);
}

/** Key of a cluster's own API. */
export function apiKey(region: string, cluster: string): string {
  return `eks/${region}/${cluster}`;
}

function nodeOf(region: RegionState, regionName: string, instance: RegionState['instances'][number]) {
  const eni = region.networkInterfaces.find((candidate) => candidate.id === instance.interfaceId);
  const internalIp = eni?.privateIp ?? '';
  const { instanceType, spot, labels } = region.clusters[instance.cluster]?.nodeGroups[instance.nodeGroup] ?? {};
  return {
    name: nodeName(nameOfRegion(regionName), internalIp),
    providerId: `aws:///${instance.zone}/${instance.id}`,
    zone: instance.zone,
    region: nameOfRegion(regionName),
    ready: true,
    internalIp,
    nodeGroup: instance.nodeGroup,
    ...(instanceType === undefined ? {} : { instanceType }),
    ...(spot === undefined ? {} : { spot }),
    ...(labels === undefined ? {} : { labels }),
    ...(eni?.publicIp === undefined ? {} : { externalIp: eni.publicIp }),
  };
}

/** EC2's IP-based host name, which EKS nodes carry. */
function nodeName(region: string, address: string): string {
  const host = `ip-${address.replaceAll('.', '-')}`;
  return region === 'us-east-1' ? `${host}.ec2.internal` : `${host}.${region}.compute.internal`;
}

/** Names of the nodes of a node group. */
export function nodeNames(
  simulation: Simulation,
  regionName: string,
  cluster: string,
  group: string,
): readonly string[] {
  const region = simulation.region(regionName);
  return region.instances
    .filter((instance) => instance.cluster === cluster && instance.nodeGroup === group)
    .map((instance) => nodeOf(region, regionName, instance).name);
}
