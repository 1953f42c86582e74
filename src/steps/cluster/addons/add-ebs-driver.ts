/** The EBS CSI driver of a parent that existed before the fleet: added if missing, and removed if it is ours. */
import type { Addon } from '../../../aws/eks.js';
import type { CallContext, Step } from '../../../engine/step.js';
import { Problem } from '../../../errors/problem.js';
import { ebsAddon } from '../../../fleet/ebs-driver.js';
import type { FleetMemberCluster } from '../../../fleet/fleet.js';
import { eksctlCommands } from '../../../tools/eksctl/commands.js';
import { volumeKeyPolicy } from '../../../tools/eksctl/volume-key-policy.js';
import type { KubeAccess } from '../../../tools/kubectl/commands.js';
import { anyObject } from '../../../tools/kubectl/objects.js';
import type { Command } from '../../../world/exec.js';
import { type CreateContext, type FleetContext, minutes, seconds } from '../../context.js';
import { accessTo } from '../../nodes/node-health.js';
import { type Patience, waitUntil } from '../../wait-until.js';
import { ebsDriver, isOthersDriver } from './addon-alternatives.js';
import { describeAddon, isImpaired, tellReplaced } from './addon-health.js';
import { addonOfOthers, failedOfOthers, readDriver, roleOfOthers } from './ebs-driver-owner.js';
import { ebsRole, ebsRoleArn } from './ebs-role.js';
import { inUseNote, storageUsers } from './storage-users.js';

/** What `addEbs` runs where the driver is missing. */
export function ebsCommands(context: CreateContext, cluster: FleetMemberCluster): readonly Command[] {
  if (cluster.role !== 'parent') return [];
  const ref = { name: cluster.cluster, region: cluster.region };
  return [
    eksctlCommands.associateOidcProvider(ref),
    eksctlCommands.createEbsRole(ref, ebsRole(context, cluster)),
    eksctlCommands.createEbsAddon(ref, ebsRoleArn(context, cluster), context.fleet.tags),
  ];
}

/** What a parent lacks, for a sentence; a member lacks nothing, nor does a parent whose driver somebody installed without EKS. */
export async function missingEbs(
  context: FleetContext,
  cluster: FleetMemberCluster,
  call: CallContext,
): Promise<readonly string[]> {
  if (cluster.role !== 'parent') return [];
  const addon = await context.clients.eks(cluster).addon(cluster.cluster, ebsAddon);
  if (addon?.status === 'ACTIVE' || isImpaired(addon)) return [];
  if (addon === undefined && (await hasOthersDriver(context, cluster, call))) return [];
  return [`add-on ${ebsAddon} (${addon?.status ?? 'missing'}) with its role`];
}

/** What is used instead of the add-on, for the plan. */
export async function othersEbs(
  context: CreateContext,
  cluster: FleetMemberCluster,
  call: CallContext,
): Promise<string | undefined> {
  if (cluster.role !== 'parent') return undefined;
  const addon = await context.clients.eks(cluster).addon(cluster.cluster, ebsAddon);
  if (addon !== undefined || !(await hasOthersDriver(context, cluster, call))) return undefined;
  const key = context.facts.volumeKey;
  const needs = key === undefined ? '' : `; unless it has it, its role needs: ${JSON.stringify(volumeKeyPolicy(key))}`;
  return `the existing CSIDriver ${ebsDriver.name} is used, without add-on ${ebsAddon} (if it is left over from a driver that was removed: kubectl delete csidriver ${ebsDriver.name}, then up adds the add-on)${needs}`;
}

/** What of somebody else's is in the way of the add-on. */
export async function refusedEbs(
  context: FleetContext,
  cluster: FleetMemberCluster,
  call: CallContext,
): Promise<Problem | undefined> {
  if (cluster.role !== 'parent') return undefined;
  const driver = await readDriver(context, cluster);
  const role = roleOfOthers(cluster, driver);
  if (role === undefined) return failedOfOthers(cluster, driver);
  return (await hasOthersDriver(context, cluster, call)) ? undefined : role;
}

