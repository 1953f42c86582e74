/** Prepares `down`: reads AWS, the clusters and this machine, and refuses if a precondition is not met. */

import { unseenKarmada } from '../../access/endpoints/unseen-karmada.js';
import type { FleetAccess } from '../../access/fleet-access.js';
import { isRoleRefused } from '../../aws/refused-role.js';
import { Problem } from '../../errors/problem.js';
import { refuse } from '../../errors/refuse.js';
import {
  clustersOf,
  describeMember,
  type EksCluster,
  type EksMember,
  type Fleet,
  isSameEksCluster,
  presentRole,
  withFormer,
} from '../../fleet/fleet.js';
import type { FleetRef } from '../../fleet/paths.js';
import { findUsersVolumes } from '../../leftovers/users-volumes.js';
import { findRemovals, type MemberRemoval } from '../../member-removal/removals.js';
import { unreachableMember } from '../../member-removal/unreachable-member.js';
import { clusterKey } from '../../model/facts.js';
import type { OptionsOf } from '../../options/table.js';
import {
  type ClusterPlace,
  type RememberedClusters,
  readMadeByStacks,
  rememberEnding,
  rememberVolumes,
} from '../../ownership/cluster-lifetimes.js';
import type { Claimant } from '../../ownership/cluster-ownership.js';
import { readRecord } from '../../ownership/fleet-record.js';
import { downSteps } from '../../pipelines/down.js';
import { describeAuthors } from '../../state/authors.js';
import { type BackupSchedule, readBackupSchedule } from '../../state/backup-schedule.js';
import { readFleetConfigMap } from '../../state/fleet-configmap.js';
import { restoringNow, toResume } from '../../state/restoring.js';
import type { BackupStep } from '../../steps/backup/back-up-karmada.js';
import { hasScheduleParts } from '../../steps/backup/schedule/schedule-backups.js';
import type { FleetContext } from '../../steps/context.js';
import { isOwnParent } from '../../steps/karmada/parent-parts.js';
import { remainingInParent } from '../../steps/karmada/remaining-in-parent.js';
import { accessEntryCommands } from '../../steps/kubeconfig/access-entry.js';
import { remainingInMembers } from '../../steps/member/member-losses.js';
import { finalRemovals } from '../../steps/member/removal.js';
import { keptVpc } from '../../steps/vpc/delete-vpc.js';
import type { KubeAccess } from '../../tools/kubectl/commands.js';
import { isSamePlace, placeName } from '../../world/place.js';
import { agreeToContexts } from '../review/agree-to-contexts.js';
import { nothingToDo } from '../review/plan-table.js';
import { reviewVolumes } from '../review/review-volumes.js';
import { type BackupFirstOptions, backupFirst } from '../shared/backup-first.js';
import { knownOf } from '../shared/known-fleet.js';
import { type PlannedRun, planRun, review } from '../shared/planned-run.js';
import type { RequestOptions } from '../shared/resolve-request.js';
import { callOf, type Session } from '../shared/session.js';
import type { OpenFleet } from '../shared/with-fleet.js';

export type DownOptions = RequestOptions &
  OptionsOf<'yes' | 'confirm' | 'keepWorkloads' | 'removeWorkloads' | 'removeLeftovers' | 'removeVolumes'> &
  BackupFirstOptions;

/** Reads, and the pause between them, before a Karmada that was installed is taken for dead. */
const maxReads = 3;
const pauseMs = 5_000;

export interface PreparedDown extends PlannedRun {
  /** What stays in clusters that stay, one sentence each. */
  readonly stays: readonly string[];
  /** Its fleet has the former members among the others. */
  readonly context: FleetContext;
  readonly memory: RememberedClusters;
  readonly removesVolumes: boolean;
  /** Whether there may be a Karmada to back up. */
  readonly backs: boolean;
  /** What the run backs up first; undefined: nothing. */
  readonly backup: BackupStep | undefined;
}

