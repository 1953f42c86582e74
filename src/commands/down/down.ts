/** `down`: deletes everything that `up` created, from any state, and reports what remains. */

import { forgetTaken } from '../../backup/kept/taken-before.js';
import type { Destruction } from '../../engine/destruction.js';
import type { Problem } from '../../errors/problem.js';
import { clustersOf } from '../../fleet/fleet.js';
import { type RememberedClusters, rememberDeleted } from '../../ownership/cluster-lifetimes.js';
import { agreedFleet, readRememberedClusters, writeRecord } from '../../ownership/fleet-record.js';
import { consent, requireTypedName, typedName } from '../review/consent.js';
import { nothingToDo, removalTable } from '../review/plan-table.js';
import { noteBackup, tellBackup } from '../shared/backup-first.js';
import { exitCodeOf } from '../shared/execute.js';
import { executeRun } from '../shared/planned-run.js';
import type { Session } from '../shared/session.js';
import { type MeantFleet, type OpenFleet, withFleet } from '../shared/with-fleet.js';
import { type DownOptions, type PreparedDown, prepareDown, prepareSurely } from './prepare-down.js';
import { offerLeftovers, removeTagged } from './remove-leftovers.js';

export async function down(session: Session, options: DownOptions): Promise<number> {
  requireTypedName(session, 'down', options);
  const orElse = (meant: MeantFleet, unknown: Problem): Promise<number> => removeTagged(meant, unknown, options);
  return await withFleet(
    session,
    options,
    { lock: true, evenRestoring: true, orElse },
    (open) => prepareDown(open, options, 1),
    async (open, prepared) => await takeDown(open, prepared ?? (await prepareSurely(open, options)), options),
  );
}

async function takeDown(
  { session, fleet: found, paths, caller }: OpenFleet,
  prepared: PreparedDown,
  options: DownOptions,
): Promise<number> {
  const { clients } = session;
  const { context, memory, planned } = prepared;
  const { fleet } = context;
  // It does not ask about what others changed: should it die, `up` still does.
  const agreed = await agreedFleet(clients.world.files, paths, found);
  // What remains of the clusters can be identified only as long as their names are known.
  const keep = (memory: RememberedClusters): Promise<void> =>
    writeRecord(clients, paths, found, caller.account, { memory, agreed });
  if (!nothingToDo(planned)) {
    const destroys = await agree(session, prepared, { ...options, removeVolumes: prepared.removesVolumes });
    const report = await executeRun(session, 'down', prepared, destroys, () => keep(memory));
    if (!report.ok) {
      tellBackup(session, prepared.backup);
      return exitCodeOf(report);
    }
  } else await keep(memory);
  await forgetTaken(clients.world.files, paths);
  // The clusters reported more while they were being deleted.
  const last = await readRememberedClusters(clients.world.files, paths, found);
  const spec = { fleet, memory: rememberDeleted(last, clustersOf(fleet), clients.world.clock.now()) };
  await keep(spec.memory);
  const code = await offerLeftovers(session, { context, found, spec }, options);
  tellBackup(session, prepared.backup);
  return code;
}

/** Shows all that is deleted, then what of it works or holds data, and asks for the fleet's name. */
async function agree(
  session: Session,
  { fleet, planned, stays, backup, backs }: PreparedDown,
  options: DownOptions,
): Promise<readonly Destruction[]> {
  session.ui.showTable(removalTable(planned));
  if (backs) noteBackup(session, planned, backup);
  for (const sentence of stays) session.ui.note(sentence);
  const proceed = (): Promise<undefined> => typedName(session, options, fleet.name);
  return await consent<never>(session, options, { planned, proceed });
}
