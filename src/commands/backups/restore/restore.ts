/** `restore`: Karmada becomes what it was when a backup was taken; nothing in a member is deleted or shrunk by that. */

import { pendingIn } from '../../../backup/restore/pending.js';
import { shortList } from '../../../engine/destruction.js';
import type { RunReport } from '../../../engine/events.js';
import { counted } from '../../../errors/counted.js';
import type { Fleet } from '../../../fleet/fleet.js';
import { startAgainSteps } from '../../../pipelines/restore.js';
import { readRestoring, toResume } from '../../../state/restoring.js';
import { parentAccess } from '../../../steps/context.js';
import { consent, requireTypedName, typedName } from '../../review/consent.js';
import { exitCodeOf } from '../../shared/execute.js';
import { executeRun, planRun } from '../../shared/planned-run.js';
import { callOf, type Session } from '../../shared/session.js';
import { type OpenFleet, withFleet } from '../../shared/with-fleet.js';
import { differenceTable } from './difference-table.js';
import { type PreparedRestore, prepareRestore, type RestoreOptions } from './prepare-restore.js';
import { tellHeld } from './tell-held.js';

export async function restore(session: Session, options: RestoreOptions): Promise<number> {
  requireTypedName(session, 'restore', options);
  return await withFleet(
    session,
    options,
    { lock: true, evenRestoring: true },
    (open) => prepareRestore(open, options),
    (open, prepared) => carryOut(open, prepared, options),
  );
}

async function carryOut(
  { session, fleet }: OpenFleet,
  prepared: PreparedRestore,
  options: RestoreOptions,
): Promise<number> {
  const { ui, clients } = session;
  const { backup, differences, changes, exceptions, mark, planned } = prepared;
  const { madeAt, fleet: of } = backup.manifest;
  const age = ageText(clients.world.clock.now() - Date.parse(madeAt));
  ui.note(`${backup.path}: backup of fleet ${of.name}, taken ${age} ago (${madeAt})`);
  if (mark !== undefined) ui.note(`the restore of ${mark.file} (${mark.madeAt}) was interrupted; this resumes it`);
  else if (differences === undefined) ui.note('what Karmada holds now cannot be read; it is replaced');
  if (changes.length === 0) ui.note('everything in the members is as in the backup');
  if ((differences?.length ?? 0) + changes.length > 0)
    ui.showTable(differenceTable(differences ?? [], changes, exceptions));
  const pending = pendingIn(backup.etcd.keys);
  if (pending.length > 0)
    ui.note(`warning: under way when the backup was taken, and carried on after the restore: ${shortList(pending)}`);
  const proceed = (): Promise<undefined> => typedName(session, options, fleet.name);
  const agreed = await consent<never>(session, options, { planned, proceed });
  const report = await executeRun(session, 'restore', prepared, agreed);
  if (!report.ok) {
    await afterFailure(session, fleet, prepared, report);
    return exitCodeOf(report);
  }
  tellEnd(session, prepared);
  return exitCodeOf(report);
}

/** A Karmada that was stopped for nothing is started again; one whose etcd is half-written is not. */
async function afterFailure(
  session: Session,
  fleet: Fleet,
  { context, paths }: PreparedRestore,
  { interrupted }: RunReport,
): Promise<void> {
  const { clients, ui } = session;
  const mark = await readRestoring(clients, parentAccess(context), callOf(session));
  if (mark === undefined) return ui.note('Karmada was not changed');
  if (!mark.isBegun && !interrupted) {
    ui.note('nothing was written into etcd: Karmada is started again');
    const again = await planRun(session, { fleet, paths }, (lease) => startAgainSteps(context, lease));
    if ((await executeRun(session, 'restore', again, [])).ok) return;
  }
  const { what, next } = toResume(fleet, mark);
  ui.note(`${what}; ${next}`);
}

function tellEnd({ ui }: Session, { backup, held, before }: PreparedRestore): void {
  const back = held();
  const path = before();
  if (path !== undefined) ui.note(`what was there before is backed up in ${path}`);
  ui.data('restored', {
    file: backup.path,
    madeAt: backup.manifest.madeAt,
    before: path ?? null,
    held: back?.policies ?? [],
  });
  if (back !== undefined) tellHeld(ui, back);
}

function ageText(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 60) return counted(minutes, 'minute');
  if (minutes < 48 * 60) return counted(Math.floor(minutes / 60), 'hour');
  return counted(Math.floor(minutes / 1440), 'day');
}
