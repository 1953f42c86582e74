/** Installs tools into the user's own folder, for `tools install` and for `up` when something is missing. */
import type { RunReport } from '../../engine/events.js';
import { runSteps } from '../../engine/runner.js';
import { installTools } from '../../pipelines/install-tools.js';
import type { ToolSpec } from '../../steps/install-tool.js';
import { platformOf } from '../../tools/install/catalogue.js';
import { programFolder } from '../../world/environment.js';
import { lockedRun } from '../locks/with-lock.js';
import type { Session } from '../shared/session.js';

/** What is to be installed, and where from and to; absolute paths. */
export interface InstallOptions {
  readonly tools: readonly ToolSpec[];
  /** The folder of the programs; by default the one that karmada-eks searches. */
  readonly into?: string;
  /** A folder with the publishers' files, instead of the network. */
  readonly from?: string;
}

/** @throws Problem `invalid-value` on a platform without releases, `fleet-locked` while another run installs */
export async function executeInstall(session: Session, options: InstallOptions): Promise<RunReport> {
  const { clients, ui, listen } = session;
  const { world } = clients;
  const cache = `${world.environment.dataDir}/tools`;
  const own = programFolder(world.environment);
  const into = options.into ?? own;
  const places = {
    into,
    isOwn: into === own,
    cache,
    ...(options.from === undefined ? {} : { from: options.from }),
  };
  const steps = installTools(world, places, platformOf(world.downloads.machine), options.tools);
  return await lockedRun(session, { path: `${cache}/lock`, subject: 'the tools' }, async ({ drain, kill }) => {
    const emit: Session['listen'] = (event) => {
      ui.emit(event);
      listen(event);
    };
    const report = await runSteps(steps, {
      clock: world.clock,
      emit,
      perGroup: clients.concurrency,
      agreed: [],
      drain,
      kill,
    });
    for (const { problem } of report.failed) ui.showProblem(problem);
    return report;
  });
}
