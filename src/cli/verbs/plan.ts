/** `plan`: what `up` would do, from the same looks that `up` takes. */
import { ExitCode } from '../../errors/exit-codes.js';
import { commandText, expectedMs, nothingToDo, planTable } from '../plan-table.js';
import { prepareUp } from '../prepare-up.js';
import { type Parsed, wantsJson } from '../run-options.js';
import type { Session } from '../session.js';
import { wantedFleet } from '../what-was-said.js';

export async function plan(session: Session, parsed: Parsed): Promise<number> {
  const { ui } = session;
  const { planned, fleet } = await prepareUp(session, await wantedFleet(session, parsed), parsed);
  if (wantsJson(parsed)) {
    ui.print(JSON.stringify({ fleet, expectedMs: expectedMs(planned), steps: planned.map(asData) }, undefined, 2));
    return ExitCode.ok;
  }
  if (nothingToDo(planned)) {
    ui.print(`fleet ${fleet.name}: nothing to do`);
    ui.data('plan', { nothingToDo: true, rows: [] });
    return ExitCode.ok;
  }
  ui.showTable(planTable(planned));
  ui.print(`\nabout ${Math.ceil(expectedMs(planned) / 60_000)} minutes in all`);
  if (parsed['commands'] === true) ui.print(`\n${commandText(planned)}`);
  return ExitCode.ok;
}

function asData({
  step,
  state,
  changes,
  commands,
  note,
}: Awaited<ReturnType<typeof prepareUp>>['planned'][number]): object {
  const { id, title, lane, after, expectedMs: ms } = step;
  return { id, title, lane, after, expectedMs: ms, state, changes, commands, ...(note === undefined ? {} : { note }) };
}
