/**
 * Adds what an active cluster lacks: node group, add-ons, access entries; what was never up is recreated, what works is
 * kept.
 */

import type { ApplyContext, CallContext } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import { defaults } from '../../fleet/defaults.js';
import { ebsAddon } from '../../fleet/ebs-driver.js';
import type { FleetMemberCluster } from '../../fleet/fleet.js';
import { networkOf } from '../../model/facts.js';
import { nodeSubnets } from '../../preflight/network/network.js';
import { eksctlCommands } from '../../tools/eksctl/commands.js';
import { placeName } from '../../world/place.js';
import { type CreateContext, type FleetContext, minutes, seconds } from '../context.js';
import { tellingNodeIssues } from '../nodes/tell-node-issues.js';
import { zonesOfVolumes } from '../nodes/volume-zones.js';
import { waitUntil } from '../wait-until.js';
import { type AddonFound, tellReplaced } from './addons/addon-health.js';
import { ebsRole, needsOwnRole } from './addons/ebs-role.js';
import { nodeAddons, partialConfig } from './cluster-config.js';
import { type ClusterState, nodeGroupStack, readClusterState, unfinished } from './cluster-state.js';
import { removeStack } from './delete-cluster.js';
import { keyAdvice } from './key-advice.js';
import { replacedAddons, replacedNodes } from './replaced-parts.js';

type ActiveCluster = Extract<ClusterState, { kind: 'active' }>;

/** The order is that of need: nodes want the network add-ons, the other add-ons want nodes. */
export async function finishCluster(
  context: CreateContext,
  cluster: FleetMemberCluster,
  call: ApplyContext,
): Promise<void> {
  const before = await active(context, cluster, call);
  const version = before.cluster.version ?? context.facts.kubernetesVersion;
  const add = async (look: ActiveCluster, among?: readonly string[]): Promise<void> => {
    // With a stand-in only where that was shown and agreed to.
    const instead = context.replacesAddons ? missingOf(look.impaired) : [];
    const missing = [...missingOf(look.addons), ...instead];
    const addons = missing.map(({ name }) => name).filter((name) => among === undefined || among.includes(name));
    if (addons.length === 0) return;
    call.mustBeAgreed(replacedAddons(context, cluster, instead));
    // The stack of an add-on's role outlives an eksctl that died before it made the add-on, and then cannot be made.
    for (const name of addons) await removeStack(context, cluster, call, `eksctl-${cluster.cluster}-addon-${name}`);
    if (addons.includes(ebsAddon) && needsOwnRole(context, cluster)) {
      const ref = { name: cluster.cluster, region: cluster.region };
      await context.clients.eksctl.run(cluster, eksctlCommands.createEbsRole(ref, ebsRole(context, cluster)), call);
    }
    await context.clients.eksctl.run(
      cluster,
      eksctlCommands.createAddon(partialConfig(context, cluster, version, { addons })),
      call,
    );
  };
  // eksctl makes the OIDC provider after the control plane: when it died in between, there is none. Idempotent.
  await context.clients.eksctl.run(
    cluster,
    eksctlCommands.associateOidcProvider({ name: cluster.cluster, region: cluster.region }),
    call,
  );
  await removeFailedAddons(context, cluster, before, call);
  await add(await active(context, cluster, call), nodeAddons);
  await finishNodes(context, cluster, version, call);
  await add(await afterAddonsSettled(context, cluster, call));
  if (before.admins.length > 0) {
    const admins = { ...context, fleet: { ...context.fleet, admins: before.admins } };
    await context.clients.eksctl.run(
      cluster,
      eksctlCommands.createAccessEntries(partialConfig(admins, cluster, version, { admins: true })),
      call,
    );
  }
}

function missingOf(addons: readonly AddonFound[]): readonly AddonFound[] {
  return addons.filter(({ addon }) => addon === undefined);
}

async function active(context: FleetContext, cluster: FleetMemberCluster, call: CallContext): Promise<ActiveCluster> {
  const look = await readClusterState(context, cluster, call);
  if (look.kind === 'active') return look;
  throw new Problem('cluster-create-failed', {
    what: `EKS cluster ${cluster.cluster} in ${placeName(cluster)} is no longer active`,
    next: ['run the same command again'],
  });
}

/** An add-on that could not be made stays so: eksctl takes one that exists for done. One that was made and is unhealthy is left. */
async function removeFailedAddons(
  context: CreateContext,
  cluster: FleetMemberCluster,
  look: ActiveCluster,
  call: ApplyContext,
): Promise<void> {
  call.mustBeAgreed(replacedAddons(context, cluster, look.impaired));
  const failed = [
    ...look.addons.filter(({ addon }) => addon?.status === 'CREATE_FAILED'),
    ...(context.replacesAddons ? look.impaired.filter(({ addon }) => addon !== undefined) : []),
  ];
  for (const each of failed) {
    tellReplaced(each, 'recreated', call);
    await context.clients.eksctl.run(
      cluster,
      eksctlCommands.deleteAddon({ name: cluster.cluster, region: cluster.region }, each.name),
      call,
    );
  }
  for (const { name } of failed) {
    await wait(context, cluster, call, `add-on ${name} was not deleted`, async () => {
      return (await context.clients.eks(cluster).addon(cluster.cluster, name)) === undefined;
    });
  }
}

