/** What a member loses when Karmada releases it, and how Karmada is kept from deleting what is to be kept. */

import pMap from 'p-map';
import type { Destruction } from '../../engine/destruction.js';
import type { CallContext } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import type { Member } from '../../fleet/fleet.js';
import { fleetCommand } from '../../fleet/fleet-command.js';
import { demoName } from '../../fleet/names.js';
import { type Shared, sharedOf } from '../../member-removal/foreign-objects.js';
import { keyOf, type Propagated, propagatedTo } from '../../member-removal/propagated.js';
import type { Call } from '../../tools/run.js';
import { accessOf, type FleetContext, karmadaAccess, minutes, seconds } from '../context.js';
import { waitUntil } from '../wait-until.js';
import { sharedNamespaces } from './member-namespaces.js';
import type { PlannedRemoval, RemovalMode } from './removal.js';

/** What becomes of what is in a member that is kept when Karmada lets it go. */
interface Fate {
  /** Deleted by Karmada. */
  readonly going: readonly Propagated[];
  /** To be kept from Karmada, with why: all of it, or namespaces and definitions that hold what others put there. */
  readonly staying: readonly Shared[];
}

/**
 * Karmada deletes nothing if the workloads are kept, or if the cluster is deleted: with a namespace it would delete its
 * claims, and with these the volumes, which a deleted cluster leaves behind. The demo belongs to the fleet and is
 * deleted without asking.
 * @throws Problem `workloads-uncounted`
 */
async function fateOf(
  context: FleetContext,
  member: Member,
  { propagated, silence }: RemovalMode,
  call: Call,
): Promise<Fate> {
  const access = silence === undefined ? accessOf(context.paths, member.name) : undefined;
  const all = await counted(context, member, async () => {
    const found = await propagatedTo(
      context.clients,
      karmadaAccess(context.paths),
      { name: member.name, access },
      call,
    );
    return found.filter((each) => !isDemo(each));
  });
  if (propagated !== 'deleted') return { going: [], staying: all.map((container) => ({ container, holds: [] })) };
  const shared = access === undefined ? [] : await sharedOf(context.clients, access, all, call);
  return { going: all.filter((each) => shared.every(({ container }) => container !== each)), staying: shared };
}

function isDemo({ kind, namespace, name }: Propagated): boolean {
  return ['Deployment', 'Secret'].includes(kind) && namespace === 'default' && name === demoName;
}

async function counted<T>({ fleet }: FleetContext, { name }: Member, count: () => Promise<T>): Promise<T> {
  try {
    return await count();
  } catch (thrown) {
    if (!(thrown instanceof Problem) || thrown.code === 'interrupted') throw thrown;
    throw new Problem('workloads-uncounted', {
      what: `workloads in ${name} could not be counted; nothing was changed there`,
      why: thrown.why ?? thrown.message,
      next: ['run the same command again', `check Karmada: ${fleetCommand('status', fleet)}`],
    });
  }
}

/** @throws Problem `workloads-uncounted` */
export async function losses(
  context: FleetContext,
  member: Member,
  leave: RemovalMode,
  call: CallContext,
): Promise<readonly Destruction[]> {
  if (leave.propagated !== 'deleted') return [];
  const { going } = await fateOf(context, member, leave, call);
  return going.map((each) => lossOf(each, member, leave.silence));
}

function lossOf(object: Propagated, { name: member }: Member, silence: string | undefined): Destruction {
  const { kind, namespace, name, running, defines } = object;
  const isContainer = kind === 'Namespace' || defines !== undefined;
  const unseen = isContainer && silence !== undefined ? [`what could not be counted: ${silence}`] : [];
  const now = running === undefined || silence === undefined ? running : `${running} when last seen by Karmada`;
  return {
    how: 'delete',
    kind: kind === 'Namespace' ? 'namespace' : running === undefined ? 'object' : 'workload',
    name: `${namespace === undefined ? '' : `${namespace}/`}${kind === 'Namespace' ? '' : `${kind}/`}${name} in ${member}`,
    holds: unseen,
    ...(now === undefined ? {} : { now }),
    evidence: 'propagated by Karmada',
    flag: '--remove-workloads',
  };
}

