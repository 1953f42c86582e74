/**
 * A snapshot as etcd 3.6.6 keeps it: a file of bbolt (go.etcd.io/bbolt 1.4.3, internal/common/page.go, meta.go and bucket.go) whose
 * bucket `key` has one revision of each key here (server/storage/mvcc/revision.go; api/mvccpb/kv.proto).
 */

/** One key of the store. */
export interface EtcdKey {
  readonly key: string;
  readonly value: string;
}

const pageBytes = 4096;
const headerBytes = 16;
const elementBytes = 16;
const branchless = 0x02;

/** Of the newest change: etcd's first one is 2. */
export function revisionAfter(keys: readonly EtcdKey[]): number {
  return keys.length + 1;
}

/** Two meta pages, no free pages, the root bucket, and one page that runs on as long as the keys need. */
export function snapshotFile(keys: readonly EtcdKey[]): Buffer {
  const entries = keys.map(({ key, value }, index) => entry(revisionKey(index + 2), keyValue(key, value, index + 2)));
  const data = leafPage(4, entries);
  const bucket = Buffer.alloc(16);
  bucket.writeBigUInt64LE(4n, 0);
  const root = leafPage(3, [{ ...entry(Buffer.from('key'), bucket), flags: 1 }]);
  const pages = 4 + data.length / pageBytes;
  return Buffer.concat([metaPage(0, pages), metaPage(1, pages), page(2, 0x10, 0, Buffer.alloc(0)), root, data]);
}

interface Entry {
  readonly flags: number;
  readonly key: Buffer;
  readonly value: Buffer;
}

function entry(key: Buffer, value: Buffer): Entry {
  return { flags: 0, key, value };
}

function page(id: number, flags: number, count: number, content: Buffer): Buffer {
  const length = Math.max(1, Math.ceil((headerBytes + content.length) / pageBytes));
  const bytes = Buffer.alloc(length * pageBytes);
  bytes.writeBigUInt64LE(BigInt(id), 0);
  bytes.writeUInt16LE(flags, 8);
  bytes.writeUInt16LE(count, 10);
  bytes.writeUInt32LE(length - 1, 12);
  content.copy(bytes, headerBytes);
  return bytes;
}

/** Each element tells how far behind itself its key begins. */
function leafPage(id: number, entries: readonly Entry[]): Buffer {
  const heads = Buffer.alloc(entries.length * elementBytes);
  let end = heads.length;
  for (const [index, { flags, key, value }] of entries.entries()) {
    const at = index * elementBytes;
    heads.writeUInt32LE(flags, at);
    heads.writeUInt32LE(end - at, at + 4);
    heads.writeUInt32LE(key.length, at + 8);
    heads.writeUInt32LE(value.length, at + 12);
    end += key.length + value.length;
  }
  return page(
    id,
    branchless,
    entries.length,
    Buffer.concat([heads, ...entries.flatMap(({ key, value }) => [key, value])]),
  );
}

function metaPage(id: number, pages: number): Buffer {
  const meta = Buffer.alloc(64);
  meta.writeUInt32LE(0xed0cdaed, 0);
  meta.writeUInt32LE(2, 4);
  meta.writeUInt32LE(pageBytes, 8);
  meta.writeBigUInt64LE(3n, 16);
  meta.writeBigUInt64LE(2n, 32);
  meta.writeBigUInt64LE(BigInt(pages), 40);
  meta.writeBigUInt64LE(BigInt(id), 48);
  meta.writeBigUInt64LE(fnv64(meta.subarray(0, 56)), 56);
  return page(id, 0x04, 0, meta);
}

/** FNV-1a of 64 bits. */
function fnv64(bytes: Buffer): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash;
}

/** The main number, `_`, and that within a transaction. */
function revisionKey(revision: number): Buffer {
  const bytes = Buffer.alloc(17);
  bytes.writeBigUInt64BE(BigInt(revision), 0);
  bytes.write('_', 8);
  return bytes;
}

/** A protobuf message; the key was written once. */
function keyValue(key: string, value: string, revision: number): Buffer {
  return Buffer.concat([
    field(1, Buffer.from(key)),
    number(2, revision),
    number(3, revision),
    number(4, 1),
    field(5, Buffer.from(value)),
  ]);
}

function field(name: number, bytes: Buffer): Buffer {
  return Buffer.concat([varint(name * 8 + 2), varint(bytes.length), bytes]);
}

function number(name: number, value: number): Buffer {
  return Buffer.concat([varint(name * 8), varint(value)]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Buffer.from([...bytes, rest]);
}