async function hasOthersDriver(
  context: FleetContext,
  cluster: FleetMemberCluster,
  call: CallContext,
): Promise<boolean> {
  const access = await accessIn(context, cluster);
  if (access === undefined) return false;
  return (await context.clients.kubectl.get(access, ebsDriver, anyObject, call)) !== undefined;
}

/**
 * Whether somebody else installed the driver over which EKS could not make an add-on. Without `--preserve` EKS deletes the objects of an
 * add-on (EKS API, DeleteAddon), which have the same names.
 */
async function isOthersObject(context: FleetContext, cluster: FleetMemberCluster, call: CallContext): Promise<boolean> {
  const access = await accessIn(context, cluster);
  return access !== undefined && (await isOthersDriver(context, access, call));
}

/** Undefined where there is no such cluster. */
async function accessIn(context: FleetContext, cluster: FleetMemberCluster): Promise<KubeAccess | undefined> {
  const found = await context.clients.eks(cluster).cluster(cluster.cluster);
  return found && (await accessTo(context, cluster, found));
}

/** A driver that EKS calls unhealthy may work all the same: it is shown, and left. */
export async function impairedEbs(context: FleetContext, cluster: FleetMemberCluster): Promise<readonly string[]> {
  if (cluster.role !== 'parent') return [];
  const addon = await context.clients.eks(cluster).addon(cluster.cluster, ebsAddon);
  return isImpaired(addon) ? [`${describeAddon({ name: ebsAddon, addon })}: left as it is`] : [];
}

/**
 * One of ours that could not be made is recreated. Another's is waited for, and nothing is run.
 * @throws Problem `addon-failed`
 */
export async function addEbs(context: CreateContext, cluster: FleetMemberCluster, call: CallContext): Promise<void> {
  const { eksctl } = context.clients;
  const ref = { name: cluster.cluster, region: cluster.region };
  const driver = await readDriver(context, cluster);
  if (addonOfOthers(driver) !== undefined) {
    await untilActive(context, cluster, call);
    return;
  }
  const { addon: there } = driver;
  if (there?.status === 'CREATE_FAILED') {
    tellReplaced({ name: ebsAddon, addon: there }, 'removed', call);
    await removeOurs(context, cluster, call);
    if (await hasOthersDriver(context, cluster, call)) return;
  }
  const inTheWay = await refusedEbs(context, cluster, call);
  if (inTheWay !== undefined) throw inTheWay;
  await eksctl.run(cluster, eksctlCommands.associateOidcProvider(ref), call);
  await eksctl.run(cluster, eksctlCommands.createEbsRole(ref, ebsRole(context, cluster)), call);
  await eksctl.run(cluster, eksctlCommands.createEbsAddon(ref, ebsRoleArn(context, cluster), context.fleet.tags), call);
  // eksctl does not wait, and exits 0 even when the add-on fails (observed with 0.230.0).
  await untilActive(context, cluster, call);
}

async function untilActive(context: FleetContext, cluster: FleetMemberCluster, call: CallContext): Promise<void> {
  await waitUntil(
    context,
    call,
    patience(
      minutes(15),
      `add-on ${ebsAddon} of ${cluster.cluster} in ${cluster.region} did not become active`,
      health(context, cluster),
    ),
    async () => {
      const driver = await readDriver(context, cluster);
      const failed = failedOfOthers(cluster, driver);
      if (failed !== undefined) throw failed;
      refuseFailed(cluster, driver.addon);
      return (await missingEbs(context, cluster, call)).length === 0;
    },
  );
}

/** EKS tries nothing again: to wait for one that failed, or was unhealthy from the beginning, is in vain. */
function refuseFailed({ cluster, region }: FleetMemberCluster, addon: Addon | undefined): void {
  if (addon?.status !== 'CREATE_FAILED' && !isImpaired(addon)) return;
  throw new Problem('addon-failed', {
    what: `add-on ${ebsAddon} of ${cluster} in ${region} could not be added`,
    why: describeAddon({ name: ebsAddon, addon }),
    next: ['fix the reported cause', 'run the same command again; an add-on of the fleet that failed is added anew'],
  });
}