/** What stays in members whose clusters stay, and by what it is kept there; one sentence each. */
export async function remainingInMembers(
  context: FleetContext,
  departures: readonly PlannedRemoval[],
  call: Call,
): Promise<readonly string[]> {
  const sentences = async ({ member, leave }: PlannedRemoval): Promise<readonly string[]> => {
    if (leave.propagated === 'gone') return [];
    const alone = `workloads in ${member.name} were not counted, because Karmada cannot reach it; they are kept`;
    if (leave.how === 'alone') {
      const shared = leave.clearsMember ? await sharedNamespaces(context, member, call) : [];
      return [alone, ...shared.map((each) => sentence(each, member))];
    }
    const [{ staying }, shared] = await Promise.all([
      fateOf(context, member, leave, call),
      leave.clearsMember ? sharedNamespaces(context, member, call) : [],
    ]);
    return [...staying, ...shared].map((each) => sentence(each, member));
  };
  return (await pMap(departures, sentences, { concurrency: context.clients.concurrency })).flat();
}

function sentence({ container, holds, uncounted }: Shared, { name }: Member): string {
  const { kind, running } = container;
  const what = kind === 'Namespace' ? `namespace ${container.name}` : keyOf(container);
  if (uncounted !== undefined)
    return `${what} is kept in ${name}, because its contents could not be counted: ${uncounted}`;
  if (holds.length > 0) return `${what} is kept in ${name}, with what Karmada did not put there: ${holds.join(', ')}`;
  return running === undefined ? `${what} is kept in ${name}` : `${what} is kept in ${name}: ${running}`;
}

/** Labels and annotations that make an object Karmada's (karmada 1.18.2, pkg/util/constants.go, ManagedResource…). */
const noMark = {
  metadata: {
    labels: nothingOf([
      'karmada.io/managed',
      'resourcebinding.karmada.io/permanent-id',
      'clusterresourcebinding.karmada.io/permanent-id',
      'work.karmada.io/permanent-id',
      'propagationpolicy.karmada.io/permanent-id',
      'clusterpropagationpolicy.karmada.io/permanent-id',
    ]),
    annotations: nothingOf([
      'work.karmada.io/name',
      'work.karmada.io/namespace',
      'work.karmada.io/conflict-resolution',
      'resourcebinding.karmada.io/name',
      'resourcebinding.karmada.io/namespace',
      'clusterresourcebinding.karmada.io/name',
      'resourcetemplate.karmada.io/uid',
      'resourcetemplate.karmada.io/generation',
      'resourcetemplate.karmada.io/managed-annotations',
      'resourcetemplate.karmada.io/managed-labels',
      'propagationpolicy.karmada.io/name',
      'propagationpolicy.karmada.io/namespace',
      'clusterpropagationpolicy.karmada.io/name',
    ]),
  },
};

function nothingOf(keys: readonly string[]): Readonly<Record<string, null>> {
  return Object.fromEntries(keys.map((key) => [key, null]));
}

/**
 * Removes Karmada's labels from what is to be kept: Karmada neither deletes nor rewrites what does not carry its label
 * (karmada 1.18.2, objectwatcher.go). `preserveResourcesOnDeletion` of its Works would be reset by the next change of a
 * workload, does not exist for namespaces, and blocks the member forever if an object is gone (binding/common.go,
 * namespace_sync_controller.go, execution_controller.go, cleanupPolicyClaimMetadata).
 */
export async function keepPropagated(
  context: FleetContext,
  member: Member,
  leave: RemovalMode,
  call: CallContext,
): Promise<void> {
  if (leave.silence !== undefined) return;
  const access = accessOf(context.paths, member.name);
  const onTimeout = (): Problem =>
    new Problem('unjoin-failed', {
      what: `Karmada keeps reclaiming objects that are to be kept in ${member.name}`,
      why: 'its policy resolves conflicts by overwriting',
      next: ['set conflictResolution: Abort in that policy', 'run the same command again'],
    });
  await waitUntil(context, call, { everyMs: seconds(2), limitMs: minutes(1), onTimeout }, async () => {
    const { staying } = await fateOf(context, member, leave, call);
    if (staying.length === 0) return true;
    const refs = staying.map(({ container: { apiVersion, kind, namespace, name } }) => ({
      apiVersion,
      kind,
      metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    }));
    await context.clients.kubectl.mergePatchAll(access, refs, noMark, call);
    return false;
  });
}
