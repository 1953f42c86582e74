/** Takes a backup: etcd's snapshot, the Secrets and the fleet's description, in one file that is read back. */
import { createHash, type Hash } from 'node:crypto';
import { basename, dirname } from 'node:path';
import { makeKms } from '../aws/kms.js';
import type { Clients } from '../clients/clients.js';
import { Problem } from '../errors/problem.js';
import type { Fleet } from '../fleet/fleet.js';
import { karmadaNamespace } from '../fleet/names.js';
import type { FleetPaths } from '../fleet/paths.js';
import { fleetConfigMap, fleetConfigMapIn } from '../state/fleet-configmap.js';
import type { KubeAccess } from '../tools/kubectl/commands.js';
import { configMap, secret } from '../tools/kubectl/objects.js';
import type { Call } from '../tools/run.js';
import type { Files } from '../world/files.js';
import { isAddress } from './address.js';
import { type Entry, packed } from './archive.js';
import { backupFiles } from './backup-files.js';
import type { Label, SealedFor } from './encryption/head.js';
import { headIn, openedFiles } from './encryption/open.js';
import type { Recipients } from './encryption/recipients.js';
import { type Sealing, sealing, unsealed } from './encryption/seal.js';
import { hiddenSpool, openSpool } from './encryption/spool.js';
import { endHalves, noteHalves, removeHalves } from './halves.js';
import { type Inventory, readInventory } from './inventory.js';
import { entryNames, type FileSum, type Manifest, manifestVersion } from './manifest.js';
import { type FleetDescription, type KeptSecrets, readBackup } from './read-backup.js';
import { type SavedSnapshot, saveSnapshot } from './save-snapshot.js';

/** What is backed up, and how it is reached. */
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

export interface Taken {
  /** Absolute, or an address of S3. */
  readonly path: string;
  readonly sizeBytes: number;
  /** Of the whole file. */
  readonly sha256: string;
  /** Undefined: an earlier run took it, and it is encrypted. */
  readonly manifest: Manifest | undefined;
  /** For whom it is encrypted; empty: it is not. */
  readonly recipients: readonly SealedFor[];
}

/** Of Secrets that `kubectl karmada init` makes (karmada 1.18.2, karmadactl/util/bootstraptoken; observed). */
const initsSecrets = {
  kind: 'secrets',
  namespace: karmadaNamespace,
  selector: 'karmada.io/bootstrapping=secret-defaults',
} as const;

/**
 * Makes `path`, whole or not at all, and only where nothing is: a process that dies leaves files that end in `.part`,
 * which the next one deletes, and parts of an upload to S3, which it ends.
 * @throws Problem `backup-failed` without a member of etcd that serves or if something else has taken the name,
 * `file-failed`, `cluster-unreachable`, `network-unreachable`, `tool-failed`, `tool-output`; for S3 `bucket-missing`, or as `answerOf`
 */
export async function takeBackup(source: BackupSource, path: string, call: Call): Promise<Taken> {
  const { clients, parent, karmada } = source;
  const { files, clock } = clients.world;
  const stem = isAddress(path) ? `${source.paths.backups}/${basename(path)}` : path;
  await removeHalves(source, dirname(stem));
  const [part, held] = [`${stem}.part`, `${stem}.db.part`];
  const madeAt = clock.now();
  const spool = source.encryptTo.length === 0 ? openSpool : hiddenSpool();
  const partSealing = sealingOf(source, madeAt);
  await mustSeal(source, madeAt);
  await noteHalves(source, [held, part]);
  try {
    // Where nothing can be written, nothing need be read.
    await files.writeStream(part, nothing());
    const [described, secrets, inventory] = await Promise.all([
      clients.kubectl.get(parent, fleetConfigMap, configMap, call),
      readSecrets(clients, parent, call),
      karmada === undefined ? undefined : inventoryOf(clients, karmada, call),
    ]);
    const { annotations = {}, labels = {} } = described?.metadata ?? {};
    const description: FleetDescription = { annotations, labels, data: described?.data ?? {} };
    const installed = (described && fleetConfigMapIn(described).installed) ?? null;
    const snapshot = await saveSnapshot(clients, parent, { path: held, seal: spool.seal }, call);
    const texts = [
      textEntry(entryNames.fleet, description),
      textEntry(entryNames.secrets, secrets),
      ...(inventory === undefined ? [] : [textEntry(entryNames.inventory, inventory)]),
    ];
    const manifest = manifestOf(source, { madeAt, karmada: installed, inventory, snapshot, texts });
    const { sizeBytes } = snapshot;
    const entries = [
      textEntry(entryNames.manifest, manifest).entry,
      ...texts.map(({ entry }) => entry),
      { name: entryNames.snapshot, sizeBytes, bytes: spool.open(files.readStream(held)) },
    ];
    const sum = createHash('sha256');
    await files.writeStream(part, summed(partSealing.seal(packed(entries, madeAt)), sum));
    await readBack(openedFiles(files, partSealing.keys), part);
    const recipients = (await headIn(files.readStream(part), part))?.recipients ?? [];
    if (recipients.length !== source.encryptTo.length) throw notWritten(part, 'it is encrypted for others');
    const sizeOfAll = (await files.size(part)) ?? 0;
    const places = backupFiles(clients.world, source.fleet.parent.region);
    if (await places.place(part, path, call))
      return { path, sizeBytes: sizeOfAll, sha256: sum.digest('hex'), manifest, recipients };
    throw new Problem('backup-failed', {
      what: `${path} was created by something else during the backup, and is not replaced`,
      next: ['back up under another name'],
    });
  } finally {
    await endHalves(source, [held, part]);
  }
}

