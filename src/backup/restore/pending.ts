/** What was under way in Karmada when a backup was taken, and goes on once it is restored: deletions, and workloads that leave members. */
import { type StoredKey, varint } from '../etcd/etcd-file.js';
import { objectIn } from '../etcd/karmada-objects.js';

/** One line each, e.g. `deployments shop/web is deleted`. */
export function pendingIn(keys: readonly StoredKey[]): readonly string[] {
  return keys.flatMap((stored) => {
    const name = nameOf(stored.key);
    if (isGoing(stored)) return [`${name} is deleted`];
    return isEvicted(stored) ? [`${name}: its workloads leave a member`] : [];
  });
}

/** What stands under `/registry`, without the group. */
function nameOf(key: string): string {
  const [, , ...parts] = key.split('/');
  const [plural = '', ...rest] = parts[0]?.includes('.') === true ? parts.slice(1) : parts;
  return `${plural} ${rest.join('/')}`;
}

/** Works are deleted with their bindings, and take nothing out of a member. */
function isGoing(stored: StoredKey): boolean {
  if (stored.key.startsWith('/registry/work.karmada.io/works/')) return false;
  const object = objectIn(stored);
  return object === undefined ? isGoingBinary(stored.value) : object.metadata['deletionTimestamp'] !== undefined;
}

function isEvicted(stored: StoredKey): boolean {
  const tasks = objectIn(stored)?.spec['gracefulEvictionTasks'];
  return Array.isArray(tasks) && tasks.length > 0;
}

/** Before a message of protobuf (kubernetes 1.35, apimachinery/pkg/runtime/serializer/protobuf). */
const magic = Buffer.from('k8s\0');

/** Types of Kubernetes: runtime.Unknown has the object as field 2, the object its metadata as 1, that the time as 9 (generated.proto). */
function isGoingBinary(value: Buffer): boolean {
  if (!value.subarray(0, magic.length).equals(magic)) return false;
  try {
    const object = fieldOf(value.subarray(magic.length), 2);
    const metadata = object && fieldOf(object, 1);
    return metadata !== undefined && fieldOf(metadata, 9) !== undefined;
  } catch (thrown) {
    // A type whose message has another form.
    if (thrown instanceof RangeError) return false;
    throw thrown;
  }
}

/** The bytes of a field of a protobuf message. Undefined also where it is none. */
function fieldOf(message: Buffer, wanted: number): Buffer | undefined {
  for (let at = 0; at < message.length; ) {
    const tag = varint(message, at);
    const length = varint(message, tag.end);
    const isBytes = tag.value % 8 === 2;
    if (!isBytes && tag.value % 8 !== 0) return undefined;
    at = isBytes ? length.end + length.value : length.end;
    if (isBytes && Math.floor(tag.value / 8) === wanted) return message.subarray(length.end, at);
  }
  return undefined;
}
