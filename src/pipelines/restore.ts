/** The pipeline that restores a backup into the fleet that it was taken from. */
import { Pipeline, type PipelineStep } from '../engine/pipeline.js';
import type { BackupStep } from '../steps/backup/back-up-karmada.js';
import type { FleetContext } from '../steps/context.js';
import { startKarmada } from '../steps/restore/start-karmada.js';
import { stopKarmada } from '../steps/restore/stop-karmada.js';
import { type WrittenBackup, writeEtcd } from '../steps/restore/write-etcd.js';
import { type Lease, takeLease } from '../steps/take-lease.js';

/** `before`: the backup of the present; undefined where none is wanted, or a restore that is gone on with has it. */
export function restoreSteps(
  context: FleetContext,
  lease: Lease,
  written: WrittenBackup,
  before: BackupStep | undefined,
): readonly PipelineStep[] {
  const pipeline = new Pipeline();
  const leased = pipeline.add(takeLease(context, lease));
  const backedUp = before === undefined ? leased : pipeline.add(before.step, { needs: [leased] });
  const stop = stopKarmada(context, written, () => before?.taken()?.path);
  const stopped = pipeline.add(stop, { needs: [leased, backedUp] });
  const restored = pipeline.add(writeEtcd(context, written), { needs: [stopped] });
  pipeline.add(startKarmada(context), { needs: [restored] });
  return pipeline.steps;
}

/** Starts a Karmada that was stopped for a restore which then changed nothing. */
export function startAgainSteps(context: FleetContext, lease: Lease): readonly PipelineStep[] {
  const pipeline = new Pipeline();
  const leased = pipeline.add(takeLease(context, lease));
  pipeline.add(startKarmada(context, 'as it was'), { needs: [leased] });
  return pipeline.steps;
}
