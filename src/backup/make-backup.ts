/** Makes a backup of what is read of a Karmada: packs it into one file, reads that back, and gives it its place. */
import { createHash, type Hash } from 'node:crypto';
import { makeKms } from '../aws/kms.js';
import { Problem } from '../errors/problem.js';
import type { Call } from '../tools/run.js';
import type { Files } from '../world/files.js';
import type { World } from '../world/world.js';
import { type Entry, packed } from './archive.js';
import { backupFiles } from './backup-files.js';
import type { Label, SealedFor } from './encryption/head.js';
import { mustEncrypt } from './encryption/must-encrypt.js';
import { headIn, openedFiles } from './encryption/open.js';
import type { Recipients } from './encryption/recipients.js';
import { sealing, unsealed } from './encryption/seal.js';
import { hiddenSpool, openSpool } from './encryption/spool.js';
import type { SavedSnapshot, SnapshotTarget } from './etcd/member-snapshot.js';
import type { Inventory } from './inventory.js';
import { entryNames, type FileSum, type Manifest, manifestVersion } from './manifest.js';
import { type FleetDescription, type KeptSecrets, readBackup } from './read-backup.js';

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

/** All that is in a backup but etcd's data. */
export interface Known {
  readonly description: FleetDescription;
  readonly secrets: KeptSecrets;
  /** Undefined: the Karmada API does not respond. */
  readonly inventory: Inventory | undefined;
  /** Version that was last seen whole. */
  readonly karmada: string | null;
}

/** How what goes into a backup is read. */
export interface Reading {
  readonly known: (call: Call) => Promise<Known>;
  readonly snapshot: (into: SnapshotTarget, call: Call) => Promise<SavedSnapshot>;
}

export interface BackupOrder {
  readonly world: Pick<World, 'files' | 'aws' | 'clock'>;
  readonly fleet: Manifest['fleet'];
  /** Version of karmada-eks. */
  readonly madeBy: string;
  /** Whoever is to read it; empty: everybody who has the file. */
  readonly encryptTo: Recipients;
}

/** Absolute paths of this machine, but for `path`, which may be an address of S3. */
interface Places {
  readonly path: string;
  /** The backup until it is whole. */
  readonly part: string;
  /** etcd's data. */
  readonly held: string;
}

/**
 * Makes `path`, whole or not at all, and only where nothing is. The other files are the caller's to delete.
 * @throws Problem `backup-failed` if something else has taken the name, `file-failed`, `kms-key-unusable`; for S3 `bucket-missing`, or
 * as `answerOf`; and whatever `reading` raises
 */
export async function makeBackup(
  order: BackupOrder,
  reading: Reading,
  { path, part, held }: Places,
  call: Call,
): Promise<Taken> {
  const { world, encryptTo } = order;
  const { files } = world;
  const label: Label = { madeAt: new Date(world.clock.now()).toISOString(), fleet: order.fleet };
  const spool = encryptTo.length === 0 ? openSpool : hiddenSpool();
  const kms = makeKms(world.aws);
  const partSealing = encryptTo.length === 0 ? unsealed : sealing(encryptTo, label, kms);
  // A key that does not encrypt is told before etcd is asked for anything.
  await mustEncrypt(kms, encryptTo, order.fleet.id);
  // Where nothing can be written, nothing need be read.
  await files.writeStream(part, nothing());
  const known = await reading.known(call);
  const { description, secrets, inventory } = known;
  const snapshot = await reading.snapshot({ path: held, seal: spool.seal }, call);
  const texts = [
    textEntry(entryNames.fleet, description),
    textEntry(entryNames.secrets, secrets),
    ...(inventory === undefined ? [] : [textEntry(entryNames.inventory, inventory)]),
  ];
  const manifest = manifestOf(order, { label, known, snapshot, texts });
  const { sizeBytes } = snapshot;
  const entries = [
    textEntry(entryNames.manifest, manifest).entry,
    ...texts.map(({ entry }) => entry),
    { name: entryNames.snapshot, sizeBytes, bytes: spool.open(files.readStream(held)) },
  ];
  const sum = createHash('sha256');
  await files.writeStream(part, summed(partSealing.seal(packed(entries, Date.parse(label.madeAt))), sum));
  await readBack(openedFiles(files, partSealing.keys), part);
  const recipients = (await headIn(files.readStream(part), part))?.recipients ?? [];
  if (recipients.length !== encryptTo.length) throw notWritten(part, 'it is encrypted for others');
  const sizeOfAll = (await files.size(part)) ?? 0;
  const places = backupFiles(world, order.fleet.region);
  if (await places.place(part, path, call))
    return { path, sizeBytes: sizeOfAll, sha256: sum.digest('hex'), manifest, recipients };
  throw new Problem('backup-failed', {
    what: `${path} was created by something else during the backup, and is not replaced`,
    next: ['back up under another name'],
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
  readonly label: Label;
  readonly known: Known;
  readonly snapshot: SavedSnapshot;
  readonly texts: readonly TextEntry[];
}

function manifestOf({ madeBy }: BackupOrder, { label, known, snapshot, texts }: Found): Manifest {
  const { version, revision, sizeBytes, sha256 } = snapshot;
  const { inventory, karmada } = known;
  const files = Object.fromEntries(texts.map(({ entry, sum }) => [entry.name, sum]));
  return {
    v: manifestVersion,
    ...label,
    madeBy,
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
