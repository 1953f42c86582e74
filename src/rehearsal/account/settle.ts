/** Brings an account up to now: completes what is due. Every AWS call and every program does so first. */
import { durations, never } from '../durations.js';
import { createApi, removeApi } from '../kube/api.js';
import { removeInterfaces } from '../kube/controllers/load-balancers/interfaces.js';
import { settleApis, unsettle } from '../kube/settle.js';
import type { Simulation } from '../simulation.js';
import type { StackResource, StackState } from '../state.js';
import { removeCluster, removeNodeGroup, startInstances, stopSurplus } from './clusters.js';
import { takeCondition } from './conditions.js';
import { makeResource, removeNetwork } from './network-stacks.js';
import { noteIssues } from './node-issues.js';
import { apiKey, refreshNodes } from './nodes.js';
import { withIamOf } from './other-accounts.js';
import { removeRoles } from './role-parts.js';
import { settleAddons } from './settle-addons.js';
import { mainResource, setStatus } from './stacks.js';

/** Ends, in the order of their moments, all creations and deletions whose moment has come. */
export function settle(simulation: Simulation): void {
  for (;;) {
    const due = dueStacks(simulation)[0];
    if (due === undefined) break;
    const then = { ...simulation, now: () => due.at };
    settleApis(then);
    settleStack(then, due.region, due.stack);
    unsettle(simulation.state);
  }
  for (const region of Object.keys(simulation.state.regions)) {
    settleNodeGroups(simulation, region);
    settleAddons(simulation, region);
  }
  settleApis(simulation);
  settleBalancers(simulation);
}

interface Due {
  readonly region: string;
  readonly stack: StackState;
  readonly at: number;
}

function dueStacks(simulation: Simulation): readonly Due[] {
  const now = simulation.now();
  return Object.entries(simulation.state.regions)
    .flatMap(([region, { stacks }]) => stacks.map((stack) => ({ region, stack, at: stack.settlesAt })))
    .filter(({ at }) => at <= now)
    .sort((left, right) => left.at - right.at);
}

function settleStack(simulation: Simulation, region: string, stack: StackState): void {
  const at = stack.settlesAt;
  if (stack.status === 'CREATE_IN_PROGRESS' && stack.resources !== undefined) {
    makeNext(simulation, region, stack, stack.resources);
  } else if (stack.status === 'CREATE_IN_PROGRESS' && stack.failure !== undefined) {
    failCreation(simulation, region, stack, stack.failure);
  } else if (stack.status === 'CREATE_IN_PROGRESS') {
    completeCreation(simulation, region, stack);
  } else if (stack.status === 'ROLLBACK_IN_PROGRESS') {
    removeResources(simulation, region, stack);
    setStatus(stack, 'ROLLBACK_COMPLETE', '', at);
  } else {
    endDeletion(simulation, region, stack);
  }
}

/** The resources of a template that are due; the stack is complete with the last, and rolled back with the first that fails. */
function makeNext(
  simulation: Simulation,
  region: string,
  stack: StackState,
  resources: readonly StackResource[],
): void {
  const at = stack.settlesAt;
  for (const resource of resources.filter(({ id, dueAt }) => id === undefined && dueAt <= at)) {
    const { logical, type } = resource;
    const reason = makeResource(simulation, region, stack, resource);
    if (reason !== undefined) {
      failCreation(simulation, region, stack, { resource: logical, type, reason });
      return;
    }
    stack.events.push({ resource: logical, type, status: 'CREATE_COMPLETE', reason: '', at });
  }
  const next = resources.find(({ id }) => id === undefined);
  if (next === undefined) setStatus(stack, 'CREATE_COMPLETE', '', at);
  else stack.settlesAt = next.dueAt;
}

function completeCreation(simulation: Simulation, region: string, stack: StackState): void {
  const at = stack.settlesAt;
  stack.events.push({ ...mainResource(stack), status: 'CREATE_COMPLETE', reason: '', at });
  setStatus(stack, 'CREATE_COMPLETE', '', at);
  const cluster = simulation.region(region).clusters[stack.makes.cluster];
  if (cluster === undefined) return;
  if (stack.makes.kind === 'cluster') {
    cluster.status = 'ACTIVE';
    cluster.settlesAt = never;
    createApi(simulation, { key: apiKey(region, cluster.name), kind: 'eks', region, cluster: cluster.name });
  }
  const group = cluster.nodeGroups[stack.makes.name];
  if (stack.makes.kind === 'node-group' && group !== undefined) {
    group.status = 'ACTIVE';
    group.settlesAt = never;
    startInstances(simulation, region, cluster, group);
    refreshNodes(simulation, region, cluster.name);
  }
}

function failCreation(
  simulation: Simulation,
  region: string,
  stack: StackState,
  failure: NonNullable<StackState['failure']>,
): void {
  const at = stack.settlesAt;
  const { resource, type, reason } = failure;
  stack.events.push({ resource, type, status: 'CREATE_FAILED', reason, at });
  const why = `The following resource(s) failed to create: [${resource}]. Rollback requested by user.`;
  setStatus(stack, 'ROLLBACK_IN_PROGRESS', why, at);
  stack.settlesAt = at + durations.rollback;
  const cluster = simulation.region(region).clusters[stack.makes.cluster];
  if (cluster === undefined) return;
  if (stack.makes.kind === 'cluster') cluster.status = 'FAILED';
  const group = cluster.nodeGroups[stack.makes.name];
  if (stack.makes.kind === 'node-group' && group !== undefined) {
    group.status = 'CREATE_FAILED';
    group.issues = [{ code: failure.code ?? 'NodeCreationFailure', message: reason }];
  }
}

