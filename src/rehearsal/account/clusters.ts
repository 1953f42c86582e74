/** EKS clusters and node groups: what exists once their creation begins, and what is deleted with them. */

import type { Simulation } from '../simulation.js';
import type { ClusterState, NodeGroupState, RegionState, SubnetState } from '../state.js';
import { iamArn, regionalArn } from './arns.js';
import { nameOfRegion } from './other-accounts.js';

export interface ClusterRequest
  extends Pick<ClusterState, 'name' | 'version' | 'vpcId' | 'subnetIds' | 'tags' | 'settlesAt'>,
    Partial<
      Pick<
        ClusterState,
        | 'supportType'
        | 'authenticationMode'
        | 'publicAccessCidrs'
        | 'privateAccessCidrs'
        | 'privateOnly'
        | 'logs'
        | 'secretsKey'
      >
    > {
  readonly region: string;
  readonly roleName: string;
  /** True when not given. */
  readonly creatorIsAdmin?: boolean;
}

/** Begins a cluster's creation: it is CREATING until it is settled. */
export function beginCluster(simulation: Simulation, request: ClusterRequest): ClusterState {
  const { state } = simulation;
  const { region, roleName, creatorIsAdmin = true, ...given } = request;
  const { name } = given;
  const unique = simulation.id('eks').slice('eks-'.length).toUpperCase().padStart(32, '0');
  const cluster: ClusterState = {
    authenticationMode: 'API_AND_CONFIG_MAP',
    supportType: 'EXTENDED',
    ...given,
    arn: regionalArn('eks', region, state.accountId, `cluster/${name}`),
    endpoint: `https://${unique}.gr7.${nameOfRegion(region)}.eks.amazonaws.com`,
    status: 'CREATING',
    createdAt: simulation.now(),
    oidcIssuer: `https://oidc.eks.${nameOfRegion(region)}.amazonaws.com/id/${unique}`,
    accessEntries: creatorIsAdmin ? [state.callerArn] : [],
    nodeGroups: {},
    addons: {},
    ...(creatorIsAdmin ? { creatorArn: state.callerArn } : {}),
    roleArn: iamArn(region, state.accountId, `role/${roleName}`),
  };
  simulation.region(region).clusters[name] = cluster;
  addClusterNetwork(simulation, region, cluster);
  return cluster;
}

/** The security group that EKS makes, whose members reach each other, and two interfaces of the control plane in the cluster's subnets. */
function addClusterNetwork(simulation: Simulation, regionName: string, cluster: ClusterState): void {
  const region = simulation.region(regionName);
  const group = simulation.id('sg');
  region.securityGroups.push({
    id: group,
    vpcId: cluster.vpcId,
    name: `eks-cluster-sg-${cluster.name}-${simulation.state.nextId}`,
    tags: { ...cluster.tags, [`kubernetes.io/cluster/${cluster.name}`]: 'owned', 'aws:eks:cluster-name': cluster.name },
    rules: [{ id: `sgr-self-${group}`, description: '', source: group, port: 'all' }],
  });
  const subnets = cluster.subnetIds.flatMap((id) => region.subnets.find((subnet) => subnet.id === id) ?? []);
  for (const subnet of subnets.slice(0, 2)) {
    const { id: subnetId, vpcId, zone } = subnet;
    const own = { id: simulation.id('eni'), description: `Amazon EKS ${cluster.name}` };
    const place = { subnetId, vpcId, zone, privateIp: nextAddress(region, subnet) };
    region.networkInterfaces.push({ ...own, ...place, groups: [group] });
  }
}

/** Takes away a cluster with what EKS made for it; load balancers and volumes of its workloads stay. */
export function removeCluster(simulation: Simulation, regionName: string, name: string): void {
  const region = simulation.region(regionName);
  for (const group of Object.values(region.clusters[name]?.nodeGroups ?? {})) {
    removeNodeGroup(simulation, regionName, name, group.name);
  }
  delete region.clusters[name];
  region.securityGroups = region.securityGroups.filter((group) => group.tags['aws:eks:cluster-name'] !== name);
  region.networkInterfaces = region.networkInterfaces.filter((eni) => eni.description !== `Amazon EKS ${name}`);
}

/** Starts the machines that a node group still lacks, spread over its subnets, each with an interface and a root volume of 80 GiB. */
export function startInstances(
  simulation: Simulation,
  regionName: string,
  cluster: ClusterState,
  group: NodeGroupState,
): void {
  const region = simulation.region(regionName);
  const subnets = group.subnetIds.flatMap((id) => region.subnets.find((subnet) => subnet.id === id) ?? []);
  for (let index = machinesOf(region, cluster.name, group.name).length; index < group.size; index += 1) {
    const subnet = subnets[index % subnets.length];
    if (subnet === undefined) return;
    startInstance(simulation, region, cluster, group, subnet);
  }
}

