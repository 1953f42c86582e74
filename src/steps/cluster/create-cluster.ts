/** Creates or completes an EKS cluster of the fleet: from nothing, from a partial state, or after a failed attempt. */

import type { ApplyContext, CallContext, Step, StepState } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import type { FleetMemberCluster } from '../../fleet/fleet.js';
import { fleetCommand } from '../../fleet/fleet-command.js';
import { nodeWords } from '../../fleet/settings/node-form.js';
import { networkOf } from '../../model/facts.js';
import { clusterStack } from '../../ownership/cluster-lifetimes.js';
import { eksctlCommands, inPlace } from '../../tools/eksctl/commands.js';
import { placeName } from '../../world/place.js';
import { type CreateContext, type FleetContext, minutes, seconds } from '../context.js';
import { nodeCountDrift, nodeKindDrift, placeDrift } from '../nodes/node-drift.js';
import { tellingNodeIssues } from '../nodes/tell-node-issues.js';
import { waitUntil } from '../wait-until.js';
import { describeAddon } from './addons/addon-health.js';
import { accessSummary, clusterConfig, networkSummary, patchesOf, patchSummary } from './cluster-config.js';
import { clusterDrift } from './cluster-drift.js';
import { type ClusterState, impairedParts, missingParts, nodeGroupStack, readClusterState } from './cluster-state.js';
import { removeStacks } from './delete-cluster.js';
import { finishCluster } from './finish-cluster.js';
import { keyAdvice } from './key-advice.js';
import { whileReachable } from './probe-endpoint.js';
import { replacedParts } from './replaced-parts.js';
import { zoneAdvice } from './zone-advice.js';

/** EKS User Guide: a control plane takes about 15 minutes; a node group 2 to 4 and an add-on 1 to 3 (estimates). */
const expectedMs = minutes(18);

export function createCluster(context: CreateContext, cluster: FleetMemberCluster): Step {
  return {
    id: `create-cluster/${cluster.scope}`,
    title: `create EKS cluster ${cluster.cluster} in ${placeName(cluster)}`,
    scope: cluster.scope,
    expectedMs,
    preview: () => ({
      changes: [
        `EKS cluster ${cluster.cluster} in ${placeName(cluster)}, Kubernetes ${context.facts.kubernetesVersion}`,
        ...accessSummary(context, cluster),
        ...patchSummary(context, cluster),
        `${context.fleet.nodes} nodes ${nodeWords(context.fleet, cluster)}, ${networkSummary(context, cluster)}`,
      ],
      commands: [inPlace(cluster, eksctlCommands.createCluster(clusterConfig(context, cluster)))],
    }),
    check: async (call) => {
      const look = await readClusterState(context, cluster, call);
      if (look.kind === 'absent') return (await refusedPatch(context, cluster, call)) ?? { state: 'absent' };
      const missing = missingParts(context, look);
      return missing.length === 0
        ? { state: 'ready', drift: await driftOf(context, cluster, look) }
        : { state: 'partial', missing };
    },
    destroys: async (call) => {
      if (!context.replacesNodes && !context.replacesAddons) return [];
      return replacedParts(context, cluster, await readClusterState(context, cluster, call));
    },
    apply: (call) => makeWhole(context, cluster, call),
  };
}

/** eksctl knows itself what it takes: a wrong field would be found only when the fleet is half made. */
async function refusedPatch(
  context: CreateContext,
  cluster: FleetMemberCluster,
  call: CallContext,
): Promise<Extract<StepState, { state: 'blocked' }> | undefined> {
  if (patchesOf(context, cluster).length === 0) return undefined;
  try {
    await context.clients.eksctl.run(cluster, eksctlCommands.tryCluster(clusterConfig(context, cluster)), call);
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof Problem) || thrown.code !== 'tool-failed') throw thrown;
    // The fields were read before that call.
    if (failedAtFirstCall(thrown)) return undefined;
    const { why, cause } = thrown;
    const problem = new Problem('invalid-value', {
      what: `eksctl refuses the ClusterConfig of ${cluster.cluster} with the cluster config patch`,
      ...(why === undefined ? {} : { why }),
      next: ['fix the patch: --cluster-config-patch, or clusterConfigPatch in the file'],
      cause,
    });
    return { state: 'blocked', problem };
  }
}

/** Of what `up` leaves as it is: the user may have changed it on purpose, and what EKS calls unhealthy may work. */
async function driftOf(
  context: CreateContext,
  made: FleetMemberCluster,
  look: ClusterState,
): Promise<readonly string[]> {
  if (look.kind !== 'active') return [];
  const { fleet, reconciles } = context;
  const { cluster } = made;
  const count = nodeCountDrift(fleet, look.nodeGroup);
  return [
    ...(count === undefined || reconciles ? [] : [`${cluster} has ${count} (apply with --reconcile)`]),
    ...(await nodeKindDrift(context, made, look.nodeGroup)).map((drift) => `${cluster}: ${drift}`),
    ...placeDrift(made, networkOf(context.facts, made), look.nodeGroup).map((drift) => `${cluster}: ${drift}`),
    ...clusterDrift(context, made, look.cluster).map((drift) => `${cluster}: ${drift}`),
    ...impairedParts(context, look).map((part) => `${cluster}: ${part}`),
  ];
}

