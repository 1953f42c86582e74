/** Puts clusters into an account that somebody else made, without eksctl: no stacks, no tags of a fleet. */
import { beginCluster, type ClusterRequest, startInstances } from './account/clusters.js';
import { apiKey, refreshNodes } from './account/nodes.js';
import { never } from './durations.js';
import { createApi } from './kube/api.js';
import type { Simulation } from './simulation.js';
import type { ClusterState } from './state.js';

export interface ExistingCluster
  extends Pick<ClusterRequest, 'region' | 'name' | 'vpcId'>,
    Partial<Pick<ClusterState, 'version' | 'tags' | 'authenticationMode'>> {
  readonly subnetIds: readonly string[];
  /** Nodes of its one node group `ng`; 3 when not given. */
  readonly nodes?: number;
}

/** An ACTIVE cluster with its add-ons and one active node group; it has no OIDC provider and no EBS CSI driver. */
export function addExistingCluster(simulation: Simulation, request: ExistingCluster): ClusterState {
  const { nodes = 3, tags, subnetIds, ...given } = request;
  const { region, name } = given;
  const roleName = `${name}-cluster-role`;
  simulation.state.roles.push(roleName);
  const own = { subnetIds: [...subnetIds], tags: { ...tags }, settlesAt: never, roleName };
  const cluster = beginCluster(simulation, { version: '1.34', ...given, ...own });
  cluster.status = 'ACTIVE';
  for (const addon of ['vpc-cni', 'kube-proxy', 'coredns']) {
    cluster.addons[addon] = { name: addon, status: 'ACTIVE', settlesAt: never, issues: [] };
  }
  const group = {
    name: 'ng',
    status: 'ACTIVE' as const,
    settlesAt: never,
    size: nodes,
    instanceType: 'm5.large',
    subnetIds: [...subnetIds],
    issues: [],
    tags: {},
  };
  cluster.nodeGroups[group.name] = group;
  createApi(simulation, { key: apiKey(region, name), kind: 'eks', region, cluster: name });
  startInstances(simulation, region, cluster, group);
  refreshNodes(simulation, region, name);
  return cluster;
}
