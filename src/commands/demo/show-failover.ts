/** `demo --failover`: makes a member silent, shows how its replicas move to the others, and brings it back. */

import type { Destruction } from '../../engine/destruction.js';
import { asProblem, Problem } from '../../errors/problem.js';
import type { Fleet, Member } from '../../fleet/fleet.js';
import { fleetCommand } from '../../fleet/fleet-command.js';
import type { OptionsOf } from '../../options/table.js';
import { bringBackSteps, demoFailoverSteps, removeDemoSteps } from '../../pipelines/demo.js';
import { isOff, readFailover, whatLacks } from '../../status/failover-state.js';
import { type FleetContext, karmadaAccess, parentAccess } from '../../steps/context.js';
import type { Sighting } from '../../steps/member/await-failover.js';
import { countReplicas } from '../../steps/member/demo.js';
import { withLease } from '../locks/with-lease.js';
import { consent } from '../review/consent.js';
import { executeSteps, exitCodeOf } from '../shared/execute.js';
import { type PlannedRun, planRun, review } from '../shared/planned-run.js';
import { callOf, type Session } from '../shared/session.js';
import type { OpenFleet } from '../shared/with-fleet.js';

type FailoverOptions = OptionsOf<'keep' | 'silentMember' | 'moveWorkloads'>;

interface PreparedShow {
  readonly context: FleetContext;
  readonly member: Member;
  readonly run: PlannedRun;
  /** Grows while the run is watched. */
  readonly sightings: Sighting[];
  readonly options: FailoverOptions;
}

/** @throws Problem `invalid-value` for a member that there is not, `fleet-not-ready` without failover or another member */
export async function prepareFailover(
  { session, fleet, paths }: OpenFleet,
  context: FleetContext,
  weights: readonly number[],
  options: FailoverOptions,
): Promise<PreparedShow> {
  const member = meantMember(fleet, options.silentMember);
  const after = await afterOf(session, context);
  const sightings: Sighting[] = [];
  const show = { member, after, tell: (sighting: Sighting) => sightings.push(sighting) };
  const run = await planRun(session, { fleet, paths }, (lease) => demoFailoverSteps(context, lease, weights, show));
  return { context, member, run, sightings, options };
}

export async function runFailover(session: Session, prepared: PreparedShow): Promise<number> {
  const { run, options } = prepared;
  await review(session, run);
  // A demo has no `--yes`: it is the flag or the answer that agrees.
  const agreed = await consent<never>(
    session,
    { ...options, yes: false },
    { planned: run.planned, proceed: nothingElse },
  );
  const report = await withLease(session, run, (held) => carryOut(held, prepared, agreed));
  return exitCodeOf(report);
}

async function nothingElse(): Promise<undefined> {
  return undefined;
}

/** The member is brought back whatever failed, but for a Ctrl-C: then nothing new begins. */
async function carryOut(
  session: Session,
  { context, member, run, sightings, options }: PreparedShow,
  agreed: readonly Destruction[],
): ReturnType<typeof executeSteps> {
  const { ui, clients } = session;
  const { paths, fleet } = context;
  const shown = await executeSteps(session, 'demo', paths, run.steps, agreed);
  const undo = fleetCommand('demo --remove', fleet);
  const remind = (): void => ui.note(`${member.name} may still be silent; to bring it back: ${undo}`);
  if (shown.interrupted) {
    remind();
    return shown;
  }
  const moved = await countsOf(session, context);
  const begun = clients.world.clock.now();
  const back = await executeSteps(session, 'demo', paths, bringBackSteps(context, member));
  if (!back.ok) remind();
  if (shown.ok && back.ok) {
    const afterMs = clients.world.clock.now() - begun;
    const returned = { what: `${member.name} is Ready and cleaned up, counted from its return`, afterMs };
    showSightings(session, [...sightings, returned]);
    const after = await countsOf(session, context);
    ui.print(`\n${member.name} went on running its own replicas while it was silent: ${moved}`);
    ui.print(`Karmada deleted them when it was back, and moves nothing back by itself: ${after}`);
  }
  const outcome = shown.ok ? back : shown;
  if (options.keep) return outcome;
  const removed = await executeSteps(session, 'demo', paths, removeDemoSteps(context));
  return outcome.ok ? removed : outcome;
}

/** Nothing that only tells may keep a member from being brought back. */
async function countsOf(session: Session, context: FleetContext): Promise<string> {
  return await countReplicas(context, callOf(session)).then(
    (counts) => counts.join('/'),
    (thrown: unknown) => `not known (${asProblem(thrown).message})`,
  );
}

function showSightings({ ui }: Session, sightings: readonly Sighting[]): void {
  const rows = sightings.map(({ what, afterMs }) => [
    what,
    { text: `${Math.round(afterMs / 1000)} s`, value: Math.round(afterMs / 1000) },
  ]);
  ui.showTable({ name: 'failover', columns: ['event', 'afterSeconds'], headings: { afterSeconds: 'after' }, rows });
}

/** Completion offers a member as `name=…`, which is how other commands take it. */
function meantMember(fleet: Fleet, said: string | undefined): Member {
  const { members, name } = fleet;
  if (members.length < 2) {
    throw new Problem('fleet-not-ready', {
      what: `fleet ${name} has no second member to which anything could move`,
      next: [`add one: ${fleetCommand('join', fleet)}`],
    });
  }
  const wanted = said?.replace(/^name=/, '');
  const found = wanted === undefined ? members.at(-1) : members.find((each) => each.name === wanted);
  if (found !== undefined) return found;
  throw new Problem('invalid-value', {
    what: `--member: fleet ${name} has no member ${wanted}`,
    next: [`the members are ${members.map((each) => each.name).join(', ')}`],
  });
}

/** @throws Problem `fleet-not-ready` where nothing would move */
async function afterOf(session: Session, context: FleetContext): Promise<string> {
  const accesses = { parent: parentAccess(context), karmada: karmadaAccess(context.paths) };
  const found = await readFailover(context.clients, accesses, undefined, callOf(session));
  const lacks = found === undefined ? [] : whatLacks(found);
  if (found !== undefined && lacks.length === 0) return found.after ?? '30s';
  throw new Problem('fleet-not-ready', {
    what: `failover is ${found === undefined || isOff(found) ? 'off' : 'not complete'} in fleet ${context.fleet.name}: when a member is lost, nothing moves`,
    ...(found === undefined || isOff(found) ? {} : { why: lacks.join(', ') }),
    next: [`turn it on: ${fleetCommand('up --failover', context.fleet)}`],
  });
}
