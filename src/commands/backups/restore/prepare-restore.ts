/** Prepares `restore`: reads the backup, refuses what does not belong to this fleet, and compares it with the present. */
import { unseenKarmada } from '../../../access/endpoints/unseen-karmada.js';
import { readBindings } from '../../../access/grants/grants.js';
import { readInventory } from '../../../backup/inventory.js';
import { type OpenedBackup, openBackup } from '../../../backup/opened-backup.js';
import { bindingDifference, type Difference, differenceOf } from '../../../backup/restore/difference.js';
import type { HeldBack } from '../../../backup/restore/held-back.js';
import { Problem } from '../../../errors/problem.js';
import { fleetCommand } from '../../../fleet/fleet-command.js';
import type { OptionsOf } from '../../../options/table.js';
import { restoreSteps } from '../../../pipelines/restore.js';
import { readFleetConfigMap } from '../../../state/fleet-configmap.js';
import { type Restoring, restoringNow, unfinishedRestore } from '../../../state/restoring.js';
import type { FleetContext } from '../../../steps/context.js';
import { compareMembers, type MemberChange } from '../../../steps/restore/compare-members.js';
import { hasLostMembers, heldOf, refuseFullEtcd } from '../../../steps/restore/write-etcd.js';
import type { KubeAccess } from '../../../tools/kubectl/commands.js';
import { agreeToContexts } from '../../review/agree-to-contexts.js';
import { backupFirst } from '../../shared/backup-first.js';
import { backupFilesOf, namedBackup, readableFiles } from '../../shared/backup-place.js';
import { silentKarmada } from '../../shared/karmada-of.js';
import { type PlannedRun, planRun, review } from '../../shared/planned-run.js';
import type { RequestOptions } from '../../shared/resolve-request.js';
import type { OpenFleet } from '../../shared/with-fleet.js';
import { type Exceptions, exceptionsOf } from './difference-table.js';
import { refuseOtherKeys } from './refuse-other-keys.js';

export type RestoreOptions = RequestOptions &
  OptionsOf<'yes' | 'confirm' | 'identityFiles' | 'noBackup' | 'backupInto' | 'encryptTo'> & {
    readonly names: readonly string[];
  };

export interface PreparedRestore extends PlannedRun {
  readonly context: FleetContext;
  readonly backup: OpenedBackup;
  /** Undefined: Karmada does not tell what it knows now. */
  readonly differences: readonly Difference[] | undefined;
  readonly changes: readonly MemberChange[];
  readonly exceptions: Exceptions;
  /** A restore that died, and is gone on with. */
  readonly mark: Restoring | undefined;
  /** What was held back; undefined: nothing was written in this run. */
  readonly held: () => HeldBack | undefined;
  /** Where the present was backed up. */
  readonly before: () => string | undefined;
}

export async function prepareRestore(open: OpenFleet, options: RestoreOptions): Promise<PreparedRestore> {
  const { session, fleet, paths, caller, call, access } = open;
  const { clients } = session;
  await agreeToContexts(session, options, fleet, fleet.members);
  const reach = await access();
  const parent = reach.apis.get('parent');
  if (parent === undefined) throw silentKarmada(fleet);
  const places = await readableFiles(session, backupFilesOf(session, fleet.parent.region), options);
  const backup = await openBackup(places, namedBackup(session, options));
  const mark = await restoringNow(clients, parent, call);
  // Karmada may not have the keys of the backup yet.
  if (mark?.loses === null) throw unfinishedRestore(fleet, mark);
  await refuseForeign(open, backup, parent);
  await refuseOtherKeys(open, backup, parent);
  const unseen = mark === undefined ? await unseenKarmada(clients, fleet, reach, call) : undefined;
  if (unseen !== undefined) throw unseen;
  const context: FleetContext = { fleet, caller, clients, paths, ownership: reach.ownership };
  await refuseFullEtcd(context, parent, call);
  const isLost = mark === undefined && (await hasLostMembers(context, parent, call));
  if (isLost) refuseLost(open, backup, options);
  const karmada = isLost || mark !== undefined ? undefined : reach.karmada;
  const differences = await differencesNow(open, backup, karmada);
  const changes = await compareMembers(clients, reach.apis, backup.etcd.keys, call);
  const source = { fleet, account: caller.account, parent, karmada: reach.karmada };
  // What a restore that is resumed finds is neither the past nor the present.
  const before = mark === undefined ? await backupFirst(session, { ...source, paths }, options, 'changes') : undefined;
  let held: HeldBack | undefined;
  const disappearing = (differences ?? []).filter(({ becomes }) => becomes === 'disappears');
  const loses = mark?.loses ?? disappearing.map(({ kind, name }) => `${kind} ${name}`);
  const tell = (back: HeldBack): void => {
    held = back;
  };
  const run = await planRun(session, { fleet, paths }, (lease) =>
    restoreSteps(context, lease, { backup, apis: reach.apis, loses, resumes: mark !== undefined, tell }, before),
  );
  await review(session, run);
  const exceptions = exceptionsOf(backup.etcd.keys, changes);
  return {
    ...run,
    context,
    backup,
    differences,
    changes,
    exceptions,
    mark,
    held: () => held ?? (mark?.isWritten === true ? heldOf(backup.etcd.keys, changes) : undefined),
    before: () => before?.taken()?.path,
  };
}

/** Another fleet's certificates and another Karmada's types would make it unusable. */
async function refuseForeign(
  { session, fleet, caller, call }: OpenFleet,
  { manifest, path }: OpenedBackup,
  parent: KubeAccess,
): Promise<void> {
  const unusable = (why: string): Problem =>
    new Problem('backup-unreadable', {
      what: `${path} cannot be restored into fleet ${fleet.name}; nothing was changed`,
      why,
      next: [`list the backups of this fleet: ${fleetCommand('backup list', fleet)}`],
    });
  const { id, account, name } = manifest.fleet;
  if (id !== fleet.id || account !== caller.account)
    throw unusable(`it is a backup of fleet ${name} (id ${id}) in account ${account}`);
  const installed = (await readFleetConfigMap(session.clients, parent, call))?.installed;
  if (manifest.karmada === null || installed === undefined || manifest.karmada === installed) return;
  throw unusable(`it is a backup of Karmada ${manifest.karmada}, but ${installed} is installed`);
}

/** An etcd that has lost its data has nothing to be backed up; that must be said, not found out later. */
function refuseLost({ fleet }: OpenFleet, { inventory }: OpenedBackup, options: RestoreOptions): void {
  if (options.noBackup || (inventory?.clusters.length ?? 0) === 0) return;
  throw new Problem('backup-failed', {
    what: `Karmada of fleet ${fleet.name} has lost its data: it has no members, and there is nothing to back up`,
    next: ['to restore without a backup of what is there now, add --no-backup'],
  });
}

/** Undefined: the present cannot be read. */
async function differencesNow(
  { session, fleet, call }: OpenFleet,
  { inventory, etcd }: OpenedBackup,
  karmada: KubeAccess | undefined,
): Promise<readonly Difference[] | undefined> {
  if (karmada === undefined || inventory === undefined) return undefined;
  const present = await readInventory(session.clients, karmada, call).catch((thrown: unknown) => {
    if (thrown instanceof Problem && thrown.code !== 'interrupted') return undefined;
    throw thrown;
  });
  if (present === undefined) return undefined;
  const bindings = await readBindings(session.clients, karmada, fleet.id, call);
  return [
    ...differenceOf(present, inventory),
    ...bindingDifference(
      bindings,
      etcd.keys.map(({ key }) => key),
    ),
  ];
}
