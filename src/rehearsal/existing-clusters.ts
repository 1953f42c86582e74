/** Puts clusters into an account that somebody else made, without eksctl: no stacks, no tags of a fleet. */
import { beginCluster, startInstances } from './account/clusters.js';
import { apiKey, refreshNodes } from './account/nodes.js';
import { never } from './durations.js';
import { createApi } from './kube/api.js';
import type { Simulation } from './simulation.js';
import type { ClusterState } from './state.js';

export interface ExistingCluster {
  readonly region: string;
  readonly name: string;
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  /** Nodes of its one node group `ng`; 3 when not given. */
  readonly nodes?: number;
  readonly version?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly authenticationMode?: ClusterState['authenticationMode'];
}

/** An ACTIVE cluster with its add-ons and one active node group; it has no OIDC provider and no EBS CSI driver. */
export function addExistingCluster(simulation: Simulation, request: ExistingCluster): ClusterState {
  const { region, name } = request;
  const roleName = `${name}-cluster-role`;
  simulation.state.roles.push(roleName);
  const cluster = beginCluster(simulation, {
    region,
    name,
    version: request.version ?? '1.34',
    vpcId: request.vpcId,
    subnetIds: request.subnetIds,
    tags: request.tags ?? {},
    settlesAt: never,
    roleName,
    ...(request.authenticationMode === undefined ? {} : { authenticationMode: request.authenticationMode }),
  });
  cluster.status = 'ACTIVE';
  for (const addon of ['vpc-cni', 'kube-proxy', 'coredns']) {
    cluster.addons[addon] = { name: addon, status: 'ACTIVE', settlesAt: never, issues: [] };
  }
  const group = {
    name: 'ng',
    status: 'ACTIVE' as const,
    settlesAt: never,
    size: request.nodes ?? 3,
    instanceType: 'm5.large',
    subnetIds: [...request.subnetIds],
    issues: [],
    tags: {},
  };
  cluster.nodeGroups[group.name] = group;
  createApi(simulation, { key: apiKey(region, name), kind: 'eks', region, cluster: name });
  startInstances(simulation, region, cluster, group);
  refreshNodes(simulation, region, name);
  return cluster;
}