/** Each round brings the cluster one state further; the rounds are bounded so that nothing is retried forever. */
async function makeWhole(context: CreateContext, cluster: FleetMemberCluster, call: ApplyContext): Promise<void> {
  const waited = await settled(context, cluster, call);
  if (waited.kind === 'failed') call.say(`${waited.what}: deleting what remains`, 'lasting');
  if (waited.kind !== 'active') {
    // Also where there is no cluster any more: who deleted it left the stacks of its add-ons, and eksctl makes none twice.
    await removeStacks(context, cluster, call);
    await create(context, cluster, call);
    return;
  }
  await finishCluster(context, cluster, call);
}

/** Waits while somebody else's operation on the cluster is under way: never acted upon, never blindly retried. */
async function settled(
  context: FleetContext,
  cluster: FleetMemberCluster,
  call: CallContext,
): Promise<Exclude<ClusterState, { kind: 'in-progress' }>> {
  let last = '';
  return await waitUntil(
    context,
    call,
    {
      everyMs: seconds(20),
      limitMs: minutes(45),
      onTimeout: () =>
        new Problem('cluster-create-failed', {
          what: `EKS cluster ${cluster.cluster} in ${placeName(cluster)} did not settle within 45 minutes`,
          why: last,
          next: [`check stack ${clusterStack(cluster.cluster)} in CloudFormation`, 'run the same command again'],
        }),
    },
    async () => {
      const look = await readClusterState(context, cluster, call);
      if (look.kind !== 'in-progress') return look;
      if (look.what !== last) call.say(`${look.what}: waiting for it to finish`);
      last = look.what;
      return undefined;
    },
  );
}

async function create(context: CreateContext, cluster: FleetMemberCluster, call: CallContext): Promise<void> {
  const command = eksctlCommands.createCluster(clusterConfig(context, cluster));
  const make = (): Promise<void> =>
    whileReachable(context, cluster, call, (within) =>
      tellingNodeIssues(context, cluster, within, () => context.clients.eksctl.run(cluster, command, within)),
    );
  try {
    await make().catch(async (thrown: unknown) => {
      if (!failedAtFirstCall(thrown)) throw thrown;
      call.say('eksctl could not identify the AWS credentials; nothing was created yet, so it is run again', 'lasting');
      await context.clients.world.clock.sleep(seconds(10), call.signal);
      await make();
    });
  } catch (thrown) {
    throw await explained(context, cluster, thrown, call);
  }
  // What was unhealthy from the beginning never worked; what becomes so later may work, and is left.
  const look = await readClusterState(context, cluster, call);
  if (look.kind === 'active' && look.impaired.length > 0) throw addonFailed(cluster, look);
}

/** eksctl begins by asking STS; a network that fails just then is no reason to end a run of half an hour (observed with 0.230.0). */
function failedAtFirstCall(thrown: unknown): boolean {
  return thrown instanceof Problem && thrown.why?.includes('checking AWS STS access') === true;
}

/** eksctl's own words where they have the reason, else the reasons in the events of the stack that failed. */
async function explained(
  context: CreateContext,
  cluster: FleetMemberCluster,
  thrown: unknown,
  call: CallContext,
): Promise<unknown> {
  if (!(thrown instanceof Problem) || thrown.code !== 'tool-failed') return thrown;
  const cloudformation = context.clients.cloudformation(cluster);
  const look = await readClusterState(context, cluster, call).catch((unread: unknown) => {
    if (unread instanceof Problem && unread.code === 'cluster-unreachable') return undefined;
    throw unread;
  });
  if (look === undefined) return thrown;
  // eksctl itself was terminated: what it started continues.
  if (look.kind === 'in-progress') return thrown;
  if (look.kind === 'active' && look.nodeGroup?.status === 'ACTIVE') return addonFailed(cluster, look, thrown);
  const nodes = look.kind === 'active';
  const stack = nodes ? nodeGroupStack(cluster.cluster) : clusterStack(cluster.cluster);
  const reasons = await cloudformation.failures(stack);
  const why = reasons.length > 0 ? reasons.slice(0, 3).join('; ') : thrown.why;
  return new Problem(nodes ? 'node-group-failed' : 'cluster-create-failed', {
    what: nodes
      ? `the nodes of EKS cluster ${cluster.cluster} in ${placeName(cluster)} did not become ready`
      : `the control plane of EKS cluster ${cluster.cluster} in ${placeName(cluster)} could not be created`,
    ...(why === undefined ? {} : { why }),
    next: [
      ...(zoneAdvice(context, cluster, why) ??
        keyAdvice(why) ?? ['fix the reported cause (a quota, a permission, a subnet)']),
      `run the same command again; ${nodes ? 'the control plane is kept' : 'the failed stack is deleted first'}`,
      `or delete everything: ${fleetCommand('down', context.fleet)}`,
    ],
    cause: thrown,
  });
}

function addonFailed(
  { cluster, ...place }: FleetMemberCluster,
  { addons, impaired }: Extract<ClusterState, { kind: 'active' }>,
  cause?: Problem,
): Problem {
  return new Problem('addon-failed', {
    what: `EKS cluster ${cluster} in ${placeName(place)} has its nodes, but not all add-ons are healthy`,
    why: [...addons, ...impaired].map(describeAddon).join('; ') || (cause?.why ?? 'eksctl gives no reason'),
    next: [
      'fix the reported cause',
      'run the same command again; what is missing is created, the rest is kept',
      ...(impaired.length === 0 ? [] : ['add --replace-addons to remove and re-add unhealthy add-ons']),
    ],
    ...(cause === undefined ? {} : { cause }),
  });
}
