/** The one way to a change: plan it, review the plan, and after the consent carry out exactly that under the fleet's lease. */
import type { Destruction } from '../../engine/destruction.js';
import type { RunReport } from '../../engine/events.js';
import type { PipelineStep } from '../../engine/pipeline.js';
import { type PlannedStep, planSteps } from '../../engine/plan.js';
import { warningsIn } from '../../errors/diagnostic.js';
import type { Diagnostic } from '../../errors/problem.js';
import { refuse } from '../../errors/refuse.js';
import type { LeaseHolder } from '../../lease/hold-lease.js';
import { checkCredentialLife, isOfCredentials } from '../../preflight/credential-life.js';
import { type LeasedRun, leaseOf, withLease } from '../locks/with-lease.js';
import { costTable } from '../review/cost-table.js';
import { type Outlined, overviewOf } from '../review/overview.js';
import { expectedMs, planTable } from '../review/plan-table.js';
import { executeSteps } from './execute.js';
import type { Session } from './session.js';

/** What a command is going to do; nothing of it is done yet. */
export interface PlannedRun extends LeasedRun {
  readonly steps: readonly PipelineStep[];
  readonly planned: readonly PlannedStep[];
  /** How many steps of one group run at once. */
  readonly perGroup: number;
}

/** Checks every step of a pipeline; changes nothing. */
export async function planRun(
  session: Session,
  held: Omit<LeasedRun, 'lease'>,
  pipeline: (lease: LeaseHolder) => readonly PipelineStep[],
): Promise<PlannedRun> {
  const { clients, kill } = session;
  const lease = leaseOf(session, held.fleet);
  const steps = pipeline(lease);
  const perGroup = clients.concurrency;
  const planned = await planSteps(steps, { signal: kill, say: () => undefined }, perGroup);
  return { ...held, lease, steps, planned, perGroup };
}

/**
 * Shows the warnings, and one where the credentials may end before the run does.
 * @throws Problem for everything that the steps themselves refuse
 */
export async function review(
  { ui, clients: { world } }: Pick<Session, 'ui' | 'clients'>,
  { planned, perGroup }: Pick<PlannedRun, 'planned' | 'perGroup'>,
  warnings: readonly Diagnostic[] = [],
): Promise<void> {
  const aim = { takesMs: expectedMs(planned, perGroup), until: 'it is done' };
  const ending = warnings.some(isOfCredentials) ? [] : warningsIn([await checkCredentialLife(world, aim)]);
  for (const each of [...warnings, ...ending]) {
    ui.note(`warning: ${each.what}`);
    // How to go on has to be known before they end: then nothing can be looked up any more.
    if (isOfCredentials(each)) for (const next of each.next ?? []) ui.note(`  ${next}`);
  }
  refuse(planned.flatMap(({ problem }) => problem ?? []));
}

/** Shows in short what is created, who may reach it, how long that takes, and what it costs; `withTables` follows with the whole. */
export function showRun({ ui }: Session, plan: Outlined, withTables = false): void {
  const { planned, cost } = plan;
  const tables = [planTable(planned), ...(cost === undefined ? [] : [costTable(cost)])];
  ui.showOverview({ ...overviewOf(plan), tables: withTables ? [] : tables });
  if (cost === undefined) return;
  const { usdPerHour, usdPerMonth, unknown, atMost } = cost;
  ui.data('cost-total', { usdPerHour, usdPerMonth, unknown, ...(atMost ? { atMost } : {}) });
}

/** Carries the steps out, which may destroy what was `agreed` to and nothing else; `before` notes what is to be known should the run die. */
export async function executeRun(
  session: Session,
  command: string,
  run: LeasedRun & Pick<PlannedRun, 'steps'>,
  agreed: readonly Destruction[],
  before?: () => Promise<void>,
): Promise<RunReport> {
  return await withLease(session, run, async (held) => {
    await before?.();
    return await executeSteps(held, command, run.paths, run.steps, agreed);
  });
}