/** A Karmada that only failed to answer once would write into members that were cleared: it is asked anew. */
export async function prepareSurely(open: OpenFleet, options: DownOptions): Promise<PreparedDown> {
  const { clients, kill } = open.session;
  for (let reads = 2; ; reads += 1) {
    await clients.world.clock.sleep(pauseMs, kill);
    const prepared = await clients.withReadCache(() => prepareDown(open, options, reads));
    if (prepared !== undefined) return prepared;
  }
}

/** `reads` counts from 1; undefined if Karmada must be read again. */
export async function prepareDown(
  { session, ref, fleet: found, paths, caller, call, access }: OpenFleet,
  options: DownOptions,
  reads: number,
): Promise<PreparedDown | undefined> {
  const { clients, kill } = session;
  const quietly = { signal: kill, say: () => undefined };
  const fleet = withFormer(found);
  await refuseStranger(session, ref, found, options);
  await agreeToContexts(session, options, found, fleet.members);
  const reach = await access(fleet);
  if (reach.karmada === undefined && reads < maxReads && (await mayLive(session, reach))) return undefined;
  refuseUnreached(fleet, reach);
  refuseUnheld(fleet, reach);
  const leaving = await findRemovals(clients, fleet, reach, call);
  refuse(leaving.filter(mustAnswer).map((each) => unreachableMember(fleet, each)));
  await refuseUnseen(session, fleet, reach, leaving);
  const context: FleetContext = { fleet, caller, clients, paths, ownership: reach.ownership };
  const departures = finalRemovals(reach, leaving, options.keepWorkloads);
  const stacks = await readMadeByStacks(clients, fleet.id, clustersOf(fleet));
  const known = rememberEnding(reach.memory, stacks, reach.ownership, clients.world.clock.now());
  const volumes = await findUsersVolumes(
    clients,
    { fleet, memory: known },
    await searchable(clients, { fleet, memory: known, record: paths.record }, everMade(fleet, known)),
    reach.apis,
    call,
  );
  const memory = rememberVolumes(known, volumes);
  const removesVolumes = await reviewVolumes(session, options, volumes);
  const members = found.members.map(({ name }) => name);
  const parent = reach.apis.get('parent');
  const source = { fleet, paths, account: caller.account, karmada: reach.karmada };
  const backs = parent !== undefined && !(await isRestoring(session, found, parent));
  const backup = backs ? await backupFirst(session, { ...source, parent }, options) : undefined;
  const schedule = parent && (await readBackupSchedule(clients, parent, found.id, call));
  // In a parent that goes, all of it goes.
  const isLeft = parent !== undefined && !isOwnParent(context) && (await hasScheduleParts(context, quietly));
  const run = await planRun(session, { fleet: found, paths }, (lease) =>
    downSteps(
      context,
      { lease, backup: backup?.step, schedule: schedule !== undefined || isLeft },
      reach,
      { departures, members },
      removesVolumes ? volumes : [],
    ),
  );
  // A Karmada whose parts are being replaced fails to answer for some seconds.
  if (reads < maxReads && run.planned.some(({ problem }) => problem?.code === 'tool-failed')) return undefined;
  await review(session, run);
  const stays = nothingToDo(run.planned)
    ? []
    : [
        ...(await remainingInMembers(context, departures, call)),
        ...(reach.apis.has('parent') ? await remainingInParent(context, quietly) : []),
        ...[await keptVpc(context)].flatMap((sentence) => sentence ?? []),
      ];
  return { ...run, context, memory, stays: [...stays, ...backupsThatStay(schedule)], removesVolumes, backs, backup };
}

function backupsThatStay(schedule: BackupSchedule | undefined): readonly string[] {
  return schedule === undefined ? [] : [`backups are no longer taken; those in ${schedule.note.to} stay`];
}

