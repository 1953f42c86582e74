/** The object store of one simulated Kubernetes API: create, read, replace and delete, with what an API server adds. */
import { createHash } from 'node:crypto';
import { Problem } from '../../../errors/problem.js';
import { isJson, type Json, mapAt, sameJson } from '../../json.js';
import type { ApiState, KubeObjectState, Moment } from '../../state.js';
import { admit } from './admission.js';
import { forgetIndex, keysOfType, touch } from './object-index.js';
import { Refusal } from './refusal.js';
import { apiVersionOf, knownResource, qualifiedName, type ResourceType, resourceOf } from './resources.js';

/** Keeps an object until the controller that wrote it has cleaned up. */
export const loadBalancerFinalizer = 'service.kubernetes.io/load-balancer-cleanup';

/** The object of a type, namespace and name, or undefined. The plural must be one of resources.ts. */
export function findObject(
  api: ApiState,
  plural: string,
  namespace: string,
  name: string,
): KubeObjectState | undefined {
  return api.objects[`${plural}/${namespace}/${name}`];
}

/** Objects of a type, in one namespace or in all, in the order of their names. */
export function listObjects(api: ApiState, plural: string, namespace?: string): KubeObjectState[] {
  const keys = keysOfType(api.objects, plural);
  const prefix = namespace === undefined ? '' : `${plural}/${namespace}/`;
  const found: KubeObjectState[] = [];
  for (const key of keys) {
    const object = key.startsWith(prefix) ? api.objects[key] : undefined;
    if (object !== undefined) found.push(object);
  }
  return found;
}

/** Whether an object carries all these labels. */
export function hasLabels(object: KubeObjectState, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(labels).every(([key, value]) => object.metadata.labels?.[key] === value);
}

/** The API's type of a manifest; refuses kinds that the API does not serve, as kubectl does. */
export function typeOf(api: ApiState, manifest: Json): ResourceType {
  const apiVersion = String(manifest['apiVersion'] ?? '');
  const kind = String(manifest['kind'] ?? '');
  const type = resourceOf(api, apiVersion, kind);
  if (type === undefined) {
    throw new Refusal(
      'Connection',
      `error: resource mapping not found for name: "${nameOf(manifest)}" namespace: "${
        mapAt(manifest, 'metadata')['namespace'] ?? ''
      }" from "STDIN": no matches for kind "${kind}" in version "${apiVersion}"\nensure CRDs are installed first`,
    );
  }
  return type;
}

/** The type of a resource this program itself writes. */
export function builtIn(plural: string): ResourceType {
  const type = knownResource(plural);
  if (type === undefined) throw new Problem('internal', { what: `the rehearsal has no resource type ${plural}` });
  return type;
}

/**
 * Makes an object. Refuses what an API server refuses: a name taken, a namespace that is missing or going,
 * a resourceVersion, a node port taken.
 */
export function createObject(api: ApiState, type: ResourceType, manifest: Json, now: Moment): KubeObjectState {
  const name = nameOf(manifest);
  const namespace = namespaceOf(type, manifest);
  const metadata = isJson(manifest['metadata']) ? manifest['metadata'] : {};
  if (metadata['resourceVersion'] !== undefined && metadata['resourceVersion'] !== '') {
    throw new Refusal('Unknown', 'resourceVersion should not be set on objects to be created');
  }
  if (type.namespaced) requireOpenNamespace(api, type, namespace, name);
  if (findObject(api, type.plural, namespace, name) !== undefined) {
    throw new Refusal('AlreadyExists', `${qualifiedName(type)} "${name}" already exists`);
  }
  const object: KubeObjectState = {
    ...structuredClone(manifest),
    apiVersion: apiVersionOf(type),
    kind: type.kind,
    metadata: {
      ...structuredClone(metadata),
      name,
      ...(type.namespaced ? { namespace } : {}),
      uid: newUid(api, type, namespace, name),
      creationTimestamp: timestamp(now),
      resourceVersion: String(api.nextUid),
      generation: 1,
    },
  };
  admit(api, type, object);
  api.objects[`${type.plural}/${namespace}/${name}`] = object;
  forgetIndex(api.objects);
  touch(api);
  return object;
}

