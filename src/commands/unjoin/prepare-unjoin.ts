/** Prepares the removal of members: which ones, whether they respond, and what is recorded about them. */

import { refuseUnreachableMembers } from '../../access/endpoints/unreachable.js';
import { accessFleet, type FleetAccess } from '../../access/fleet-access.js';
import { membersOf } from '../../access/member-list.js';
import type { Clients } from '../../clients/clients.js';
import { refuse } from '../../errors/refuse.js';
import { clusterOf, type Fleet, type FleetMemberCluster, type Member, withFormer } from '../../fleet/fleet.js';
import type { FleetPaths } from '../../fleet/paths.js';
import { requestOf, withRevision } from '../../fleet/resolve.js';
import { findUsersVolumes, type UsersVolume } from '../../leftovers/users-volumes.js';
import { findRemovals, type MemberRemoval } from '../../member-removal/removals.js';
import { cannotKeep, remainsNote, unreachableMember } from '../../member-removal/unreachable-member.js';
import type { Facts } from '../../model/facts.js';
import {
  type ClusterPlace,
  type RememberedClusters,
  readMadeByStacks,
  rememberEnding,
  rememberVolumes,
} from '../../ownership/cluster-lifetimes.js';
import { type Unjoining, unjoinSteps } from '../../pipelines/unjoin.js';
import type { FleetContext } from '../../steps/context.js';
import { remainingInMembers } from '../../steps/member/member-losses.js';
import { type PlannedRun, planRun, review } from '../shared/planned-run.js';
import { callOf, type Session } from '../shared/session.js';
import { notMade, unknownMembers } from './unjoin-problems.js';

export interface UnjoinOptions {
  /** As it was found, with its former members. */
  readonly fleet: Fleet;
  readonly paths: FleetPaths;
  readonly caller: Facts['caller'];
  /** Names in Karmada, each once. */
  readonly names: readonly string[];
  /** Also those whose clusters do not answer. */
  readonly force: boolean;
  /** Also delete the clusters that the fleet created. */
  readonly deletesClusters: boolean;
  /** What Karmada propagated runs on in clusters that stay. */
  readonly keepsWorkloads: boolean;
  /** Shows the volumes with users' data that the clusters leave; answers whether those that may be deleted are to be. */
  readonly reviewVolumes: (volumes: readonly UsersVolume[]) => Promise<boolean>;
  /** What this machine agreed to, where the run does not ask about all of the fleet. */
  readonly agreed: Fleet | undefined;
}

/** `fleet` has those that leave among the former members: a run that dies is resumed from there. */
export interface PreparedUnjoin extends PlannedRun {
  readonly options: UnjoinOptions;
  /** The fleet as it is described when all is done. */
  readonly afterwards: Fleet;
  /** What stays in members that do not answer, one sentence each. */
  readonly warnings: readonly string[];
  /** What stays in the others, one sentence each. */
  readonly notes: readonly string[];
  /** The clusters that the fleet made and that are left standing. */
  readonly staying: readonly FleetMemberCluster[];
  /** The clusters that go, or went in a run before. */
  readonly deleted: readonly ClusterPlace[];
  readonly volumes: Volumes;
  /** What is to be kept in mind of clusters before they go. */
  readonly memory: RememberedClusters;
}

/** Volumes with users' data. */
interface Volumes {
  readonly found: readonly UsersVolume[];
  /** Whether those of them go that may. */
  readonly go: boolean;
}

/** @throws Problem for everything that can be known to be in the way before the first change. */
export async function prepareUnjoin(session: Session, options: UnjoinOptions): Promise<PreparedUnjoin> {
  const { clients } = session;
  const { fleet, paths, caller, names } = options;
  const recorded = withFormer(fleet).members;
  const members = names.map((name) => recorded.find((member) => member.name === name) ?? joinedByHand(clients, name));
  // Only the members to be removed are checked.
  const alone = { ...fleet, members, former: [] };
  const reach = await accessFleet(clients, alone, paths, callOf(session));
  const leaving = await knownOnes(session, fleet, alone, reach);
  refuseMisuse(leaving, options);
  const staying = leaving.flatMap(({ made }) => (made === undefined || options.deletesClusters ? [] : [made]));
  const { meanwhile, afterwards } = describe(fleet, names, staying);
  const departures = leaving.map((each) => departureOf(each, options));
  const context: FleetContext = { fleet, caller, clients, paths, ownership: reach.ownership };
  const deleted = leaving.flatMap((each) => goingCluster(each, options));
  const { memory, volumes } = await whatIsLeft(session, options, reach, deleted);
  const run = await planRun(session, { fleet: meanwhile, paths }, (lease) =>
    unjoinSteps(context, lease, departures, afterwards, volumes.go ? volumes.found : []),
  );
  await review(session, run);
  const warnings = leaving.filter((each) => keepsThings(each, options)).map(remainsNote);
  const known = departures.filter((_, index) => leaving[index]?.isKnown === true);
  const notes = await remainingInMembers(context, known, callOf(session));
  return { ...run, options, afterwards, warnings, notes, staying, deleted, volumes, memory };
}