function endDeletion(simulation: Simulation, region: string, stack: StackState): void {
  const at = stack.settlesAt;
  const kept = removeNetwork(simulation, region, stack);
  if (kept.length > 0) {
    for (const { resource, reason } of kept)
      stack.events.push({ resource: resource.logical, type: resource.type, status: 'DELETE_FAILED', reason, at });
    const names = kept.map(({ resource }) => resource.logical).join(', ');
    setStatus(stack, 'DELETE_FAILED', `The following resource(s) failed to delete: [${names}].`, at);
    return;
  }
  const attached = attachedNodeGroups(simulation, region, stack);
  const stuck = takeCondition(simulation.state, 'stack-delete-fails', (condition) => condition.stack === stack.name);
  if (stuck === undefined && !attached) {
    removeResources(simulation, region, stack);
    setStatus(stack, 'DELETE_COMPLETE', '', at);
    return;
  }
  const failed = attached ? mainResource(stack) : stuckResource(simulation, region, stack);
  const reason = stuck?.reason ?? 'Resource handler returned message: "Cluster has nodegroups attached"';
  stack.events.push({ ...failed, status: 'DELETE_FAILED', reason, at });
  setStatus(stack, 'DELETE_FAILED', `The following resource(s) failed to delete: [${failed.resource}].`, at);
}

/** EKS keeps a control plane that still has node groups. */
function attachedNodeGroups(simulation: Simulation, region: string, stack: StackState): boolean {
  const cluster = simulation.region(region).clusters[stack.makes.cluster];
  if (stack.makes.kind !== 'cluster' || cluster === undefined || Object.keys(cluster.nodeGroups).length === 0)
    return false;
  cluster.status = 'ACTIVE';
  return true;
}

/**
 * A control plane is deleted even when its stack is not: what remains is a security group that something else uses. A node group
 * stays, and EKS says DELETE_FAILED (EKS API, Nodegroup).
 */
function stuckResource(simulation: Simulation, region: string, stack: StackState) {
  const group = simulation.region(region).clusters[stack.makes.cluster]?.nodeGroups[stack.makes.name];
  if (stack.makes.kind === 'node-group' && group !== undefined) group.status = 'DELETE_FAILED';
  if (stack.makes.kind !== 'cluster') return mainResource(stack);
  removeEksCluster(simulation, region, stack.makes.cluster);
  return { resource: 'ControlPlaneSecurityGroup', type: 'AWS::EC2::SecurityGroup' };
}

function removeResources(simulation: Simulation, regionName: string, stack: StackState): void {
  const { kind, cluster, name, roles } = stack.makes;
  const region = simulation.region(regionName);
  if (kind === 'network') removeNetwork(simulation, regionName, stack);
  if (kind === 'cluster') removeEksCluster(simulation, regionName, cluster);
  if (kind === 'node-group') {
    removeNodeGroup(simulation, regionName, cluster, name);
    refreshNodes(simulation, regionName, cluster);
  }
  const known = region.clusters[cluster];
  if (kind === 'access-entry' && known !== undefined) {
    known.accessEntries = known.accessEntries.filter((entry) => entry !== name);
  }
  region.securityGroups = region.securityGroups.filter(
    (group) => group.tags['aws:cloudformation:stack-name'] !== stack.name,
  );
  removeRoles(withIamOf(simulation, regionName).state, roles);
}

function removeEksCluster(simulation: Simulation, region: string, cluster: string): void {
  if (simulation.region(region).clusters[cluster] === undefined) return;
  removeCluster(simulation, region, cluster);
  removeApi(simulation, apiKey(region, cluster));
}

function settleBalancers(simulation: Simulation): void {
  const now = simulation.now();
  for (const region of Object.values(simulation.state.regions)) {
    for (const balancer of region.loadBalancers) {
      if (balancer.deletedAt !== undefined && balancer.deletedAt + durations.balancerLinger <= now)
        removeInterfaces(region, balancer);
    }
  }
}

/** Completes the changes that are due: the machines are added or removed. */
function settleNodeGroups(simulation: Simulation, regionName: string): void {
  const region = simulation.region(regionName);
  for (const cluster of Object.values(region.clusters)) {
    for (const group of Object.values(cluster.nodeGroups)) {
      if (group.status === 'CREATING') noteIssues(region, cluster.name, group, simulation.now());
      if (group.status !== 'UPDATING' || group.settlesAt > simulation.now()) continue;
      group.status = 'ACTIVE';
      group.settlesAt = never;
      unsettle(simulation.state);
      stopSurplus(region, cluster, group);
      startInstances(simulation, regionName, cluster, group);
      refreshNodes(simulation, regionName, cluster.name);
    }
  }
}