function sealingOf(source: BackupSource, madeAt: number): Sealing {
  const { clients, encryptTo } = source;
  if (encryptTo.length === 0) return unsealed;
  return sealing(encryptTo, labelFor(source, madeAt), makeKms(clients.world.aws));
}

/** A key that does not encrypt is told before etcd is asked for anything. @throws Problem `kms-key-unusable`, or as `answerOf` */
async function mustSeal(source: BackupSource, madeAt: number): Promise<void> {
  for await (const _ of sealingOf(source, madeAt).seal(nothing()));
}

/** A Karmada that stops responding meanwhile is like one that did not respond before. */
async function inventoryOf(clients: Clients, karmada: KubeAccess, call: Call): Promise<Inventory | undefined> {
  return await readInventory(clients, karmada, call).catch((thrown: unknown) => {
    if (!(thrown instanceof Problem) || thrown.code !== 'cluster-unreachable') throw thrown;
    return undefined;
  });
}

async function* summed(bytes: AsyncIterable<Uint8Array>, sum: Hash): AsyncGenerator<Uint8Array> {
  for await (const piece of bytes) {
    sum.update(piece);
    yield piece;
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** What is not whole is no backup, and gets no name that somebody could take for one. */
async function readBack(files: Files, part: string): Promise<void> {
  try {
    await readBackup(files, part);
  } catch (thrown) {
    if (!(thrown instanceof Problem) || thrown.code !== 'backup-unreadable') throw thrown;
    throw notWritten(part, thrown.why ?? thrown.message, thrown);
  }
}

function notWritten(part: string, why: string, cause?: unknown): Problem {
  return new Problem('backup-failed', {
    what: `${part} does not match what was written, and is deleted`,
    why,
    next: ['check the disk, then run the same command again'],
    cause,
  });
}

interface Found {
  readonly madeAt: number;
  readonly karmada: string | null;
  readonly inventory: Inventory | undefined;
  readonly snapshot: SavedSnapshot;
  readonly texts: readonly TextEntry[];
}

function labelFor({ fleet, account }: BackupSource, madeAt: number): Label {
  return {
    madeAt: new Date(madeAt).toISOString(),
    fleet: { name: fleet.name, id: fleet.id, region: fleet.parent.region, account, parent: fleet.parent.cluster },
  };
}

function manifestOf(source: BackupSource, { madeAt, karmada, inventory, snapshot, texts }: Found): Manifest {
  const { version, revision, sizeBytes, sha256 } = snapshot;
  const files = Object.fromEntries(texts.map(({ entry, sum }) => [entry.name, sum]));
  return {
    v: manifestVersion,
    ...labelFor(source, madeAt),
    madeBy: source.madeBy,
    karmada,
    etcd: { version, revision, sizeBytes, sha256 },
    counts:
      inventory === undefined
        ? null
        : {
            clusters: inventory.clusters.length,
            policies: inventory.policies.length,
            templates: inventory.bindings.length,
            works: inventory.works.length,
          },
    files: { ...files, [entryNames.snapshot]: { sizeBytes, sha256 } },
  };
}

interface TextEntry {
  readonly entry: Entry;
  readonly sum: FileSum;
}

function textEntry(name: string, value: unknown): TextEntry {
  const text = Buffer.from(`${JSON.stringify(value)}\n`);
  const sizeBytes = text.length;
  const once = async function* (): AsyncGenerator<Uint8Array> {
    yield text;
  };
  return {
    entry: { name, sizeBytes, bytes: once() },
    sum: { sizeBytes, sha256: createHash('sha256').update(text).digest('hex') },
  };
}

async function readSecrets({ kubectl }: Clients, parent: KubeAccess, call: Call): Promise<KeptSecrets> {
  const found = await kubectl.list(parent, initsSecrets, secret, call);
  const names = found.map(({ metadata }) => metadata.name);
  const missing = ['karmada-cert', 'etcd-cert'].find((name) => !names.includes(name));
  if (missing !== undefined)
    throw new Problem('backup-failed', {
      what: `Secret ${missing} is missing in ${parent.context}: without it a snapshot is worthless`,
      next: ['find out what became of it: kubectl -n karmada-system get secrets'],
    });
  return Object.fromEntries(
    found.map(({ metadata, type, data = {} }) => [metadata.name, { type: `${type ?? 'Opaque'}`, data }]),
  );
}