/**
 * Deletes only what certainly belongs to the fleet. The OIDC provider is kept: it costs nothing and others may use it.
 */
export function restoreExisting(context: FleetContext, cluster: FleetMemberCluster): Step {
  const ref = { name: cluster.cluster, region: cluster.region };
  return {
    id: `undo/prepare-existing/${cluster.scope}`,
    title: `restore ${cluster.cluster}`,
    scope: cluster.scope,
    expectedMs: minutes(2),
    preview: () => ({
      changes: [
        `add-on ${ebsAddon} of ${cluster.cluster} and its role, if this fleet added them and nothing else uses them`,
      ],
      commands: [eksctlCommands.deleteAddon(ref, ebsAddon), eksctlCommands.deleteEbsRole(ref)],
    }),
    check: async (call) => {
      if (!(await hasOurs(context, cluster))) return { state: 'ready' };
      const users = await usersOf(context, cluster, call);
      if (users.length === 0) return { state: 'absent' };
      return { state: 'ready', note: inUseNote(`add-on ${ebsAddon} of ${cluster.cluster}`, users) };
    },
    apply: async (call) => {
      if ((await usersOf(context, cluster, call)).length === 0) await removeOurs(context, cluster, call);
    },
  };
}

/** Others may have started using the driver since. A cluster that cannot be read may have such users. */
async function usersOf(
  context: FleetContext,
  cluster: FleetMemberCluster,
  call: CallContext,
): Promise<readonly string[]> {
  const access = await accessIn(context, cluster);
  if (access === undefined) return [];
  try {
    return await storageUsers(context, access, call);
  } catch (thrown) {
    if (!(thrown instanceof Problem) || thrown.code === 'interrupted') throw thrown;
    return ['unknown, because the cluster does not respond'];
  }
}

async function removeOurs(context: FleetContext, cluster: FleetMemberCluster, call: CallContext): Promise<void> {
  const ref = { name: cluster.cluster, region: cluster.region };
  const gone = patience(
    minutes(10),
    `add-on ${ebsAddon} of ${cluster.cluster} was not deleted`,
    health(context, cluster),
  );
  const { addon, ofAddon } = await readDriver(context, cluster);
  if (ofAddon.whose === 'ours') {
    const keepsObjects = addon?.status === 'CREATE_FAILED' && (await isOthersObject(context, cluster, call));
    await context.clients.eksctl.run(cluster, eksctlCommands.deleteAddon(ref, ebsAddon, keepsObjects), call);
    await waitUntil(context, call, gone, async () => (await readDriver(context, cluster)).ofAddon.whose !== 'ours');
  }
  // The role last: its stack identifies the owner of both.
  if ((await readDriver(context, cluster)).ofRole.whose === 'ours') {
    await context.clients.eksctl.run(cluster, eksctlCommands.deleteEbsRole(ref), call);
  }
}

async function hasOurs(context: FleetContext, cluster: FleetMemberCluster): Promise<boolean> {
  const { ofAddon, ofRole } = await readDriver(context, cluster);
  return ofAddon.whose === 'ours' || ofRole.whose === 'ours';
}

/** What EKS says of the add-on by then. */
function health(context: FleetContext, cluster: FleetMemberCluster): () => Promise<string> {
  return async () => describeAddon({ name: ebsAddon, addon: (await readDriver(context, cluster)).addon });
}

function patience(limitMs: number, what: string, why: () => Promise<string>): Patience {
  return {
    everyMs: seconds(10),
    limitMs,
    onTimeout: async () =>
      new Problem('addon-failed', {
        what: `${what} within ${limitMs / minutes(1)} minutes`,
        why: await why(),
        next: ['check its health in the EKS console', 'run the same command again'],
      }),
  };
}
