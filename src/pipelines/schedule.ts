/** The pipelines that schedule backups in the parent, and end that. */
import { Pipeline, type PipelineStep } from '../engine/pipeline.js';
import { addBackupRole } from '../steps/backup/schedule/add-backup-role.js';
import { scheduleBackups, unscheduleBackups } from '../steps/backup/schedule/schedule-backups.js';
import type { WantedSchedule } from '../steps/backup/schedule/wanted-schedule.js';
import type { FleetContext } from '../steps/context.js';
import { type Lease, takeLease } from '../steps/take-lease.js';

export function scheduleSteps(context: FleetContext, lease: Lease, wanted: WantedSchedule): readonly PipelineStep[] {
  const pipeline = new Pipeline();
  const leased = pipeline.add(takeLease(context, lease));
  const role = pipeline.add(addBackupRole(context, wanted), { needs: [leased] });
  pipeline.add(scheduleBackups(context, wanted), { needs: [role] });
  return pipeline.steps;
}

export function unscheduleSteps(context: FleetContext, lease: Lease): readonly PipelineStep[] {
  const pipeline = new Pipeline();
  const leased = pipeline.add(takeLease(context, lease));
  pipeline.add(unscheduleBackups(context, { parentGoes: false }), { needs: [leased] });
  return pipeline.steps;
}
