/** What is backed up, and how it is reached. */

import type { Clients } from '../clients/clients.js';
import type { Fleet } from '../fleet/fleet.js';
import type { FleetPaths } from '../fleet/paths.js';
import type { KubeAccess } from '../tools/kubectl/commands.js';
import type { Recipients } from './encryption/recipients.js';

export interface BackupSource {
  readonly clients: Clients;
  readonly fleet: Fleet;
  readonly account: string;
  readonly parent: KubeAccess;
  /** Undefined: the Karmada API does not respond; the backup has no inventory then. */
  readonly karmada: KubeAccess | undefined;
  /** Version of karmada-eks. */
  readonly madeBy: string;
  /** Of the fleet on this machine: a backup for S3 is put together there. */
  readonly paths: FleetPaths;
  /** Whoever is to read it; empty: everybody who has the file. */
  readonly encryptTo: Recipients;
}
