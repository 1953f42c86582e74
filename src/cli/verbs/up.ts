/** `up`: makes the fleet, or goes on where it was left. */
import { ExitCode } from '../../errors/exit-codes.js';
import { Problem } from '../../errors/problem.js';
import { withLock } from '../../pipeline/lock.js';
import { carryOut, exitCodeOf } from '../carry-out.js';
import { carryOutUnjoin, showUnjoin } from '../carry-out-unjoin.js';
import { costInShort } from '../cost-table.js';
import { guidedUp, needsGuide } from '../guide/guided-up.js';
import { holdFleet } from '../hold-fleet.js';
import { offeringTools } from '../offer-tools.js';
import { driftNotes, expectedMs, nothingToDo, planTable } from '../plan-table.js';
import { type PreparedUp, prepareUp } from '../prepare-up.js';
import { preparePruning } from '../prune.js';
import { recordMaking } from '../record-making.js';
import type { Parsed } from '../run-options.js';
import type { Session } from '../session.js';
import { type Wanted, wantedFleet, whatWasSaid } from '../what-was-said.js';

export async function up(session: Session, parsed: Parsed): Promise<number> {
  const said = await whatWasSaid(session, parsed);
  if (needsGuide(session, parsed, said)) {
    return await guidedUp(session, parsed, said, (wanted, agree) => attempt(session, parsed, wanted, agree));
  }
  const wanted = await wantedFleet(session, parsed, said);
  return await attempt<never>(session, parsed, wanted, () => confirmed(session, parsed));
}

/** Looks, shows the plan, and carries it out unless `agree` answers something else to do: that is the outcome then. */
async function attempt<Other extends string>(
  session: Session,
  parsed: Parsed,
  wanted: Wanted,
  agree: () => Promise<Other | undefined>,
): Promise<number | Other> {
  const { ui, clients, drain } = session;
  return await withLock(clients.world, { path: wanted.paths.lock, signal: drain, note: ui.note }, async () => {
    const prepared = await offeringTools(session, () => prepareUp(session, wanted, parsed));
    for (const note of driftNotes(prepared.planned)) ui.note(note);
    const pruning = await preparePruning(session, parsed, wanted.paths, prepared);
    if (nothingToDo(prepared.planned) && pruning === undefined) {
      ui.print(`fleet ${prepared.fleet.name} is up: nothing to do`);
      ui.data('plan', { nothingToDo: true, rows: [] });
      return ExitCode.ok;
    }
    showPlan(session, prepared);
    if (pruning !== undefined) showUnjoin(session, pruning.prepared);
    const other = await agree();
    if (other !== undefined) return other;
    const code = await makeUp(session, wanted, prepared);
    if (code !== ExitCode.ok || pruning === undefined) return code;
    return await carryOutUnjoin(session, pruning.wish, pruning.prepared);
  });
}

/** Where there is nothing to make, members may still have to be taken out. */
async function makeUp(session: Session, { paths }: Wanted, prepared: PreparedUp): Promise<number> {
  const { ui } = session;
  if (nothingToDo(prepared.planned)) return ExitCode.ok;
  const { fleet, account, facts, steps } = prepared;
  const report = await holdFleet(session, { fleet, paths, steps }, async (held, all) => {
    await recordMaking(session, { fleet, paths, account, ownership: facts.ownership });
    return await carryOut(held, 'up', paths, all);
  });
  if (report.ok) ui.print(ending(prepared));
  return exitCodeOf(report);
}

function showPlan({ ui }: Session, { planned, perPool, cost }: PreparedUp): void {
  if (nothingToDo(planned)) return;
  ui.showTable(planTable(planned));
  ui.note(`about ${Math.ceil(expectedMs(planned, perPool) / 60_000)} minutes in all`);
  ui.note(costInShort(cost));
  const { usdPerHour, usdPerMonth, unknown } = cost;
  ui.data('cost-total', { usdPerHour, usdPerMonth, unknown });
}

/** Asks once; without a terminal `--yes` is the consent. @throws Problem `declined` */
async function confirmed({ ui }: Session, parsed: Parsed): Promise<undefined> {
  const question = { message: 'Carry this out', flag: '--yes', env: 'KARMADA_EKS_YES', default: true };
  if (parsed['yes'] === true || (await ui.ask.confirm(question))) return undefined;
  throw new Problem('declined', { what: 'nothing was changed', next: ['see the plan again: karmada-eks plan'] });
}

function ending({ fleet }: PreparedUp): string {
  const where = `--fleet ${fleet.name} --region ${fleet.parent.region}`;
  return [
    '',
    `fleet ${fleet.name} is up: ${fleet.members.length} members`,
    '  kubectl --context karmada-apiserver get clusters',
    `  karmada-eks status ${where}`,
    `  karmada-eks demo ${where}`,
    `  karmada-eks down ${where}`,
  ].join('\n');
}
