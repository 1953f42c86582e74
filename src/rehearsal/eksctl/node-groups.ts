/** `eksctl create nodegroup` and `delete nodegroup` from a ClusterConfig (0.230.0). */
import { withoutAddress } from '../account/addresses.js';
import { takeCondition } from '../account/conditions.js';
import { amiTypeOf, isGraviton } from '../account/images.js';
import { launchFailures } from '../account/node-issues.js';
import { nodeNames } from '../account/nodes.js';
import { defaultRouteTarget } from '../account/routes.js';
import { findStack } from '../account/stacks.js';
import { durations } from '../durations.js';
import type { RegionState, StackState, SubnetState } from '../state.js';
import type { Config, NodeGroupEntry } from './config.js';
import {
  activeCluster,
  boundedBy,
  deleteStacks,
  deploy,
  EksctlFailure,
  type Run,
  roleNamed,
  unansweredCall,
  waitForStack,
} from './run.js';
import { madeTags, nodeGroupTags } from './tags.js';

/** Name of a node group's stack. */
function stackName(cluster: string, group: string): string {
  return `eksctl-${cluster}-nodegroup-${group}`;
}

/**
 * Makes the node groups of a config that have no stack yet and waits for them. A node group whose stack is there, even
 * one that failed and was rolled back, is left out: then nothing is made and the status is 0 (observed).
 */
export async function createNodeGroups(run: Run, config: Config): Promise<void> {
  const { log } = run;
  activeCluster(run, config);
  const unanswered = await unansweredCall(run, config, '/api?timeout=32s');
  if (unanswered !== undefined) throw withoutApi(run, config, unanswered);
  const wanted = config.nodeGroups.filter((group) => !exists(run, config, group));
  try {
    await makeNodeGroups(run, config, wanted);
  } catch (error) {
    if (!(error instanceof EksctlFailure)) throw error;
    log.critical(error.message);
    throw new EksctlFailure(`failed to create nodegroups for cluster "${config.name}"`);
  }
  await reportNodes(run, config, wanted);
  log.success(`created ${wanted.length} managed nodegroup(s) in cluster "${config.name}"`);
}

/** `pkg/actions/nodegroup/create.go` */
function withoutApi({ simulation }: Run, { region, name }: Config, why: string): EksctlFailure {
  const isPrivate = simulation.region(region).clusters[name]?.privateOnly === true;
  const advice = isPrivate ? '; please run eksctl from an environment that has access to the API server' : '';
  return new EksctlFailure(`eksctl requires connectivity to the API server to create nodegroups${advice}: ${why}`);
}

function exists({ simulation }: Run, config: Config, group: NodeGroupEntry): boolean {
  const cluster = simulation.region(config.region).clusters[config.name];
  const stack = findStack(simulation, config.region, stackName(config.name, group.name));
  return stack !== undefined || cluster?.nodeGroups[group.name] !== undefined;
}

/** Makes node groups side by side; a failure shows only the waiter's line, without a reason (observed). */
export async function makeNodeGroups(run: Run, config: Config, groups: readonly NodeGroupEntry[]): Promise<void> {
  const stacks = groups.map((group) => beginNodeGroup(run, config, group));
  for (const stack of stacks) {
    const status = await waitForStack(run, stack);
    if (status !== 'CREATE_COMPLETE') throw new EksctlFailure('waiter state transitioned to Failure');
  }
}

function beginNodeGroup(run: Run, config: Config, group: NodeGroupEntry): StackState {
  const { simulation, log } = run;
  const region = simulation.region(config.region);
  const cluster = region.clusters[config.name];
  const name = stackName(config.name, group.name);
  log.info(`building managed nodegroup stack "${name}"`);
  const tags = { ...nodeGroupTags(config, group.name), ...group.tags };
  const subnetIds = nodeSubnets(region, config, group).map((subnet) => subnet.id);
  const role = roleNamed(run, `${name}-NodeInstanceRole`);
  const failure = failureOf(simulation.state, region, config, { ...group, subnetIds });
  const duration =
    failure?.code !== undefined && isLate(failure.code) ? durations.nodeGroupGivenUp : durations.nodeGroup;
  const settlesAt = simulation.now() + duration;
  if (cluster !== undefined) {
    cluster.nodeGroups[group.name] = {
      name: group.name,
      status: 'CREATING',
      settlesAt,
      size: group.size,
      limits: { ...group.limits },
      instanceName: [group.instancePrefix, config.name, group.name, 'Node'].filter((part) => part !== '').join('-'),
      instanceType: group.instanceTypes[0] ?? '',
      otherTypes: group.instanceTypes.slice(1),
      spot: group.spot,
      labels: { ...group.labels },
      amiFamily: group.amiFamily,
      volumeGib: group.volumeGib,
      launchTemplate: simulation.id('lt'),
      encrypted: group.encrypted,
      ...(group.volumeKey === undefined ? {} : { volumeKey: group.volumeKey }),
      repairs: group.repairs,
      subnetIds,
      issues: [],
      tags,
    };
  }
  const makes = { kind: 'node-group' as const, name: group.name, roles: [role], ...boundedBy(group.boundary) };
  const failing = failure === undefined ? {} : { failure };
  const stack = deploy(run, config, makes, { name, tags, duration, ...failing });
  const made = cluster?.nodeGroups[group.name];
  if (made !== undefined) made.tags = madeTags(stack, 'ManagedNodeGroup');
  return stack;
}

