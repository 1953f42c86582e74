/** Runs a pipeline, passes its events to all subscribers, and reports the outcome. */

import type { Destruction } from '../../engine/destruction.js';
import type { Emit, RunReport } from '../../engine/events.js';
import type { PipelineStep } from '../../engine/pipeline.js';
import { runSteps } from '../../engine/runner.js';
import { ExitCode } from '../../errors/exit-codes.js';
import { asProblem } from '../../errors/problem.js';
import type { FleetPaths } from '../../fleet/paths.js';
import { journalTo } from '../../logs/journal.js';
import { makeWriteQueue } from '../../logs/write-queue.js';
import type { Session } from './session.js';

/** Runs the steps, which may destroy what was `agreed` to and nothing else; the problems of failed steps are shown at the end, where they are not scrolled away. */
export async function executeSteps(
  session: Session,
  command: string,
  paths: FleetPaths,
  steps: readonly PipelineStep[],
  agreed: readonly Destruction[] = [],
): Promise<RunReport> {
  const { clients, ui, drain, kill, listen } = session;
  const { files, clock, environment } = clients.world;
  const queue = makeWriteQueue(files);
  const journal = journalTo(queue, paths.journal, command, environment.owner);
  session.logInto(paths.logs);
  const emit: Emit = (event) => {
    ui.emit(event);
    journal(event);
    listen(event);
  };
  // What a step changes on this machine alone is not begun either once the fleet is lost.
  const beforeChange = (): Promise<void> => clients.guard.pass();
  const perGroup = clients.concurrency;
  const report = await runSteps(steps, { clock, emit, perGroup, agreed, beforeChange, drain, kill });
  // Nothing depends on the journal: a full disk must not hide how the run itself ended.
  await queue.written().catch((thrown: unknown) => ui.note(`warning: ${asProblem(thrown).message}; the run continued`));
  for (const { problem } of report.failed) ui.showProblem(problem);
  // The line of a single step is enough.
  if (report.failed.length > 0 || report.done.length > 1) ui.note(`the logs of all commands are in ${paths.logs}`);
  return report;
}

/** A run that changed something failed rather than refused, whatever stopped it. */
export function exitCodeOf(report: RunReport): number {
  if (report.ok) return ExitCode.ok;
  return report.interrupted ? ExitCode.interrupted : ExitCode.failed;
}
