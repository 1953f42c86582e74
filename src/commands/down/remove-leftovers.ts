/** The end of `down`: finds leftovers, shows their cost, deletes them with consent, and checks again. */

import type { RunReport } from '../../engine/events.js';
import { ExitCode } from '../../errors/exit-codes.js';
import { Problem } from '../../errors/problem.js';
import { clustersOf, type Fleet, isSameEksCluster } from '../../fleet/fleet.js';
import { fleetCommand } from '../../fleet/fleet-command.js';
import { fleetTag, parentNameOf } from '../../fleet/names.js';
import { resolveFleet } from '../../fleet/resolve.js';
import { type FoundLeftovers, findLeftovers } from '../../leftovers/find-leftovers.js';
import type { Leftover } from '../../leftovers/leftover.js';
import type { LeftoverQuery } from '../../leftovers/scope.js';
import type { OptionsOf } from '../../options/table.js';
import { leftoverSteps } from '../../pipelines/leftovers.js';
import type { FleetContext } from '../../steps/context.js';
import { leftoverDestruction } from '../../steps/leftovers/remove-leftovers.js';
import { ownRegion, placeName } from '../../world/place.js';
import { leaseOf } from '../locks/with-lease.js';
import { exitCodeOf } from '../shared/execute.js';
import { executeRun } from '../shared/planned-run.js';
import type { Session } from '../shared/session.js';
import type { MeantFleet } from '../shared/with-fleet.js';
import { dataProblem, heldProblem, perhapsProblem } from './left-by-hand.js';
import { leftoverData, leftoverSummary, leftoverTable } from './leftover-table.js';

interface LeftoverRun {
  readonly context: FleetContext;
  /** As it was found, without its former members among the others. */
  readonly found: Fleet;
  readonly spec: LeftoverQuery;
}

/** This machine's record is deleted only when nothing of the fleet is left; logs and journal are kept. */
export async function offerLeftovers(
  session: Session,
  swept: LeftoverRun,
  options: OptionsOf<'yes' | 'removeLeftovers'>,
): Promise<number> {
  const { left, closed } = await searchLeftovers(session, swept);
  const end = async (): Promise<number> =>
    closed.length === 0 ? await forget(session, swept) : tellClosed(session, swept, closed);
  if (left.length === 0) return await end();
  const ours = left.filter(({ whose }) => whose === 'ours');
  if (ours.length === 0 || !(await mayRemove(session, swept.spec.fleet, ours, options))) {
    return tell(session, swept, left);
  }
  const report = await removeAll(session, swept, ours);
  if (report.interrupted) return exitCodeOf(report);
  const { left: stays } = await searchLeftovers(session, swept);
  if (stays.length > 0) return tell(session, swept, stays, report);
  return report.ok ? await end() : exitCodeOf(report);
}

/**
 * If nothing describes the fleet any more and it has no cluster, only the resources with its tag in its region identify
 * it.
 * @throws `unknown` when it is another Problem than `fleet-not-found`, or nothing carries the tag
 */
export async function removeTagged(
  { session, ref: { name, region, id }, paths, caller }: MeantFleet,
  unknown: Problem,
  options: OptionsOf<'yes' | 'removeLeftovers'>,
): Promise<number> {
  if (unknown.code !== 'fleet-not-found') throw unknown;
  const { clients } = session;
  // An existing parent may use them, whatever happened to the fleet's description in it.
  if ((await clients.eks(ownRegion(region)).cluster(parentNameOf(name))) !== undefined) throw unknown;
  const fleet = resolveFleet({ fleet: name, id, region, vpc: '*', members: [] });
  const spec = { fleet, memory: { made: [], existed: [], volumes: [] } };
  if ((await findLeftovers(clients, spec)).left.length === 0)
    throw id === undefined ? withTheId(unknown, region) : unknown;
  const context: FleetContext = { fleet, caller, clients, paths, ownership: new Map() };
  return await offerLeftovers(session, { context, found: fleet, spec }, options);
}

/** Leftovers of a fleet without clusters and stacks carry only its id: the message shows where to read it. */
function withTheId({ code, message, why, next }: Problem, region: string): Problem {
  const list = `aws resourcegroupstaggingapi get-resources --region ${region} --tag-filters Key=${fleetTag}`;
  return new Problem(code, {
    what: message,
    ...(why === undefined ? {} : { why }),
    next: [
      ...next,
      `or select the leftovers by the fleet’s id, the value of the tag ${fleetTag}: --fleet-id ID`,
      `find the tag: ${list}`,
    ],
  });
}