/**
 * Nodes go to the public subnets unless `privateNetworking` is set or there are none, and only to the zones that are named.
 * A config without subnets means those of the cluster.
 */
function nodeSubnets(region: RegionState, config: Config, group: NodeGroupEntry): readonly SubnetState[] {
  const privateIds = Object.values(config.privateSubnets);
  const publicIds = Object.values(config.publicSubnets);
  const named = [...privateIds, ...publicIds];
  const ids = named.length > 0 ? named : (region.clusters[config.name]?.subnetIds ?? []);
  const subnets = region.subnets.filter((subnet) => ids.includes(subnet.id));
  const isPublic = (subnet: SubnetState): boolean =>
    named.length > 0
      ? publicIds.includes(subnet.id)
      : (defaultRouteTarget(region, subnet)?.startsWith('igw-') ?? false);
  const publicOnes = subnets.filter(isPublic);
  const isPrivate = group.privateNetworking || publicOnes.length === 0;
  const fitting = isPrivate ? subnets.filter((subnet) => !isPublic(subnet)) : publicOnes;
  const missing = group.zones.filter((zone) => fitting.every((subnet) => subnet.zone !== zone));
  if (missing.length > 0) {
    const kind = isPrivate ? 'private' : 'public';
    const why = `mapping does not have subnet with zone "${missing[0]}"`;
    throw new EksctlFailure(`could not find ${kind} subnets for zones ${JSON.stringify(group.zones)}: ${why}`);
  }
  return group.zones.length === 0 ? fitting : fitting.filter(({ zone }) => group.zones.includes(zone));
}

/** EKS's own reasons come first: nodes without an address or without a way out do not join. */
function failureOf(
  state: Run['simulation']['state'],
  region: RegionState,
  config: Config,
  group: NodeGroupEntry & { readonly subnetIds: string[] },
): StackState['failure'] {
  const place = { resource: 'ManagedNodeGroup', type: 'AWS::EKS::Nodegroup' };
  const subnets = nodeSubnets(region, config, group);
  const [first = '', ...others] = group.instanceTypes;
  const odd = others.filter((type) => isGraviton(type) !== isGraviton(first));
  if (odd.length > 0) {
    const amiType = amiTypeOf({ amiFamily: group.amiFamily, instanceType: first });
    const reason = `[${odd.join(', ')}] is not a valid instance type for requested amiType ${amiType}`;
    return { ...place, code: 'InvalidParameterException', reason };
  }
  const unaddressed = subnets.filter(
    (subnet) => defaultRouteTarget(region, subnet)?.startsWith('igw-') && !subnet.mapPublicIp,
  );
  if (unaddressed.length > 0) {
    const list = unaddressed.map((subnet) => subnet.id).join(', ');
    const reason =
      `One or more Amazon EC2 Subnets of [${list}] for node group ${group.name} does not automatically assign public IP ` +
      'addresses to instances launched into it.';
    return { ...place, code: 'Ec2SubnetInvalidConfiguration', reason };
  }
  if (subnets.some((subnet) => defaultRouteTarget(region, subnet) === undefined)) {
    return { ...place, code: 'NodeCreationFailure', reason: 'Instances failed to join the kubernetes cluster' };
  }
  const full = withoutAddress(region, state.apis, group);
  if (full !== undefined) return { ...place, code: launchFailures, reason: full };
  const condition = takeCondition(state, 'node-group-fails', (candidate) => candidate.cluster === config.name);
  if (condition === undefined) return undefined;
  const code = condition.reason.startsWith('Could not launch') ? launchFailures : 'NodeCreationFailure';
  return { ...place, code, reason: condition.reason };
}

/** What shows only in nodes that do not come; everything else EKS refuses at once. */
function isLate(code: string): boolean {
  return code === launchFailures || code === 'NodeCreationFailure';
}

/** What eksctl prints of the nodes of its node groups once they are there. */
export async function reportNodes(run: Run, config: Config, groups: readonly NodeGroupEntry[]): Promise<void> {
  const { simulation, log } = run;
  for (const group of groups) {
    const nodes = `/api/v1/nodes?labelSelector=alpha.eksctl.io%2Fnodegroup-name%3D${group.name}&watch=true`;
    const unanswered = await unansweredCall(run, config, nodes);
    if (unanswered !== undefined) throw new EksctlFailure(`creating node watcher: ${unanswered}`);
    log.info(`waiting for at least ${group.size} node(s) to become ready in "${group.name}"`);
    for (const node of nodeNames(simulation, config.region, config.name, group.name))
      log.info(`node "${node}" is ready`);
  }
}

/** Deletes the node groups of a config that exist, by their stacks, and waits. */
export async function deleteNodeGroups(run: Run, config: Config): Promise<void> {
  const { simulation, log } = run;
  activeCluster(run, config);
  const found = config.nodeGroups.filter((group) => exists(run, config, group));
  const stacks = found.flatMap(
    (group) => findStack(simulation, config.region, stackName(config.name, group.name)) ?? [],
  );
  await deleteStacks(run, config.region, stacks);
  log.success(`deleted ${found.length} nodegroup(s) from cluster "${config.name}"`);
}
