/** Takes a backup from this machine: reads Karmada with kubectl, and etcd through a forwarded port. */
import { basename, dirname } from 'node:path';
import type { Clients } from '../clients/clients.js';
import { Problem } from '../errors/problem.js';
import { fleetConfigMap, fleetConfigMapIn } from '../state/fleet-configmap.js';
import type { KubeAccess } from '../tools/kubectl/commands.js';
import { configMap } from '../tools/kubectl/objects.js';
import type { Call } from '../tools/run.js';
import { isAddress } from './address.js';
import type { BackupSource } from './backup-source.js';
import type { SnapshotTarget } from './etcd/member-snapshot.js';
import { saveSnapshot } from './etcd/save-snapshot.js';
import { endHalves, noteHalves, removeHalves } from './halves.js';
import { initsSecretsIn } from './inits-secrets.js';
import { type Inventory, readInventory } from './inventory.js';
import { type Known, makeBackup, type Taken } from './make-backup.js';
import type { KeptSecrets } from './read-backup.js';

/**
 * Makes `path`, whole or not at all, and only where nothing is: a process that dies leaves files that end in `.part`,
 * which the next one deletes, and parts of an upload to S3, which it ends.
 * @throws Problem as `makeBackup`, `backup-failed` without a member of etcd that serves, `cluster-unreachable`, `network-unreachable`,
 * `tool-failed`, `tool-output`
 */
export async function takeBackup(source: BackupSource, path: string, call: Call): Promise<Taken> {
  const { clients, parent, fleet, account, madeBy, encryptTo } = source;
  const { world } = clients;
  const stem = isAddress(path) ? `${source.paths.backups}/${basename(path)}` : path;
  await removeHalves(source, dirname(stem));
  const [part, held] = [`${stem}.part`, `${stem}.db.part`];
  await noteHalves(source, [held, part]);
  const of = { name: fleet.name, id: fleet.id, region: fleet.parent.region, account, parent: fleet.parent.cluster };
  const reading = {
    known: () => readKnown(source, call),
    snapshot: (into: SnapshotTarget) => saveSnapshot(clients, parent, into, call),
  };
  try {
    return await makeBackup({ world, fleet: of, madeBy, encryptTo }, reading, { path, part, held }, call);
  } finally {
    await endHalves(source, [held, part]);
  }
}

async function readKnown({ clients, parent, karmada }: BackupSource, call: Call): Promise<Known> {
  const [described, secrets, inventory] = await Promise.all([
    clients.kubectl.get(parent, fleetConfigMap, configMap, call),
    readSecrets(clients, parent, call),
    karmada === undefined ? undefined : inventoryOf(clients, karmada, call),
  ]);
  const { annotations = {}, labels = {} } = described?.metadata ?? {};
  return {
    description: { annotations, labels, data: described?.data ?? {} },
    secrets,
    inventory,
    karmada: (described && fleetConfigMapIn(described).installed) ?? null,
  };
}

/** A Karmada that stops responding meanwhile is like one that did not respond before. */
async function inventoryOf(clients: Clients, karmada: KubeAccess, call: Call): Promise<Inventory | undefined> {
  return await readInventory(clients, karmada, call).catch((thrown: unknown) => {
    if (!(thrown instanceof Problem) || thrown.code !== 'cluster-unreachable') throw thrown;
    return undefined;
  });
}

async function readSecrets(clients: Clients, parent: KubeAccess, call: Call): Promise<KeptSecrets> {
  const found = await initsSecretsIn(clients, parent, call);
  return Object.fromEntries(
    found.map(({ metadata, type, data = {} }) => [metadata.name, { type: `${type ?? 'Opaque'}`, data }]),
  );
}
