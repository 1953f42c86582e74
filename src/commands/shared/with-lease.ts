/** Keeps other machines from changing a fleet while a run changes it. */
import { setMaxListeners } from 'node:events';
import { accessParent } from '../../access/cluster-access.js';
import type { ChangeGuard } from '../../clients/change-guard.js';
import type { RunReport } from '../../engine/events.js';
import type { PipelineStep } from '../../engine/pipeline.js';
import { asProblem, Problem } from '../../errors/problem.js';
import type { Fleet } from '../../fleet/fleet.js';
import type { FleetPaths } from '../../fleet/paths.js';
import { LeaseHolder } from '../../lease/hold-lease.js';
import { addLease, reachesParent } from '../../pipelines/lease-step.js';
import { installationId } from '../../state/installation.js';
import { parentAccess } from '../../steps/context.js';
import type { Session } from '../session.js';

/** What is held: the fleet as the run takes it to be, and what the run is going to do. */
interface LeasedRun {
  readonly fleet: Fleet;
  readonly paths: FleetPaths;
  readonly steps: readonly PipelineStep[];
}

/** Carries out with what it is given: a session that also stops when the fleet is lost to another machine, and the steps. */
type Run = (session: Session, steps: readonly PipelineStep[]) => Promise<RunReport>;

/**
 * Takes the fleet's lease, runs, and gives it back however that ends. While there is no parent yet nothing can be taken:
 * the steps that bring one about get one more, which does it then. The local lock must be ours.
 * @throws Problem `fleet-locked` while another machine works on the fleet, or when one took it over meanwhile;
 * `fleet-changed` when one changed it since it was looked at
 */
export async function withLease(session: Session, { fleet, paths, steps }: LeasedRun, run: Run): Promise<RunReport> {
  const { clients, ui, drain, kill } = session;
  const { world } = clients;
  const process = await world.processes.own();
  const holder = { who: world.environment.owner, installation: await installationId(world), process };
  const hold = new LeaseHolder({ clients, fleet, holder, say: ui.note });
  hold.lost.addEventListener('abort', () =>
    ui.note(`${lossOf(hold).message}: nothing new is started, and what runs is ended`),
  );
  const unguard = clients.guard.add(() => hold.confirm());
  try {
    await takeNow(session, hold, { fleet, paths, steps });
    const stops = { drain: AbortSignal.any([drain, hold.lost]), kill: AbortSignal.any([kill, hold.lost]) };
    setMaxListeners(0, stops.drain, stops.kill);
    const all = hold.isHeld ? steps : addLease(steps, hold, parentAccess({ paths, fleet }));
    const report = await run({ ...session, ...stops }, all.map(confirming(clients.guard)));
    if (hold.lost.aborted && !report.ok) throw lossOf(hold);
    return report;
  } finally {
    unguard();
    await hold.release();
  }
}

async function takeNow(
  { clients, drain, ui }: Session,
  hold: LeaseHolder,
  { fleet, paths, steps }: LeasedRun,
): Promise<void> {
  try {
    const parent = await accessParent(clients, fleet.parent, paths);
    if (parent !== undefined) await hold.take(parent, { signal: drain, say: ui.note });
  } catch (thrown) {
    // The steps may be what makes it answer us.
    const comes = thrown instanceof Problem && thrown.code === 'cluster-unreachable' && reachesParent(steps);
    if (!comes) throw thrown;
  }
}

/** What a step changes on this machine alone is not begun either once the fleet is lost. */
function confirming(guard: ChangeGuard): (step: PipelineStep) => PipelineStep {
  return (step) => ({
    ...step,
    apply: async (context) => {
      await guard.pass();
      await step.apply(context);
    },
  });
}

function lossOf({ lost }: LeaseHolder): Problem {
  return asProblem(lost.reason);
}
