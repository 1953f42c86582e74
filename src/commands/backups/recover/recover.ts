/** `recover`: gives a fleet whose parent is gone a new one from a backup, elsewhere if wanted; its members go on running. */

import { openBackup } from '../../../backup/opened-backup.js';
import type { HeldPolicy } from '../../../backup/restore/held-back.js';
import { heldNow } from '../../../backup/restore/held-now.js';
import { pendingIn } from '../../../backup/restore/pending.js';
import { shortList } from '../../../engine/destruction.js';
import { ExitCode } from '../../../errors/exit-codes.js';
import { Problem } from '../../../errors/problem.js';
import { fleetCommand } from '../../../fleet/fleet-command.js';
import { rememberMaking } from '../../../ownership/cluster-lifetimes.js';
import { readRecord, readRememberedClusters, writeRecord } from '../../../ownership/fleet-record.js';
import { pathsOfFleet } from '../../../state/known-fleets.js';
import { recoveredFleet } from '../../../state/recovered-fleet.js';
import { karmadaAccess } from '../../../steps/context.js';
import { withFleetLock } from '../../locks/with-fleet-lock.js';
import { agreeToContexts } from '../../review/agree-to-contexts.js';
import { consent, plainConsent, requireConsent } from '../../review/consent.js';
import { nothingToDo } from '../../review/plan-table.js';
import { backupFilesOf, namedBackup, readableFiles } from '../../shared/backup-place.js';
import { exitCodeOf } from '../../shared/execute.js';
import { stateOf } from '../../shared/next-steps.js';
import { executeRun, review, showRun } from '../../shared/planned-run.js';
import { explicitRequest } from '../../shared/resolve-request.js';
import { callOf, type Session } from '../../shared/session.js';
import { offeringTools } from '../../tools-install/offer-tools.js';
import { differenceTable, exceptionsOf } from '../restore/difference-table.js';
import { tellHeld } from '../restore/tell-held.js';
import { formerSchedule } from './former-schedule.js';
import {
  formerPaths,
  type PreparedRecovery,
  prepareRecover,
  type RecoverOptions,
  type Wanted,
} from './prepare-recover.js';

export async function recover(session: Session, options: RecoverOptions): Promise<number> {
  requireConsent(session, 'recover', { '--yes': options.yes });
  const { fleet: name, ...given } = await explicitRequest(session, options);
  const places = await readableFiles(session, backupFilesOf(session, given.region), options);
  const backup = await openBackup(places, namedBackup(session, options));
  if (name !== undefined && name !== backup.manifest.fleet.name) throw otherFleet(name, backup);
  const { fleet } = recoveredFleet(backup, given);
  const { account } = backup.manifest.fleet;
  const place = { name: fleet.name, region: fleet.parent.region, account };
  const paths = await pathsOfFleet(session.clients.world, place);
  return await withFleetLock(session, paths, (held) => attempt(held, { backup, fleet, paths }, options));
}

function otherFleet(name: string, { path, manifest }: Wanted['backup']): Problem {
  return new Problem('invalid-value', {
    what: `${path} is a backup of fleet ${manifest.fleet.name}, not of ${name}; nothing was changed`,
    next: ['omit --fleet, or use a backup of that fleet'],
  });
}

async function attempt(session: Session, wanted: Wanted, options: RecoverOptions): Promise<number> {
  const { ui } = session;
  const { backup, fleet } = wanted;
  await agreeToContexts(session, options, fleet, fleet.members);
  const prepared = await offeringTools(session, () => prepareRecover(session, wanted, options));
  await review(session, prepared, prepared.facts.warnings);
  for (const line of prepared.left) ui.note(`warning: ${line}`);
  if (nothingToDo(prepared.planned)) {
    ui.print(`fleet ${fleet.name} is recovered: nothing to do`);
    await forgetFormer(session, wanted);
    return ExitCode.ok;
  }
  ui.note(`the backup is of ${backup.manifest.madeAt}; ${prepared.former.join('; ')}`);
  showRun(session, { ...prepared, switchContext: false });
  if (prepared.changes.length > 0)
    ui.showTable(differenceTable([], prepared.changes, exceptionsOf(backup.etcd.keys, prepared.changes)));
  const pending = pendingIn(backup.etcd.keys);
  if (pending.length > 0)
    ui.note(`warning: under way when the backup was taken, and carried on by the new parent: ${shortList(pending)}`);
  const question = `Give fleet ${fleet.name} a new parent in ${fleet.parent.region}`;
  const proceed = (): Promise<undefined> => plainConsent(session, options, question, true);
  const agreed = await consent<never>(session, options, { planned: prepared.planned, proceed });
  const report = await executeRun(session, 'recover', prepared, agreed, () => record(session, wanted, prepared));
  if (!report.ok) {
    ui.note(`the recovery is not finished; to go on with it, run the same command again`);
    return exitCodeOf(report);
  }
  await forgetFormer(session, wanted);
  // Also what an earlier run held back that did not come to its end.
  const policies = await heldNow(session.clients, karmadaAccess(prepared.paths), callOf(session));
  tellEnd(session, wanted, policies, await formerSchedule(session, wanted));
  tellHeld(ui, { policies });
  return exitCodeOf(report);
}

/** What this machine remembers of the members' clusters comes along. */
async function record(session: Session, { backup, paths }: Wanted, prepared: PreparedRecovery): Promise<void> {
  const { clients } = session;
  const { files, clock } = clients.world;
  const { fleet, account, facts } = prepared;
  const alone = { ...fleet, members: [] };
  const own = await readRememberedClusters(files, paths, fleet);
  const before = await readRememberedClusters(files, formerPaths(session, backup), fleet);
  // Of the members nothing new is known.
  const memory = rememberMaking(own.made.length > 0 ? own : before, alone, facts.ownership, clock.now());
  await writeRecord(clients, paths, fleet, account, { memory });
}

/** This machine knows the fleet where it is now, and nowhere else; the backups there stay. */
async function forgetFormer(session: Session, { backup, fleet, paths }: Wanted): Promise<void> {
  const { files } = session.clients.world;
  const former = formerPaths(session, backup);
  if (former.record === paths.record) return;
  const known = await readRecord(files, former);
  if (known?.request.id === fleet.id) await files.remove(former.record);
}

function tellEnd(
  { ui }: Session,
  { backup, fleet }: Wanted,
  held: readonly HeldPolicy[],
  schedule: string | undefined,
): void {
  const { parent, region } = backup.manifest.fleet;
  ui.print(`\nfleet ${fleet.name} has a new parent: ${fleet.parent.cluster} in ${fleet.parent.region}\n`);
  ui.note(
    `what is left of the former parent ${parent} in ${region} (its stacks, volumes, load balancer) is not deleted; should it come back, members refuse its tokens, and agents do not call it`,
  );
  if (schedule !== undefined) ui.note(schedule);
  ui.showNext([stateOf(fleet), { purpose: 'what has changed since', command: fleetCommand('plan', fleet) }]);
  ui.data('recovered', { fleet: fleet.name, region: fleet.parent.region, parent: fleet.parent.cluster, held });
}
