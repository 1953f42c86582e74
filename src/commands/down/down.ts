/** `down`: takes everything away that `up` made, from whatever state it left, and says what stayed. */

import { accessFleet, type FleetAccess } from '../../access/fleet-access.js';
import type { Destruction } from '../../engine/destruction.js';
import { type PlannedStep, planSteps } from '../../engine/plan.js';
import { asProblem, Problem } from '../../errors/problem.js';
import { refuse } from '../../errors/refuse.js';
import { clustersOf, type Fleet, withFormer } from '../../fleet/fleet.js';
import type { FleetPaths, FleetRef } from '../../fleet/paths.js';
import { findUsersVolumes } from '../../leftovers/users-volumes.js';
import { findRemovals, type MemberRemoval } from '../../member-removal/removals.js';
import { unreachableMember } from '../../member-removal/unreachable-member.js';
import { clusterKey } from '../../model/facts.js';
import type { Parsed } from '../../options/run-options.js';
import { keepsWorkloads } from '../../options/workload-options.js';
import {
  isSame,
  type RememberedClusters,
  readMadeByStacks,
  rememberDeleted,
  rememberEnding,
  rememberVolumes,
} from '../../ownership/cluster-lifetimes.js';
import { readRecord, readRememberedClusters, writeRecord } from '../../ownership/fleet-record.js';
import { downSteps } from '../../pipelines/down.js';
import { describeAuthors } from '../../state/authors.js';
import { findFleet } from '../../state/find-fleet.js';
import { readFleetConfigMap } from '../../state/fleet-configmap.js';
import { lookingSite } from '../../steps/context.js';
import { remainingInParent } from '../../steps/karmada/remaining-in-parent.js';
import { remainingInMembers } from '../../steps/member/member-losses.js';
import { finalRemovals } from '../../steps/member/removal.js';
import { callOf, type Session } from '../session.js';
import { agreeToContexts } from '../shared/agree-to-contexts.js';
import { consent, typedName } from '../shared/consent.js';
import { executeSteps, exitCodeOf } from '../shared/execute.js';
import { knownOf } from '../shared/known-fleet.js';
import { nothingToDo } from '../shared/plan-table.js';
import { refuseBlocked } from '../shared/prepare-up.js';
import { resolveFleetRef } from '../shared/resolve-request.js';
import { reviewVolumes } from '../shared/review-volumes.js';
import { withFleetLock } from '../shared/with-fleet-lock.js';
import { withLease } from '../shared/with-lease.js';
import { offerLeftovers, removeTagged } from './remove-leftovers.js';

export async function down(session: Session, parsed: Parsed): Promise<number> {
  const ref = await resolveFleetRef(session, parsed);
  return await withFleetLock(session, ref.paths, (held) => takeDown(held, ref, parsed));
}

async function takeDown(session: Session, ref: FleetRef, parsed: Parsed): Promise<number> {
  const { clients, kill } = session;
  const { paths } = ref;
  const call = callOf(session);
  const caller = await clients.whoCalls(ref.region);
  const found = await findFleet(clients, ref, call).catch(asProblem);
  if (found instanceof Problem) return await removeTagged(session, ref, caller, found, parsed);
  const fleet = withFormer(found);
  await refuseStranger(session, ref, found, parsed);
  await agreeToContexts(session, parsed, found, fleet.members);
  const reach = await reachSurely(session, fleet, paths);
  refuseUnreached(reach);
  refuseUnheld(fleet, reach);
  const leaving = await findRemovals(clients, fleet, reach, call);
  refuse(leaving.filter(mustAnswer).map(unreachableMember));
  const site = lookingSite({ fleet, caller, clients, paths, ownership: reach.ownership });
  const departures = finalRemovals(reach, leaving, keepsWorkloads(parsed));
  const stacks = await readMadeByStacks(clients, fleet.id, clustersOf(fleet));
  const known = rememberEnding(reach.memory, stacks, reach.ownership, clients.world.clock.now());
  const volumes = await findUsersVolumes(clients, { fleet, memory: known }, everMade(fleet, known), reach.apis, call);
  const memory = rememberVolumes(known, volumes);
  const removesVolumes = await reviewVolumes(session, parsed, volumes);
  const steps = downSteps(site, reach, departures, removesVolumes ? volumes : []);
  const planned = await planSteps(steps, { signal: kill, say: () => undefined }, clients.concurrency);
  refuseBlocked(planned);
  // What of the clusters is left can be told from others only as long as their names are known.
  const keep = (all: RememberedClusters): Promise<void> => writeRecord(clients, paths, found, caller.account, all);
  if (!nothingToDo(planned)) {
    const looking = { signal: kill, say: () => undefined };
    const stays = [
      ...(await remainingInMembers(site, departures, call)),
      ...(reach.apis.has('parent') ? await remainingInParent(site, looking) : []),
    ];
    const agreed = await agree(session, { fleet, planned, stays }, { ...parsed, removeVolumes: removesVolumes });
    const spec = { fleet: found, paths, steps };
    const report = await withLease(session, spec, async (held, all) => {
      await keep(memory);
      return await executeSteps(held, 'down', paths, all, agreed);
    });
    if (!report.ok) return exitCodeOf(report);
  } else await keep(memory);
  // The clusters told more as they went.
  const last = await readRememberedClusters(clients.world.files, paths, found);
  const spec = { fleet, memory: rememberDeleted(last, clustersOf(fleet), clients.world.clock.now()) };
  await keep(spec.memory);
  return await offerLeftovers(session, { site, found, spec }, parsed);
}

