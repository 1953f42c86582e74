/** Refuses a backup of a Karmada whose CA or key of tokens was another: members and agents trust the present one. */
import type { OpenedBackup } from '../../../backup/opened-backup.js';
import { mainSecret } from '../../../certificates/kept.js';
import { Problem } from '../../../errors/problem.js';
import { fleetCommand } from '../../../fleet/fleet-command.js';
import { karmadaNamespace } from '../../../fleet/names.js';
import type { KubeAccess } from '../../../tools/kubectl/commands.js';
import { secret } from '../../../tools/kubectl/objects.js';
import type { OpenFleet } from '../../shared/with-fleet.js';

/** A renewal leaves both as they are. */
const lasting = ['ca.crt', 'karmada.key'];

/** @throws Problem `backup-unreadable` */
export async function refuseOtherKeys(
  { session, fleet, call }: OpenFleet,
  { secrets, path }: OpenedBackup,
  parent: KubeAccess,
): Promise<void> {
  const ref = { kind: 'secrets', name: mainSecret, namespace: karmadaNamespace };
  const present = (await session.clients.kubectl.get(parent, ref, secret, call))?.data ?? {};
  const saved = secrets[mainSecret]?.data ?? {};
  if (lasting.every((entry) => present[entry] === undefined || present[entry] === saved[entry])) return;
  throw new Problem('backup-unreadable', {
    what: `${path} cannot be restored into fleet ${fleet.name}; nothing was changed`,
    why: 'Karmada was reinstalled since: it has another CA, or another key for the tokens of service accounts',
    next: [`list the backups of this fleet: ${fleetCommand('backup list', fleet)}`],
  });
}
