/** The current state of an EKS cluster of the fleet, read from EKS and, if it is incomplete, from CloudFormation. */
import type { Stack } from '../../aws/cloudformation.js';
import type { Cluster, Nodegroup } from '../../aws/eks.js';
import type { CallContext } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import { defaults } from '../../fleet/defaults.js';
import { adminsOf, type FleetMemberCluster } from '../../fleet/fleet.js';
import { fleetTag } from '../../fleet/names.js';
import { clusterStack } from '../../ownership/cluster-lifetimes.js';
import { notOurs } from '../../ownership/name-ownership.js';
import { placeName } from '../../world/place.js';
import type { CreateChoices, FleetContext } from '../context.js';
import { describeNodeGroup, type NodeGroupNeed, nodeGroupNeed } from '../nodes/node-health.js';
import { allowUnlessPresent } from './addons/addon-alternatives.js';
import { type AddonFound, describeAddon, isImpaired, isUnhealthy, remedyOf } from './addons/addon-health.js';
import { wantedAddons } from './cluster-config.js';
import { isOurs } from './own-clusters.js';

/** The result of a check. `missing` names every part that has to be added to an active cluster. */
export type ClusterState =
  | { readonly kind: 'absent' }
  /** A stack or cluster is being made or deleted by somebody: eksctl that was killed, or another run. */
  | { readonly kind: 'in-progress'; readonly what: string }
  /** A stack that failed and has to be removed. */
  | { readonly kind: 'failed'; readonly what: string }
  | {
      readonly kind: 'active';
      readonly cluster: Cluster;
      readonly nodeGroup: Nodegroup | undefined;
      readonly nodes: NodeGroupNeed;
      /**
       * Nodes that are Ready; undefined if not read, because EKS calls the group ACTIVE or it is being changed, or if
       * unknown.
       */
      readonly readyNodes: number | undefined;
      /** The add-ons that are missing, failed when they were made, or are being changed. */
      readonly addons: readonly AddonFound[];
      /** The add-ons that EKS calls unhealthy and that may work, or whose work others do: they are left as they are. */
      readonly impaired: readonly AddonFound[];
      /** ARNs without an access entry. */
      readonly admins: readonly string[];
    };

/** Reads the cluster. @throws Problem `cluster-not-ours`, `cluster-absent` */
export async function readClusterState(
  context: FleetContext,
  cluster: FleetMemberCluster,
  call: CallContext,
): Promise<ClusterState> {
  const eks = context.clients.eks(cluster);
  const found = await eks.cluster(cluster.cluster);
  if (found === undefined) return await readStackState(context, cluster);
  if (!(await isOurs(context, cluster, found))) throw notOurs(context.fleet.name, cluster);
  if (found.status === 'ACTIVE' || found.status === 'UPDATING')
    return await readActiveCluster(context, cluster, found, call);
  const what = `EKS cluster ${cluster.cluster} is ${found.status}`;
  return found.status === 'FAILED' ? { kind: 'failed', what } : { kind: 'in-progress', what };
}

/** The name that eksctl gives the stack of the fleet's node group. */
export function nodeGroupStack(cluster: string): string {
  return `eksctl-${cluster}-nodegroup-${defaults.nodeGroup}`;
}

/** States of a stack whose cluster was made (CloudFormation, stack status codes); of those in progress the end is waited for. */
const wholeStates = /^(?:CREATE_COMPLETE|UPDATE_(?!.*_IN_PROGRESS$))/;

/** EKS may take a while to list what exists: what one of two sources calls complete is not deleted. */
function denied({ cluster, ...place }: FleetMemberCluster, { StackName, StackStatus }: Stack): Problem {
  return new Problem('cluster-absent', {
    what: `EKS has no cluster ${cluster} in ${placeName(place)}, but its stack ${StackName} is ${StackStatus}; it is not deleted`,
    next: [
      'run the same command again; EKS may take a minute to list a new cluster',
      `if the cluster was deleted, delete stack ${StackName} in CloudFormation too, then run the same command again`,
    ],
  });
}

