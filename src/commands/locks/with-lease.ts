/** Keeps other machines from changing a fleet while a run changes it. */
import { accessParent } from '../../access/cluster-access.js';
import type { RunReport } from '../../engine/events.js';
import { asProblem, Problem } from '../../errors/problem.js';
import type { Fleet } from '../../fleet/fleet.js';
import type { FleetPaths } from '../../fleet/paths.js';
import type { Holder } from '../../lease/fleet-lease.js';
import { LeaseHolder } from '../../lease/hold-lease.js';
import { installationId } from '../../state/installation.js';
import type { Session } from '../shared/session.js';
import { stoppingWhenLost } from './stop-when-lost.js';

export interface LeasedRun {
  /** As the run takes it to be. */
  readonly fleet: Fleet;
  readonly paths: FleetPaths;
  /** The one of the pipeline's step `take-lease`. */
  readonly lease: LeaseHolder;
  /** Whether the steps themselves may make a parent answer that does not. */
  readonly parentMayCome?: boolean;
}

/** The lease that a run takes; a plan only shows it. */
export function leaseOf({ clients, ui }: Session, fleet: Fleet): LeaseHolder {
  const { world } = clients;
  const holder = async (): Promise<Holder> => ({
    who: world.environment.owner,
    installation: await installationId(world),
    process: await world.processes.own(),
  });
  return new LeaseHolder({ clients, fleet, holder, say: ui.note });
}

/**
 * Takes the fleet's lease, runs, and releases it whatever the outcome. Without a parent there is no lease yet: a step
 * of the pipeline takes it then. The local lock must be ours. `run` gets a session that also stops when the fleet is
 * lost to another machine.
 * @throws Problem `fleet-locked` while another machine works on the fleet, or when one took it over meanwhile;
 * `fleet-changed` when one changed it since it was read
 */
export async function withLease(
  session: Session,
  leased: LeasedRun,
  run: (session: Session) => Promise<RunReport>,
): Promise<RunReport> {
  const { lease } = leased;
  const { lost } = lease;
  try {
    return await stoppingWhenLost(session, { lost, confirm: () => lease.confirm() }, async (held) => {
      await takeNow(session, leased);
      const report = await run(held);
      if (lost.aborted && !report.ok) throw asProblem(lost.reason);
      return report;
    });
  } finally {
    await lease.release();
  }
}

async function takeNow(
  { clients, drain, ui }: Session,
  { fleet, paths, lease, parentMayCome = false }: LeasedRun,
): Promise<void> {
  try {
    const parent = await accessParent(clients, fleet.parent, paths);
    if (parent !== undefined) await lease.take(parent, { signal: drain, say: ui.note });
  } catch (thrown) {
    const comes = thrown instanceof Problem && thrown.code === 'cluster-unreachable' && parentMayCome;
    if (!comes) throw thrown;
  }
}
