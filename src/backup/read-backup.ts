/** Reads backups: whole, comparing every byte with what the manifest and etcd say; or only the manifest. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { Problem } from '../errors/problem.js';
import type { Files } from '../world/files.js';
import { isAddress } from './address.js';
import { type Entry, unpacked, unreadable } from './archive.js';
import type { BackupFiles } from './backup-port.js';
import { SnapshotSum } from './etcd/snapshot-sum.js';
import { type Inventory, inventorySchema } from './inventory.js';
import { entryNames, type Manifest, manifestSchema, manifestVersion } from './manifest.js';

const descriptionSchema = z.object({
  annotations: z.record(z.string(), z.string()),
  labels: z.record(z.string(), z.string()),
  data: z.record(z.string(), z.string()),
});

/** By name; values are base64. */
const secretsSchema = z.record(z.string(), z.object({ type: z.string(), data: z.record(z.string(), z.string()) }));

/** The fleet's ConfigMap in the parent. */
export type FleetDescription = z.infer<typeof descriptionSchema>;
/** The Secrets that `kubectl karmada init` made in the parent. */
export type KeptSecrets = z.infer<typeof secretsSchema>;

/** All of a backup but etcd's data. */
export interface Backup {
  readonly manifest: Manifest;
  readonly fleet: FleetDescription;
  readonly secrets: KeptSecrets;
  /** Undefined: the Karmada API did not respond when it was taken. */
  readonly inventory: Inventory | undefined;
}

/** Of this machine or of S3. */
type ReadFiles = Pick<Files, 'size' | 'readStream'>;

/** Longer texts are no manifest of ours. */
const longestManifest = 1_000_000;

/** In bytes, of all texts together: a string of V8 holds no more, and etcd, which all of it comes from, is smaller. */
const longestTexts = 512 * 2 ** 20;

/** Only the first entry is read, and nothing else is compared. @throws Problem `backup-unreadable`, `file-failed` */
export async function readManifest(files: BackupFiles, path: string): Promise<Manifest> {
  for await (const entry of openBackup({ ...files, readStream: files.readHead }, path))
    return await manifestIn(entry, path);
  throw unreadable(path, 'it is not a backup, or it is damaged');
}

/** Reads all of the file, in constant memory but for the JSON in it, and compares all sums. @throws as `readManifest` */
export async function readBackup(files: ReadFiles, path: string): Promise<Backup> {
  let manifest: Manifest | undefined;
  const texts = new Map<string, string>();
  for await (const entry of openBackup(files, path)) {
    if (manifest === undefined) manifest = await manifestIn(entry, path);
    else texts.set(entry.name, await compared(listed(entry, manifest, path), manifest, path));
  }
  if (manifest === undefined) throw unreadable(path, 'it is not a backup, or it is damaged');
  refuseMissing(manifest, texts, path);
  const json = <T>(name: string, as: z.ZodType<T>): T => understood(texts.get(name) ?? '', as, path, name);
  const secrets = json(entryNames.secrets, secretsSchema);
  if (secrets['karmada-cert']?.data['ca.key'] === undefined || secrets['etcd-cert'] === undefined)
    throw unreadable(path, 'it is damaged', 'the Secrets in it have no keys of the CAs');
  return {
    manifest,
    fleet: json(entryNames.fleet, descriptionSchema),
    secrets,
    inventory: texts.has(entryNames.inventory) ? json(entryNames.inventory, inventorySchema) : undefined,
  };
}

/** The sums alone would also be right of a file without etcd's data. */
function refuseMissing({ files, counts, etcd }: Manifest, texts: ReadonlyMap<string, string>, path: string): void {
  const { fleet, secrets, inventory, snapshot } = entryNames;
  const needed = [fleet, secrets, snapshot, ...(counts === null ? [] : [inventory]), ...Object.keys(files)];
  const missing = needed.find((name) => files[name] === undefined || !texts.has(name));
  if (missing !== undefined) throw unreadable(path, 'it is damaged', `${missing} is missing`);
  if (files[snapshot]?.sizeBytes !== etcd.sizeBytes)
    throw unreadable(path, 'it is damaged', 'its manifest has two sizes of etcd’s data');
}