function startInstance(
  simulation: Simulation,
  region: RegionState,
  cluster: ClusterState,
  group: NodeGroupState,
  subnet: SubnetState,
): void {
  const tags = {
    ...group.tags,
    'eks:cluster-name': cluster.name,
    'eks:nodegroup-name': group.name,
    ...(group.instanceName === undefined ? {} : { Name: group.instanceName }),
    [`kubernetes.io/cluster/${cluster.name}`]: 'owned',
  };
  const { id: subnetId, vpcId, zone } = subnet;
  const interfaceId = simulation.id('eni');
  const volumeId = simulation.id('vol');
  const privateIp = nextAddress(region, subnet);
  const publicIp = subnet.mapPublicIp ? { publicIp: nextPublicAddress(region) } : {};
  const groups = region.securityGroups.flatMap(({ id, tags }) =>
    tags['aws:eks:cluster-name'] === cluster.name ? [id] : [],
  );
  const place = { subnetId, vpcId, zone, privateIp };
  region.networkInterfaces.push({ id: interfaceId, ...place, description: '', ...publicIp, groups });
  const encrypted = group.encrypted ?? false;
  const key = encrypted ? (group.volumeKey ?? region.defaultVolumeKey) : undefined;
  const encryption = { encrypted, ...(key === undefined ? {} : { key }) };
  const volume = { zone, ...encryption, createdAt: simulation.now(), tags };
  region.volumes.push({ id: volumeId, sizeGiB: group.volumeGib ?? 80, ...volume });
  const system = isBottlerocket(group) ? { systemVolumeId: simulation.id('vol') } : {};
  if (system.systemVolumeId !== undefined)
    region.volumes.push({ id: system.systemVolumeId, sizeGiB: bottlerocketGib, ...volume });
  const of = { cluster: cluster.name, nodeGroup: group.name };
  region.instances.push({ id: simulation.id('i'), ...of, zone, subnetId, interfaceId, volumeId, ...system, tags });
}

/** The volume of Bottlerocket itself, besides that for data (Bottlerocket's README, default volumes). */
const bottlerocketGib = 2;

function isBottlerocket({ amiFamily }: NodeGroupState): boolean {
  return amiFamily?.startsWith('Bottlerocket') ?? false;
}

/** Takes away a node group with its machines, their interfaces and root volumes. */
export function removeNodeGroup(simulation: Simulation, regionName: string, cluster: string, name: string): void {
  const region = simulation.region(regionName);
  removeInstances(region, machinesOf(region, cluster, name));
  delete region.clusters[cluster]?.nodeGroups[name];
}

/** Ends the machines that a node group has too many, the youngest first. */
export function stopSurplus(region: RegionState, cluster: ClusterState, group: NodeGroupState): void {
  removeInstances(region, machinesOf(region, cluster.name, group.name).slice(group.size));
}

function machinesOf(region: RegionState, cluster: string, group: string): RegionState['instances'] {
  return region.instances.filter((instance) => instance.cluster === cluster && instance.nodeGroup === group);
}

function removeInstances(region: RegionState, gone: RegionState['instances']): void {
  const ids = new Set(
    gone.flatMap(({ id, interfaceId, volumeId, systemVolumeId = '' }) => [id, interfaceId, volumeId, systemVolumeId]),
  );
  region.instances = region.instances.filter((instance) => !ids.has(instance.id));
  region.networkInterfaces = region.networkInterfaces.filter((eni) => !ids.has(eni.id));
  region.volumes = region.volumes.filter((volume) => !ids.has(volume.id));
}

function nextAddress(region: RegionState, subnet: SubnetState): string {
  return firstFree(subnet.cidr.replace(/\.0\/\d+$/, ''), region);
}

/** Of 203.0.113.0/24 (TEST-NET-3). */
function nextPublicAddress(region: RegionState): string {
  return firstFree('203.0.113', region);
}

/** The first address, from `.10` upward, that no interface has. */
function firstFree(prefix: string, { networkInterfaces }: RegionState): string {
  const used = new Set(networkInterfaces.flatMap(({ privateIp, publicIp }) => [privateIp, publicIp]));
  let last = 10;
  while (used.has(`${prefix}.${last}`)) last += 1;
  return `${prefix}.${last}`;
}
