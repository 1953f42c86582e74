/** What a restore writes into etcd: the keys of a snapshot, changed where Karmada would delete or change something in a member. */
import type { StoredKey } from '../etcd/etcd-file.js';
import { objectIn, type StoredObject, typeOf } from '../etcd/karmada-objects.js';
import { heldAnnotation, noteOf } from './held-back.js';

/** Ends with who wrote it, or tells etcd's own revisions, which are others now: API servers and leaders write them anew. */
const passing = /^(compact_rev_key$|\/registry\/(masterleases|events|leases)\/)/;

export interface RestoreChanges {
  /** Keys of Works, bindings and policies that are not dispatched to members. */
  readonly held: ReadonlySet<string>;
  /** Values of today that stay, by key: the credentials with which members are reached. */
  readonly kept: ReadonlyMap<string, Buffer>;
  /** All keys of today: access that has been revoked since is not restored. */
  readonly present: ReadonlySet<string>;
}

/** Bindings of `access kubeconfig`, one for each certificate. */
const grantKey = /^\/registry\/(?:clusterrolebindings|rolebindings\/[^/]+)\/karmada-eks:/;

/** Whether it is a binding of `access kubeconfig`. */
export function isGrant(key: string): boolean {
  return grantKey.test(key);
}

/** The credentials with which Karmada reaches members. */
export function isCredential(key: string): boolean {
  return key.startsWith('/registry/secrets/karmada-cluster/');
}

/** The keys in their order, with the values that are written. */
export function restoredKeys(
  keys: readonly StoredKey[],
  { held, kept, present }: RestoreChanges,
): readonly Pick<StoredKey, 'key' | 'value'>[] {
  return keys
    .filter((each) => !each.leased && !passing.test(each.key) && !isWorkThatEnds(each))
    .filter(({ key }) => present.has(key) || !isGrant(key))
    .map((each) => ({ key: each.key, value: kept.get(each.key) ?? writtenValue(each, held.has(each.key)) }));
}

/** Karmada would write what it wants into the member before it deletes it there; a Work that does not exist changes nothing. */
function isWorkThatEnds(stored: StoredKey): boolean {
  return typeOf(stored.key) === 'work' && objectIn(stored)?.metadata['deletionTimestamp'] !== undefined;
}

function writtenValue(stored: StoredKey, isHeld: boolean): Buffer {
  const type = typeOf(stored.key);
  const isWork = type === 'work';
  if (type === undefined || type === 'cluster' || !(isWork || isHeld)) return stored.value;
  const object = objectIn(stored);
  if (object === undefined) return stored.value;
  if (isWork) return isBound(object) ? asJson(work(object, isHeld)) : stored.value;
  return asJson(suspended(object, type === 'policy' || type === 'cluster-policy'));
}

/** What is written into another Work stays there: only those with a binding are written again from it. */
function isBound({ metadata }: StoredObject): boolean {
  return Object.keys(metadata.annotations ?? {}).some((name) =>
    /^(cluster)?resourcebinding\.karmada\.io\/name$/.test(name),
  );
}

/** A Work that is deleted takes its objects out of the member, suspended or not (karmada 1.18.2, execution_controller.go, handleWorkDelete): none does. */
function work(object: StoredObject, isHeld: boolean): StoredObject {
  const spec = { ...object.spec, preserveResourcesOnDeletion: true };
  return { ...object, spec: isHeld ? { ...spec, suspendDispatching: true } : spec };
}

/** `dispatching` and `dispatchingOnClusters` exclude each other (karmada 1.18.2, pkg/apis/policy/v1alpha1/propagation_types.go). */
function suspended(object: StoredObject, isPolicy: boolean): StoredObject {
  const { suspension = null } = object.spec;
  const spec = {
    ...object.spec,
    suspension: { ...kept(suspension), dispatching: true },
    preserveResourcesOnDeletion: true,
  };
  if (!isPolicy) return { ...object, spec };
  const before = noteOf(object);
  const metadata = { ...object.metadata, annotations: { ...object.metadata.annotations, [heldAnnotation]: before } };
  return { ...object, metadata, spec };
}

function kept(suspension: unknown): object {
  if (typeof suspension !== 'object' || suspension === null) return {};
  const { dispatchingOnClusters: _, ...others } = suspension as Record<string, unknown>;
  return others;
}

function asJson(object: StoredObject): Buffer {
  return Buffer.from(JSON.stringify(object));
}
