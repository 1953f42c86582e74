/**
 * Reads the keys in a snapshot of etcd without etcd: a file of bbolt (go.etcd.io/bbolt 1.4.3, internal/common/page.go, meta.go and
 * bucket.go), whose bucket `key` has every revision of every key (etcd 3.6.6, server/storage/mvcc/revision.go; api/mvccpb/kv.proto).
 */

/** What etcd holds under one key. */
export interface StoredKey {
  readonly key: string;
  readonly value: Buffer;
  /** It ends by itself unless somebody renews it: an Event, or the mark of an API server that runs. */
  readonly leased: boolean;
}

export interface EtcdFile {
  /** Of the newest change in it. */
  readonly revision: number;
  /** Sorted as etcd sorts them, by their bytes. */
  readonly keys: readonly StoredKey[];
}

/** The newest value of each key that was not deleted; undefined if the bytes are no snapshot of etcd. */
export function readEtcdFile(snapshot: Buffer): EtcdFile | undefined {
  try {
    return newest(snapshot);
  } catch (thrown) {
    // A number that points out of the file, or an entry that is cut off.
    if (thrown instanceof RangeError) return undefined;
    throw thrown;
  }
}

function newest(file: Buffer): EtcdFile | undefined {
  const root = newestRoot(file);
  if (root === undefined) return undefined;
  const bucket = [...entriesOf(file, root)].find(({ key }) => key.toString() === 'key');
  if (bucket === undefined) return undefined;
  const found = new Map<string, StoredKey>();
  let revision = 1;
  for (const { key, value } of inBucket(file, root.size, bucket.value)) {
    // The main number, `_`, that within a transaction, and `t` where it deletes.
    revision = Number(key.readBigUInt64BE(0));
    const stored = storedKey(value);
    if (key.length >= deletingLength) found.delete(stored.key);
    else found.set(stored.key, stored);
  }
  const keys = [...found].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, stored]) => stored);
  return { revision, keys };
}

const deletingLength = 18;

interface Page {
  readonly size: number;
  /** Where it begins. */
  readonly at: number;
}

const magic = 0xed0cdaed;
const headerBytes = 16;
const leaf = 0x02;
const branch = 0x01;

/** There are two meta pages, of which the newer one that was written whole counts. */
function newestRoot(file: Buffer): Page | undefined {
  const size = file.readUInt32LE(headerBytes + 8);
  const metas = [0, size].flatMap((at) => {
    const meta = at + headerBytes;
    if (at + size > file.length || file.readUInt32LE(meta) !== magic) return [];
    if (file.readBigUInt64LE(meta + 56) !== fnv64(file.subarray(meta, meta + 56))) return [];
    return [{ root: numberAt(file, meta + 16), written: numberAt(file, meta + 48) }];
  });
  const [last] = metas.sort((one, other) => other.written - one.written);
  return last === undefined ? undefined : { size, at: last.root * size };
}

/** FNV-1a of 64 bits. */
function fnv64(bytes: Buffer): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash;
}

interface Entry {
  readonly key: Buffer;
  readonly value: Buffer;
}

/** The entries below a page, in the order of their keys. */
function* entriesOf(file: Buffer, { size, at }: Page): Generator<Entry> {
  const kind = file.readUInt16LE(at + 8);
  const count = kind === leaf || kind === branch ? file.readUInt16LE(at + 10) : 0;
  for (let index = 0; index < count; index += 1) {
    const element = at + headerBytes + index * 16;
    if (kind === branch) {
      yield* entriesOf(file, { size, at: numberAt(file, element + 8) * size });
      continue;
    }
    const begin = element + file.readUInt32LE(element + 4);
    const middle = begin + file.readUInt32LE(element + 8);
    const end = middle + file.readUInt32LE(element + 12);
    mustReach(file, end);
    yield { key: file.subarray(begin, middle), value: file.subarray(middle, end) };
  }
}

/** A small bucket has its page behind its head, instead of one of its own. */
function inBucket(file: Buffer, size: number, bucket: Buffer): Generator<Entry> {
  const root = numberAt(bucket, 0);
  return root === 0 ? entriesOf(bucket, { size, at: 16 }) : entriesOf(file, { size, at: root * size });
}

function numberAt(file: Buffer, at: number): number {
  return Number(file.readBigUInt64LE(at));
}

/** A protobuf message: fields 1, key, and 5, value, are bytes; 6 is the lease; the others are numbers. */
function storedKey(message: Buffer): StoredKey {
  let key = '';
  let value: Buffer = Buffer.alloc(0);
  let leased = false;
  for (let at = 0; at < message.length; ) {
    const tag = varint(message, at);
    const length = varint(message, tag.end);
    const isBytes = tag.value % 8 === 2;
    const field = Math.floor(tag.value / 8);
    at = isBytes ? length.end + length.value : length.end;
    mustReach(message, at);
    if (field === 1) key = message.toString('latin1', length.end, at);
    if (field === 5) value = message.subarray(length.end, at);
    if (field === 6) leased = length.value !== 0;
  }
  return { key, value, leased };
}

/** Raises RangeError if the bytes end before. */
function mustReach(bytes: Buffer, end: number): void {
  bytes.readUInt8(end - 1);
}

/** A number of protobuf. Raises RangeError if the bytes end before. */
export function varint(message: Buffer, from: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let at = from, factor = 1; ; at += 1, factor *= 128) {
    const byte = message.readUInt8(at);
    value += (byte % 128) * factor;
    if (byte < 128) return { value, end: at + 1 };
  }
}