/** Also one that is gone already: a run that was killed may have left its volumes. */
function goingCluster(
  { member, made, isGone }: MemberRemoval,
  { deletesClusters }: UnjoinOptions,
): readonly FleetMemberCluster[] {
  const cluster = made ?? (isGone ? clusterOf(member) : undefined);
  return deletesClusters && cluster !== undefined ? [cluster] : [];
}

/** What clusters leave that go, and what has to be known of them when they are gone. */
async function whatIsLeft(
  session: Session,
  { fleet, reviewVolumes }: UnjoinOptions,
  { memory: before, ownership, apis }: FleetAccess,
  deleted: readonly FleetMemberCluster[],
): Promise<{ readonly memory: RememberedClusters; readonly volumes: Volumes }> {
  const { clients } = session;
  if (deleted.length === 0) return { memory: before, volumes: { found: [], go: false } };
  const stacks = await readMadeByStacks(clients, fleet.id, deleted);
  const known = rememberEnding(before, stacks, ownership, clients.world.clock.now());
  const found = await findUsersVolumes(clients, { fleet, memory: known }, deleted, apis, callOf(session));
  return { memory: rememberVolumes(known, found), volumes: { found, go: await reviewVolumes(found) } };
}

/** It was joined without this program: its name is searched in the user's kubeconfig. */
function joinedByHand({ agreed }: Clients, name: string): Member {
  agreed.add(name);
  return { kind: 'context', name, context: name, mode: 'push', sources: [] };
}

/** @throws Problem `invalid-value` for names that nobody knows, and where Karmada does not answer */
async function knownOnes(
  session: Session,
  fleet: Fleet,
  alone: Fleet,
  reach: FleetAccess,
): Promise<readonly MemberRemoval[]> {
  const { clients } = session;
  const call = callOf(session);
  await refuseUnreachableMembers(clients, { ...alone, members: [] }, reach, call);
  const leaving = await findRemovals(clients, alone, reach, call);
  const recorded = withFormer(fleet).members.map(({ name }) => name);
  const unknown = leaving.filter(({ member, isKnown }) => !isKnown && !recorded.includes(member.name));
  if (unknown.length === 0) return leaving;
  const inKarmada = reach.karmada === undefined ? [] : await membersOf(clients, reach.karmada, call);
  const all = new Set([...recorded, ...inKarmada.map(({ metadata }) => metadata.name)]);
  throw unknownMembers(
    unknown.map(({ member }) => member.name),
    [...all],
  );
}

function departureOf({ member, silence, trouble, made, isGone }: MemberRemoval, options: UnjoinOptions): Unjoining {
  const how = silence === undefined && trouble === undefined ? 'orderly' : 'forced';
  const deletes = options.deletesClusters ? made : undefined;
  // A member that Karmada does not reach it cannot empty.
  const stays = options.keepsWorkloads || trouble !== undefined;
  // If only Karmada reaches it, nothing can be protected from Karmada before the cluster is deleted.
  const goes = deletes !== undefined && (silence === undefined || trouble !== undefined);
  const propagated = isGone || goes ? 'gone' : stays ? 'stays' : 'deleted';
  const leave = { how, clearsMember: silence === undefined, clearsKarmada: true, propagated, silence } as const;
  return { member, leave, deletes };
}

/** Whether something of what Karmada put into a member stays there. */
function keepsThings({ silence, trouble, isGone, made }: MemberRemoval, { deletesClusters }: UnjoinOptions): boolean {
  const answers = silence === undefined && trouble === undefined;
  return !answers && !isGone && !(deletesClusters && made !== undefined);
}

function refuseMisuse(leaving: readonly MemberRemoval[], options: UnjoinOptions): void {
  const problems = leaving.flatMap((each) => {
    if (options.deletesClusters && each.made === undefined && !each.isGone)
      return [notMade(options.fleet, each.member)];
    if (!options.force && keepsThings(each, options)) return [unreachableMember(options.fleet, each)];
    const isKarmadasAlone = each.silence !== undefined && each.trouble === undefined && !each.isGone;
    return options.keepsWorkloads && isKarmadasAlone ? [cannotKeep(each)] : [];
  });
  refuse(problems);
}

function describe(
  fleet: Fleet,
  names: readonly string[],
  staying: readonly FleetMemberCluster[],
): Record<'meanwhile' | 'afterwards', Fleet> {
  const stays = ({ name }: Member): boolean => !names.includes(name);
  const leaving = withFormer(fleet).members.filter((member) => !stays(member));
  const kept = leaving.filter(({ name }) => staying.some(({ scope }) => scope === name));
  const members = fleet.members.filter(stays);
  const former = fleet.former.filter(stays);
  const meanwhile = withRevision({ ...fleet, members, former: [...former, ...leaving] }, requestOf(fleet));
  const afterwards = withRevision({ ...fleet, members, former: [...former, ...kept] }, requestOf(meanwhile));
  return { meanwhile, afterwards };
}