/** Also those that `unjoin` deleted: they may have left volumes. */
function everMade(fleet: Fleet, { made }: RememberedClusters): Parameters<typeof findUsersVolumes>[2] {
  const clusters = clustersOf(fleet);
  const places = made.filter((life, index) => made.findIndex((each) => isSame(each, life)) === index);
  return [...clusters, ...places.filter((place) => !clusters.some((cluster) => isSame(cluster, place)))];
}

/**
 * A fleet of the same name in another account is somebody else's: without a record, and without a person who sees whose it is, only its
 * id says which one is meant.
 */
async function refuseStranger(session: Session, ref: FleetRef, { id, name }: Fleet, parsed: Parsed): Promise<void> {
  const { clients } = session;
  if (parsed['yes'] !== true || ref.id !== undefined) return;
  if ((await readRecord(clients.world.files, ref.paths)) !== undefined) return;
  const { stranger } = await knownOf(session, ref);
  throw new Problem('consent-missing', {
    what: `this machine has no record of fleet ${name}; nothing was deleted`,
    why: stranger === undefined ? 'only its tags are left' : `it was ${describeAuthors(stranger)}`,
    next: [`if it is the one that you mean, add its id: --fleet-id ${id}`],
  });
}

/** Looks, and the pause between them, before a Karmada that was installed is taken for dead. */
const maxReads = 3;
const pauseMs = 5_000;

/**
 * Members that stay are cleared without a Karmada that does not answer; one that lives, and only failed to answer once, would
 * write into them again.
 */
async function reachSurely(session: Session, fleet: Fleet, paths: FleetPaths): Promise<FleetAccess> {
  const { clients, kill } = session;
  for (let looks = 1; ; looks += 1) {
    const reach = await accessFleet(clients, fleet, paths, callOf(session));
    if (reach.karmada !== undefined || looks === maxReads || !(await mayLive(session, reach))) return reach;
    await clients.world.clock.sleep(pauseMs, kill);
  }
}

/** The load balancer is there, or the parent says that Karmada is installed whole: its removal begins with taking that back. */
async function mayLive(session: Session, { loadBalancer, apis }: FleetAccess): Promise<boolean> {
  if (loadBalancer !== undefined) return true;
  const parent = apis.get('parent');
  if (parent === undefined) return false;
  return (await readFleetConfigMap(session.clients, parent, callOf(session)))?.installed !== undefined;
}

/** What is in a region that does not answer could neither be taken out nor be listed as left. */
function refuseUnreached({ unreached }: FleetAccess): void {
  const [first] = unreached.values();
  if (first !== undefined) throw first;
}

/** A cluster in these states has no API yet, or none any more: no Karmada lives there, and nobody can hold the fleet by it. */
const withoutApi: readonly (string | undefined)[] = ['CREATING', 'PENDING', 'FAILED', 'DELETING'];

/** A parent that stands has Karmada in it, and the lease by which another run may hold the fleet. */
function refuseUnheld({ parent }: Fleet, { clusters, apis }: FleetAccess): void {
  const found = clusters.get(clusterKey(parent));
  if (found === undefined || apis.has('parent') || withoutApi.includes(found.status)) return;
  throw new Problem('cluster-unreachable', {
    what: `parent ${parent.cluster} in ${parent.region} cannot be reached; nothing was changed`,
    why: `EKS calls it ${found.status ?? 'nothing'}: Karmada in it could not be removed, nor other runs be kept out`,
    next: [
      `see what EKS has of it: aws eks describe-cluster --name ${parent.cluster} --region ${parent.region}`,
      'run the same command again',
    ],
  });
}

/** A member of Karmada whose cluster stays would keep what Karmada put into it. */
function mustAnswer({ isKnown, isAdopted, silence }: MemberRemoval): boolean {
  return isKnown && isAdopted && silence !== undefined;
}

interface Going {
  readonly fleet: Fleet;
  readonly planned: readonly PlannedStep[];
  /** What stays in clusters that stay, one sentence each. */
  readonly stays: readonly string[];
}

/** Shows all that is deleted, then what of it works or holds data, and asks for the fleet's name. */
async function agree(
  session: Session,
  { fleet, planned, stays }: Going,
  parsed: Parsed,
): Promise<readonly Destruction[]> {
  const going = planned.filter(({ state }) => state !== 'ready');
  const rows = going.flatMap(({ step, changes }) => changes.map((change) => [step.scope, change]));
  session.ui.showTable({ name: 'going', columns: ['lane', 'what goes'], rows });
  for (const sentence of stays) session.ui.note(sentence);
  const proceed = (): Promise<undefined> => typedName(session, parsed, fleet.name);
  return await consent<never>(session, parsed, { planned, proceed });
}