/** etcd's data, as `etcdutl snapshot restore` takes it; it ends in `backup-unreadable` if it is not what the manifest says. */
export async function* snapshotOf(files: ReadFiles, path: string): AsyncGenerator<Uint8Array> {
  let manifest: Manifest | undefined;
  for await (const entry of openBackup(files, path)) {
    if (manifest === undefined) manifest = await manifestIn(entry, path);
    else if (entry.name === entryNames.snapshot)
      return yield* sumChecked(listed(entry, manifest, path), manifest, path);
  }
  throw unreadable(path, 'it is damaged', `${entryNames.snapshot} is missing`);
}

async function* openBackup(files: ReadFiles, path: string): AsyncGenerator<Entry> {
  const size = await files.size(path);
  if (size === undefined) throw unreadable(path, `there is no such ${isAddress(path) ? 'object' : 'file'}`);
  if (size === 0) throw unreadable(path, 'it is empty');
  yield* unpacked(bytesOf(files, path), path);
}

async function* bytesOf(files: ReadFiles, path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* files.readStream(path);
  } catch (thrown) {
    if (thrown instanceof Problem && /\bEISDIR\b/.test(thrown.why ?? '')) throw unreadable(path, 'it is a folder');
    throw thrown;
  }
}

async function manifestIn({ name, sizeBytes, bytes }: Entry, path: string): Promise<Manifest> {
  if (name !== entryNames.manifest || sizeBytes > longestManifest)
    throw unreadable(path, 'it is not a backup of karmada-eks');
  const text = await textOf(bytes);
  const { v } = understood(text, z.looseObject({ v: z.number() }), path, name);
  if (v > manifestVersion)
    throw unreadable(path, `a newer karmada-eks made it: expected version ${manifestVersion}, got ${v}`);
  const manifest = understood(text, manifestSchema, path, name);
  const texts = Object.entries(manifest.files).filter(([each]) => each !== entryNames.snapshot);
  if (texts.reduce((sum, [, file]) => sum + file.sizeBytes, 0) > longestTexts)
    throw unreadable(path, 'it is not a backup of karmada-eks', 'the texts in it have more than 512 MiB');
  return manifest;
}

/** The entry, if the manifest lists it as it is: of any other nothing is read. @throws Problem `backup-unreadable` */
function listed(entry: Entry, { files }: Manifest, path: string): Entry {
  const { name, sizeBytes } = entry;
  if (!Object.hasOwn(files, name)) throw unreadable(path, 'it is damaged', `${name} is not in its manifest`);
  if (files[name]?.sizeBytes !== sizeBytes) throw unreadable(path, 'it is damaged', `${name} has another size`);
  return entry;
}

/** The text of an entry; empty for etcd's data, which is only compared. */
async function compared(entry: Entry, manifest: Manifest, path: string): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of sumChecked(entry, manifest, path))
    if (entry.name !== entryNames.snapshot) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}

async function* sumChecked(
  { name, bytes }: Entry,
  { files, etcd }: Manifest,
  path: string,
): AsyncGenerator<Uint8Array> {
  const sum = createHash('sha256');
  const own = name === entryNames.snapshot ? new SnapshotSum() : undefined;
  for await (const piece of bytes) {
    sum.update(piece);
    own?.update(piece);
    yield piece;
  }
  const found = sum.digest('hex');
  if (files[name]?.sha256 !== found) throw unreadable(path, 'it is damaged', `${name} has another SHA-256`);
  if (own !== undefined && (found !== etcd.sha256 || !own.isRight()))
    throw unreadable(path, 'it is damaged', 'the snapshot of etcd does not match its own SHA-256');
}

async function textOf(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of bytes) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}

function understood<T>(text: string, as: z.ZodType<T>, path: string, name: string): T {
  try {
    return as.parse(JSON.parse(text));
  } catch {
    // Nothing of it is shown: it may be a Secret.
    throw unreadable(path, 'it is damaged', `${name} has an unexpected form`);
  }
}