async function finishNodes(
  context: CreateContext,
  cluster: FleetMemberCluster,
  version: string,
  call: ApplyContext,
): Promise<void> {
  const boundZones = await zonesOfVolumes(context, cluster);
  const stranded = boundZones.filter((zone) =>
    nodeSubnets(networkOf(context.facts, cluster)).every((each) => each.zone !== zone),
  );
  const config = partialConfig(context, cluster, version, { nodes: { boundZones } });
  const settled = await wait(context, cluster, call, 'its node group did not settle', async () => {
    const found = await active(context, cluster, call);
    return found.nodes === 'waiting' ? undefined : found;
  });
  const isReplaced = settled.nodes === 'impaired' && context.replacesNodes;
  if (settled.nodes !== 'making' && !isReplaced) return;
  // While it was waited for, what was never shown may have become unhealthy.
  call.mustBeAgreed(replacedNodes(context, cluster, settled));
  if (settled.readyNodes === undefined && !isReplaced) throw silent(cluster);
  if (stranded.length > 0) throw withoutNodes(cluster, [...new Set(stranded)]);
  const stack = nodeGroupStack(cluster.cluster);
  const cloudformation = context.clients.cloudformation(cluster);
  // Without the deletion eksctl reports "created 0" and exits 0 (observed with 0.230.0).
  if (settled.nodeGroup !== undefined)
    await context.clients.eksctl.run(cluster, eksctlCommands.deleteNodegroup(config), call);
  await removeStack(context, cluster, call, stack);
  try {
    await tellingNodeIssues(context, cluster, call, () =>
      context.clients.eksctl.run(cluster, eksctlCommands.createNodegroup(config), call),
    );
  } catch (thrown) {
    if (!(thrown instanceof Problem) || thrown.code !== 'tool-failed') throw thrown;
    const reasons = await cloudformation.failures(stack);
    const why = reasons.slice(0, 3).join('; ') || (thrown.why ?? 'eksctl gives no reason');
    throw new Problem('node-group-failed', {
      what: `the nodes of EKS cluster ${cluster.cluster} in ${placeName(cluster)} did not become ready`,
      why,
      next: [
        ...(keyAdvice(why) ?? ['fix the reported cause (a quota, a permission, a subnet)']),
        'run the same command again',
      ],
      cause: thrown,
    });
  }
}

/** A volume stays in its zone, and a pod with it. */
function withoutNodes({ cluster, ...place }: FleetMemberCluster, zones: readonly string[]): Problem {
  return new Problem('vpc-unusable', {
    what: `new nodes of EKS cluster ${cluster} in ${placeName(place)} would leave etcd without a node that has its data`,
    why: `etcd has a volume in ${zones.join(', ')}, where no subnet for nodes is used`,
    next: [`add ${zones.join(', ')} to --zones, or its subnet to --subnet`],
  });
}

/** What EKS does not know may be there all the same. */
function silent({ cluster, ...place }: FleetMemberCluster): Problem {
  return new Problem('cluster-unreachable', {
    what: `EKS cluster ${cluster} in ${placeName(place)} cannot be checked for nodes of node group ${defaults.nodeGroup}, which EKS does not list`,
    next: ['run the same command again; the node group is created once the cluster responds'],
  });
}

/** How long add-ons that are unhealthy for want of nodes have to notice that there are nodes, in ms; then they are left so. */
const recoveryMs = minutes(5);

async function afterAddonsSettled(
  context: FleetContext,
  cluster: FleetMemberCluster,
  call: CallContext,
): Promise<ActiveCluster> {
  const { clock } = context.clients.world;
  const end = clock.now() + recoveryMs;
  return await wait(context, cluster, call, 'its add-ons did not settle', async () => {
    const look = await active(context, cluster, call);
    const isSettled = missingOf(look.addons).length === look.addons.length;
    const recovers = look.impaired.some(({ addon }) => addon !== undefined);
    return isSettled && (!recovers || clock.now() >= end) ? look : undefined;
  });
}

async function wait<T>(
  context: FleetContext,
  cluster: FleetMemberCluster,
  call: CallContext,
  what: string,
  look: () => Promise<T | undefined>,
): Promise<T> {
  return await waitUntil(
    context,
    call,
    {
      everyMs: seconds(15),
      limitMs: minutes(20),
      onTimeout: async () =>
        new Problem(what.includes('node group') ? 'node-group-failed' : 'addon-failed', {
          what: `EKS cluster ${cluster.cluster} in ${placeName(cluster)}: ${what} within 20 minutes`,
          why: await unfinished(context, cluster, call),
          next: ['check the cluster in the EKS console', 'run the same command again'],
        }),
    },
    look,
  );
}