/** Also those that `unjoin` deleted: they may have left volumes. */
function everMade(fleet: Fleet, { made }: RememberedClusters): Parameters<typeof findUsersVolumes>[2] {
  const clusters = clustersOf(fleet);
  const places = made.filter((life, index) => made.findIndex((each) => isSameEksCluster(each, life)) === index);
  const past = places.filter((place) => !clusters.some((cluster) => isSameEksCluster(cluster, place)));
  return [...clusters, ...past.map((place) => ({ ...place, account: presentRole(fleet, place.account) }))];
}

/**
 * Of accounts whose roles are refused, those that only clusters were in that the fleet deleted are left out: `down` tells at its
 * end what it could not search.
 * @throws Problem `role-refused` for one with a cluster that the fleet made and, as far as is recorded, did not delete
 */
async function searchable<Each extends EksCluster>(
  { whoCalls }: Session['clients'],
  { fleet, memory, record }: Claimant & { readonly record: string },
  clusters: readonly Each[],
): Promise<readonly Each[]> {
  const present = clustersOf(fleet);
  const isClosed = async (each: Each): Promise<boolean> => {
    if (each.account === undefined || present.some((cluster) => isSamePlace(cluster, each))) return false;
    const refused = await whoCalls(each).then(() => undefined, asRefused);
    if (refused === undefined) return false;
    const left = memory.made.find((life) => life.until === undefined && isSamePlace(life, each));
    if (left !== undefined) throw closedToFormer(left, refused, record);
    return true;
  };
  const closed = await Promise.all(clusters.map(isClosed));
  return clusters.filter((_, index) => closed[index] !== true);
}

/**
 * A fleet of the same name in another account is somebody else's: without a record, and without a person who checks the
 * owner, only its id identifies it.
 */
async function refuseStranger(
  session: Session,
  ref: FleetRef,
  { id, name }: Fleet,
  options: DownOptions,
): Promise<void> {
  const { clients } = session;
  if (!options.yes || ref.id !== undefined) return;
  if ((await readRecord(clients.world.files, ref.paths)) !== undefined) return;
  const { foreignAuthors } = await knownOf(session, ref);
  throw new Problem('consent-missing', {
    what: `this machine has no record of fleet ${name}; nothing was deleted`,
    why: foreignAuthors === undefined ? 'only its tags remain' : `it was ${describeAuthors(foreignAuthors)}`,
    next: [`if this is the fleet you mean, add its id: --fleet-id ${id}`],
  });
}

/** What Karmada holds in between is neither the past nor the present: nothing to back up. */
async function isRestoring(session: Session, fleet: Fleet, parent: KubeAccess): Promise<boolean> {
  const mark = await restoringNow(session.clients, parent, callOf(session));
  if (mark === undefined) return false;
  session.ui.note(toResume(fleet, mark).what);
  if (mark.before !== null) session.ui.note(`what Karmada held before that is backed up in ${mark.before}`);
  return true;
}

/** The load balancer exists, or the parent records a complete Karmada: its removal begins with revoking that record. */
async function mayLive(session: Session, { loadBalancer, apis }: FleetAccess): Promise<boolean> {
  if (loadBalancer !== undefined) return true;
  const parent = apis.get('parent');
  if (parent === undefined) return false;
  return (await readFleetConfigMap(session.clients, parent, callOf(session)))?.installed !== undefined;
}

/** A Karmada that works would go on writing into clusters that stay, and only it knows what it put there. */
async function refuseUnseen(
  session: Session,
  fleet: Fleet,
  reach: FleetAccess,
  leaving: readonly MemberRemoval[],
): Promise<void> {
  const stay = leaving.filter(({ isAdopted, isGone }) => isAdopted && !isGone).map(({ member }) => member.name);
  if (stay.length === 0 || !(await mayLive(session, reach))) return;
  const unseen = await unseenKarmada(session.clients, fleet, reach, callOf(session));
  if (unseen === undefined) return;
  const { code, message, why, next } = unseen;
  throw new Problem(code, {
    what: message,
    why: `${why}; what it put into ${stay.join(', ')}, which is kept, cannot be seen`,
    next,
  });
}