async function searchLeftovers({ clients, ui }: Session, { spec }: LeftoverRun): Promise<FoundLeftovers> {
  const found = await findLeftovers(clients, spec);
  const { left, unseen } = found;
  for (const what of unseen) ui.note(`warning: could not search for leftovers: ${what}`);
  if (left.length > 0) ui.showTable(leftoverTable(left));
  return found;
}

/** The record stays: it alone knows what was there. */
function tellClosed(
  { ui }: Session,
  { context: { paths }, spec: { fleet, memory } }: LeftoverRun,
  closed: FoundLeftovers['closed'],
): number {
  const present = clustersOf(fleet);
  const past = memory.made.filter(
    (life) =>
      life.account !== undefined &&
      life.until !== undefined &&
      present.every((cluster) => !isSameEksCluster(cluster, life)),
  );
  for (const { message, next } of closed)
    ui.showProblem(
      new Problem('leftovers', {
        what: `all else of fleet ${fleet.name} is deleted, but another account could not be searched: ${message}`,
        why: `what the fleet deleted there may have left log groups or volumes: ${past.map(({ cluster, ...place }) => `EKS cluster ${cluster} in ${placeName(place)}`).join(', ')}`,
        next: [
          ...next,
          `then run: ${fleetCommand('down', fleet)}`,
          `or, if nothing of it is there, delete this machine’s record: ${paths.record}`,
        ],
      }),
    );
  ui.data('down', leftoverData([], fleet));
  return ExitCode.leftovers;
}

/** `--yes` alone agrees to what was known to go, not to what is found at the end. */
async function mayRemove(
  { ui }: Session,
  fleet: Fleet,
  left: readonly Leftover[],
  options: OptionsOf<'yes' | 'removeLeftovers'>,
): Promise<boolean> {
  if (options.removeLeftovers) return true;
  if (options.yes || !ui.ask.possible) return false;
  return await ui.ask.confirm({
    message: `${leftoverSummary(left, fleet)}. Delete all of them permanently`,
    flag: '--remove-leftovers',
  });
}

/** The fleet is locked as in every change: nobody else creates what is deleted here. */
async function removeAll(
  session: Session,
  { context, found, spec }: LeftoverRun,
  left: readonly Leftover[],
): Promise<RunReport> {
  const { paths } = context;
  const run = { fleet: found, paths, lease: leaseOf(session, found), steps: leftoverSteps(context, spec, left) };
  return await executeRun(session, 'down', run, left.map(leftoverDestruction));
}

/** `report`: of a removal that was tried. */
function tell(
  { ui }: Session,
  { spec: { fleet, memory } }: LeftoverRun,
  left: readonly Leftover[],
  report?: RunReport,
): number {
  const [ours = [], perhaps = [], users = [], held = []] = (['ours', 'perhaps', 'users', 'held'] as const).map(
    (whose) => left.filter((each) => each.whose === whose),
  );
  if (ours.length > 0) ui.showProblem(leftoversProblem(fleet, ours, report));
  if (perhaps.length > 0) ui.showProblem(perhapsProblem(fleet, perhaps));
  if (users.length > 0) ui.showProblem(dataProblem(fleet, users, memory.volumes));
  for (const vpc of held) ui.showProblem(heldProblem(fleet, vpc));
  ui.data('down', leftoverData(left, fleet));
  return ExitCode.leftovers;
}

function leftoversProblem(fleet: Fleet, ours: readonly Leftover[], report: RunReport | undefined): Problem {
  const whys = report?.failed.map(({ problem }) => problem.why ?? problem.message) ?? [];
  const command = fleetCommand('down --remove-leftovers', fleet);
  return new Problem('leftovers', {
    what: leftoverSummary(ours, fleet),
    ...(whys.length === 0 ? {} : { why: whys.join('; ') }),
    next:
      report === undefined
        ? [`delete them: ${command}`]
        : ['delete what blocks it in the console of its service', `try again: ${command}`],
  });
}

async function forget({ clients, ui }: Session, { context: { paths }, spec: { fleet } }: LeftoverRun): Promise<number> {
  const { files } = clients.world;
  for (const kubeconfig of await files.list(paths.kubeconfigs)) await files.remove(kubeconfig);
  // Last: without it the same command would no longer know which fleet is meant.
  await files.remove(paths.record);
  ui.print(`fleet ${fleet.name} deleted: no tagged resources remain`);
  ui.data('down', leftoverData([], fleet));
  return ExitCode.ok;
}