/**
 * Replaces an object's content, keeping its identity; counts a generation when the spec changed. Answers whether
 * anything changed.
 */
export function replaceObject(api: ApiState, type: ResourceType, old: KubeObjectState, content: Json): boolean {
  const next: KubeObjectState = {
    ...structuredClone(content),
    apiVersion: old.apiVersion,
    kind: old.kind,
    metadata: {
      ...(isJson(content['metadata']) ? structuredClone(content['metadata']) : {}),
      name: old.metadata.name,
      uid: old.metadata.uid,
      creationTimestamp: old.metadata.creationTimestamp,
      resourceVersion: String(old.metadata['resourceVersion']),
      generation: Number(old.metadata['generation'] ?? 1),
      ...(old.metadata.namespace === undefined ? {} : { namespace: old.metadata.namespace }),
      ...(old.metadata.deletionTimestamp === undefined ? {} : { deletionTimestamp: old.metadata.deletionTimestamp }),
    },
  };
  admit(api, type, next, old);
  if (sameJson(next, old)) return false;
  if (!sameJson(next['spec'], old['spec'])) next.metadata['generation'] = Number(old.metadata['generation'] ?? 1) + 1;
  api.nextUid += 1;
  next.metadata['resourceVersion'] = String(api.nextUid);
  api.objects[keyOf(type, old)] = next;
  touch(api);
  return true;
}

/** Takes an object out of the store at once, whatever its finalizers. */
export function dropObject(api: ApiState, plural: string, object: KubeObjectState): void {
  delete api.objects[`${plural}/${object.metadata.namespace ?? ''}/${object.metadata.name}`];
  forgetIndex(api.objects);
  touch(api);
}

/** Makes an object of the rehearsal's own, or puts new content over one that is there. */
export function upsert(api: ApiState, plural: string, manifest: Json, now: Moment): KubeObjectState {
  const type = builtIn(plural);
  const old = findObject(api, plural, namespaceOf(type, manifest), nameOf(manifest));
  if (old === undefined) return createObject(api, type, manifest, now);
  replaceObject(api, type, old, {
    ...old,
    ...manifest,
    metadata: { ...old.metadata, ...(isJson(manifest['metadata']) ? manifest['metadata'] : {}) },
  });
  return findObject(api, plural, namespaceOf(type, manifest), nameOf(manifest)) ?? old;
}

/**
 * Makes a namespace of Karmada's when it is missing; one that is there is left as it is, labels and all
 * (karmada 1.18.2, pkg/util/namespace.go).
 */
export function ensureNamespace(api: ApiState, name: string, now: Moment): void {
  if (findObject(api, 'namespaces', '', name) !== undefined) return;
  const labels = { 'karmada.io/system': 'true' };
  createObject(api, builtIn('namespaces'), { metadata: { name, labels } }, now);
}

/** A moment as Kubernetes writes it, to the second. */
export function timestamp(moment: Moment): string {
  return `${new Date(moment).toISOString().slice(0, 19)}Z`;
}

export function nameOf(manifest: Json): string {
  return mapAt(manifest, 'metadata')['name'] ?? '';
}

export function namespaceOf(type: ResourceType, manifest: Json): string {
  return type.namespaced ? (mapAt(manifest, 'metadata')['namespace'] ?? 'default') : '';
}

function keyOf(type: ResourceType, object: KubeObjectState): string {
  return `${type.plural}/${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}

function requireOpenNamespace(api: ApiState, type: ResourceType, namespace: string, name: string): void {
  const found = findObject(api, 'namespaces', '', namespace);
  if (found === undefined) throw new Refusal('NotFound', `namespaces "${namespace}" not found`);
  if (found.metadata.deletionTimestamp === undefined) return;
  throw new Refusal(
    'Forbidden',
    `${qualifiedName(type)} "${name}" is forbidden: unable to create new content in namespace ${namespace} because it is being terminated`,
  );
}

/** A UUID that two runs with the same calls give alike. */
function newUid(api: ApiState, type: ResourceType, namespace: string, name: string): string {
  api.nextUid += 1;
  const hex = createHash('sha256').update([api.key, api.nextUid, type.plural, namespace, name].join(' ')).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}