/** What is in a region that does not answer could neither be taken out nor be listed as left. */
function refuseUnreached(fleet: Fleet, { unreached, silent, ownership }: FleetAccess): void {
  // What is in a cluster that would be deleted has to be seen; one that stays is another matter.
  const unseen = [...silent].filter(([scope]) => {
    const member = fleet.members.find(({ name }) => name === scope);
    return member?.kind === 'eks' && ownership.get(clusterKey(member)) === 'ours';
  });
  const [first] = [...unreached, ...unseen];
  if (first === undefined) return;
  const [scope, problem] = first;
  const member = fleet.members.find(({ name }) => name === scope);
  throw member?.kind === 'eks' && !member.existing && isRoleRefused(problem) ? closedAccount(member, problem) : problem;
}

/** Of what the fleet made there nothing is deleted, and nothing is forgotten. */
function closedAccount(member: EksMember, { message, why, next }: Problem): Problem {
  const { name, cluster, account } = member;
  return new Problem('role-refused', {
    what: `${message}; nothing was deleted, here and in account ${account?.id ?? ''}`,
    ...(why === undefined ? {} : { why }),
    next: [
      `what is there goes on costing money: ${describeMember(member)} of member ${name}, its nodes, volumes and roles, and its stacks eksctl-${cluster}-*`,
      ...next,
      `or name another role of that account for ${name} (role=…), let somebody who administers the cluster give it an access entry (${accessEntryCommands(member, (account?.role ?? '').replace(/:role\/.*/, ':role/NAME')).join('; ')}), run up with it, then down`,
    ],
  });
}

/** The cluster is of nobody who is, or was, a member by the description: only the record has it. */
function closedToFormer({ cluster, ...place }: ClusterPlace, { message, why, next }: Problem, record: string): Problem {
  return new Problem('role-refused', {
    what: `${message}; nothing was deleted, here and in account ${place.account?.id ?? ''}`,
    ...(why === undefined ? {} : { why }),
    next: [
      `what is there goes on costing money: EKS cluster ${cluster} in ${placeName(place)}, its nodes, volumes and roles, and its stacks eksctl-${cluster}-*`,
      ...next,
      'then run the same command again',
      `or, if nothing of it is there, delete this machine’s record, by which it is known: ${record}`,
    ],
  });
}

/** Another failure to call is told by whoever has to call. */
function asRefused(thrown: unknown): Problem | undefined {
  return isRoleRefused(thrown) ? thrown : undefined;
}

/** A cluster in these states has no API yet, or no longer: it hosts no Karmada and no lease. */
const withoutApi: readonly (string | undefined)[] = ['CREATING', 'PENDING', 'FAILED', 'DELETING'];

/** An existing parent hosts Karmada, and the lease with which another run may hold the fleet. */
function refuseUnheld({ parent }: Fleet, { clusters, apis }: FleetAccess): void {
  const found = clusters.get(clusterKey(parent));
  if (found === undefined || apis.has('parent') || withoutApi.includes(found.status)) return;
  throw new Problem('cluster-unreachable', {
    what: `parent ${parent.cluster} in ${parent.region} cannot be reached; nothing was changed`,
    why: `its EKS status is ${found.status ?? 'unknown'}: Karmada in it cannot be removed, and other runs cannot be locked out`,
    next: [
      `check it in EKS: aws eks describe-cluster --name ${parent.cluster} --region ${parent.region}`,
      'run the same command again',
    ],
  });
}

/** A member of Karmada whose cluster stays would keep what Karmada put into it. */
function mustAnswer({ isKnown, isAdopted, silence }: MemberRemoval): boolean {
  return isKnown && isAdopted && silence !== undefined;
}
