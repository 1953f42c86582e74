/** `up`: makes the fleet, or goes on where it was left. */
import { writeRecord } from '../../discover/fleet-record.js';
import { ExitCode } from '../../errors/exit-codes.js';
import { Problem } from '../../errors/problem.js';
import { withLock } from '../../pipeline/lock.js';
import { carryOut, exitCodeOf } from '../carry-out.js';
import { expectedMs, nothingToDo, planTable } from '../plan-table.js';
import { type PreparedUp, prepareUp } from '../prepare-up.js';
import type { Parsed } from '../run-options.js';
import type { Session } from '../session.js';
import { wantedFleet } from '../what-was-said.js';

export async function up(session: Session, parsed: Parsed): Promise<number> {
  const { ui, clients, drain } = session;
  const wanted = await wantedFleet(session, parsed);
  return await withLock(clients.world, { path: wanted.paths.lock, signal: drain, note: ui.note }, async () => {
    const prepared = await prepareUp(session, wanted, parsed);
    if (nothingToDo(prepared.planned)) {
      ui.print(`fleet ${prepared.fleet.name} is up: nothing to do`);
      ui.data('plan', { nothingToDo: true, rows: [] });
      return ExitCode.ok;
    }
    await agree(session, prepared, parsed);
    await writeRecord(clients.world.files, wanted.paths, prepared.fleet, prepared.account);
    const report = await carryOut(session, 'up', wanted.paths, prepared.steps);
    if (report.ok) ui.print(ending(prepared));
    return exitCodeOf(report);
  });
}

/** Shows the plan and asks once; without a terminal `--yes` is the consent. */
async function agree(session: Session, { planned }: PreparedUp, parsed: Parsed): Promise<void> {
  const { ui } = session;
  ui.showTable(planTable(planned));
  ui.note(`about ${Math.ceil(expectedMs(planned) / 60_000)} minutes in all`);
  if (parsed['yes'] === true) return;
  const message = 'Carry this out';
  if (await ui.ask.confirm({ message, flag: '--yes', env: 'KARMADA_EKS_YES', default: true })) return;
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