async function readStackState(context: FleetContext, cluster: FleetMemberCluster): Promise<ClusterState> {
  const stack = await context.clients.cloudformation(cluster).stack(clusterStack(cluster.cluster));
  if (stack === undefined) return { kind: 'absent' };
  const ours = stack.Tags?.some(({ Key, Value }) => Key === fleetTag && Value === context.fleet.id);
  if (ours !== true) throw notOurs(context.fleet.name, cluster);
  if (wholeStates.test(stack.StackStatus ?? '')) throw denied(cluster, stack);
  const what = `stack ${stack.StackName} is ${stack.StackStatus}`;
  return stack.StackStatus?.endsWith('_IN_PROGRESS') ? { kind: 'in-progress', what } : { kind: 'failed', what };
}

async function readActiveCluster(
  context: FleetContext,
  cluster: FleetMemberCluster,
  found: Cluster,
  call: CallContext,
): Promise<ClusterState> {
  const eks = context.clients.eks(cluster);
  const admins = adminsOf(context.fleet, cluster);
  const [nodeGroups, addons, entries] = await Promise.all([
    eks.nodeGroups(cluster.cluster),
    Promise.all(
      wantedAddons(context, cluster).map(async ({ name }) => ({ name, addon: await eks.addon(cluster.cluster, name) })),
    ),
    admins.length === 0 ? [] : eks.accessEntries(cluster.cluster),
  ]);
  const nodeGroup = nodeGroups.find((group) => group.nodegroupName === defaults.nodeGroup);
  const unhealthy = addons.filter(isUnhealthy);
  const inside = { context, cluster, found, unhealthy, call };
  const { seen, standIns } = await allowUnlessPresent(inside, nodeGroup);
  const impaired = unhealthy
    .map((each) => ({ ...each, standIn: standIns.get(each.name) }))
    .filter(({ addon, standIn }) => isImpaired(addon) || standIn !== undefined);
  return {
    kind: 'active',
    cluster: found,
    nodeGroup,
    nodes: nodeGroupNeed(nodeGroup, seen?.ofGroup),
    readyNodes: seen?.ofGroup,
    addons: unhealthy.filter(({ name }) => impaired.every((each) => each.name !== name)),
    impaired,
    admins: admins.filter((arn) => !(entries ?? []).includes(arn)),
  };
}

/** What is still to be done, one line each; empty if nothing is. */
export function missingParts(
  context: Pick<CreateChoices, 'replacesNodes' | 'replacesAddons'>,
  look: ClusterState,
): readonly string[] {
  if (look.kind === 'absent') return ['the whole cluster'];
  if (look.kind === 'in-progress') return [`${look.what}; waiting for it`];
  if (look.kind === 'failed') return [`${look.what}: deleted, then recreated`];
  const group = describeNodeGroup(look.nodeGroup);
  return [
    ...(look.nodes === 'making' || look.nodes === 'waiting' ? [group] : []),
    ...(look.nodes === 'impaired' && context.replacesNodes ? [`${group}: replaced`] : []),
    ...look.addons.map(describeAddon),
    ...(context.replacesAddons
      ? look.impaired.map((each) => `${describeAddon(each)}: ${each.addon === undefined ? 'added' : 'replaced'}`)
      : []),
    ...look.admins.map((arn) => `access entry of ${arn}`),
  ];
}

/** What a wait for a cluster ends with: each part that is not there or not healthy, with EKS's own reasons. */
export async function unfinished(
  context: FleetContext,
  cluster: FleetMemberCluster,
  call: CallContext,
): Promise<string> {
  const look = await readClusterState(context, cluster, call);
  return [...missingParts({}, look), ...impairedParts({}, look)].join('; ');
}

/** What EKS calls unhealthy and a run leaves as it is, with EKS's reasons, one line each. */
export function impairedParts(
  context: Pick<CreateChoices, 'replacesNodes' | 'replacesAddons'>,
  look: ClusterState,
): readonly string[] {
  if (look.kind !== 'active') return [];
  const nodes = look.nodes === 'impaired' && !context.replacesNodes ? [look] : [];
  return [
    ...nodes.map(({ nodeGroup, readyNodes: ready }) => {
      const running = ready === undefined ? 'its nodes are kept' : `${ready} of its nodes are Ready and kept`;
      return `${describeNodeGroup(nodeGroup)}: ${running}; --replace-nodes replaces all of them`;
    }),
    ...(context.replacesAddons ? [] : look.impaired).map((each) => `${describeAddon(each)}: ${remedyOf(each)}`),
  ];
}
