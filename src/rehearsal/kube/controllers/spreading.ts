/** Karmada's execution controllers: make each member hold exactly what the bindings assign to it. */
import { at, isJson, type Json, listAt, mapAt, numberAt, sameJson, textAt } from '../../json.js';
import type { ApiState, KubeObjectState } from '../../state.js';
import { requestDeletion } from '../api-server/deletion.js';
import { findObject, hasLabels, listObjects, upsert } from '../api-server/store.js';
import { elapsed, notes, type Tick } from '../tick.js';
import { executionNamespace, isClusterReady, memberOf } from './clusters.js';
import { leaving } from './failover.js';

const removeMs = 3_000;
/** What Karmada labels everything with that it puts into a member. */
export const managed = { 'karmada.io/managed': 'true' } as const;
/** Through which Karmada's aggregated API reaches a member (1.18.2, pkg/controllers/unifiedauth). */
const impersonator = 'karmada-impersonator';
const spreadTypes = ['deployments', 'secrets', 'namespaces', 'clusterroles', 'clusterrolebindings'] as const;

/** What there is to spread, read once for all members. */
export interface Source {
  readonly karmada: ApiState;
  /** Manifests that every member gets, by object key. */
  readonly everywhere: ReadonlyMap<string, Json>;
  readonly bindings: readonly KubeObjectState[];
}

/** Brings all members in line. */
export function spreadAll(tick: Tick, karmada: ApiState): void {
  const source = sourceOf(karmada);
  for (const cluster of listObjects(karmada, 'clusters', '')) spread(tick, source, cluster);
}

export function sourceOf(karmada: ApiState): Source {
  return { karmada, everywhere: everywhere(karmada), bindings: listObjects(karmada, 'resourcebindings') };
}

/** One that is being unjoined is emptied, one that is not Ready is left alone. */
function spread(tick: Tick, source: Source, cluster: KubeObjectState): void {
  const member = memberOf(tick, source.karmada, cluster);
  if (member === undefined) return;
  const leaving = cluster.metadata.deletionTimestamp !== undefined;
  if (!leaving && !isClusterReady(cluster)) return;
  const wanted = leaving ? new Map<string, Json>() : wantedIn(source, cluster);
  const suspended = suspendedIn(source);
  for (const [key, manifest] of wanted) if (!suspended.has(key)) put(tick, member, key, manifest);
  const had = new Set([...worksNoted(cluster), ...wanted.keys()]);
  for (const plural of spreadTypes) removeSurplus(tick, member, plural, { wanted, had });
  notes(cluster)['works'] = [...had].filter((key) => wanted.has(key) || member.objects[key] !== undefined);
}

/** Keys of the objects for which there was a Work: nothing else is deleted in a member (1.18.2, pkg/controllers/execution). */
function worksNoted(cluster: KubeObjectState): readonly string[] {
  const kept = notes(cluster)['works'];
  return Array.isArray(kept) ? (kept as string[]) : [];
}

/** Keys of what is not dispatched to any member. */
function suspendedIn({ bindings }: Source): ReadonlySet<string> {
  const all = bindings.filter((binding) => at(binding, 'spec', 'suspension', 'dispatching') === true);
  return new Set(
    all.map((each) => `deployments/${each.metadata.namespace ?? ''}/${textAt(each, 'spec', 'resource', 'name')}`),
  );
}

/** What a member is to have, and that with what it had to have before. */
interface Claimed {
  readonly wanted: ReadonlyMap<string, Json>;
  readonly had: ReadonlySet<string>;
}

function everywhere(karmada: ApiState): ReadonlyMap<string, Json> {
  const wanted = new Map<string, Json>();
  for (const plural of ['clusterroles', 'clusterrolebindings']) {
    wanted.set(`${plural}//${impersonator}`, {
      metadata: { name: impersonator, labels: { ...managed, 'karmada.io/system': 'true' } },
    });
  }
  for (const { metadata } of listObjects(karmada, 'namespaces', '').filter(isPropagated)) {
    wanted.set(`namespaces//${metadata.name}`, { metadata: { name: metadata.name, labels: { ...managed } } });
  }
  return wanted;
}

/** Manifests by object key, namespaces first, with where they come from (1.18.2, pkg/controllers/ctrlutil/work.go). */
export function wantedIn(
  { karmada, everywhere, bindings }: Source,
  cluster: KubeObjectState,
): ReadonlyMap<string, Json> {
  const wanted = new Map(everywhere);
  for (const binding of bindings) {
    const replicas = { ...assignments(binding), ...leaving(binding) }[cluster.metadata.name];
    const secret = secretOf(karmada, binding);
    if (replicas !== undefined && secret !== undefined) wanted.set(...spreadSecret(secret));
    const deployment = deploymentOf(karmada, binding);
    if (replicas === undefined || deployment === undefined) continue;
    const { name, namespace = '', labels } = deployment.metadata;
    const metadata = { name, namespace, labels: { ...labels, ...managed } };
    const spec = { ...(isJson(deployment['spec']) ? deployment['spec'] : {}), replicas };
    wanted.set(`deployments/${namespace}/${name}`, { metadata, spec });
  }
  for (const [key, manifest] of wanted) wanted.set(key, { ...manifest, metadata: withWork(manifest, cluster) });
  return wanted;
}

function spreadSecret({ metadata: { name, namespace = '', labels }, ...secret }: KubeObjectState): [string, Json] {
  const metadata = { name, namespace, labels: { ...labels, ...managed } };
  return [`secrets/${namespace}/${name}`, { metadata, type: secret['type'], data: secret['data'] }];
}

function withWork(manifest: Json, cluster: KubeObjectState): Json {
  const metadata = isJson(manifest['metadata']) ? manifest['metadata'] : {};
  const annotations = {
    'work.karmada.io/name': String(metadata['name']),
    'work.karmada.io/namespace': executionNamespace(cluster),
  };
  return { ...metadata, annotations };
}

/**
 * Namespaces that Karmada propagates to every member (1.18.2, pkg/controllers/namespace): not its own, not
 * Kubernetes'.
 */
function isPropagated(namespace: KubeObjectState): boolean {
  const { name, deletionTimestamp } = namespace.metadata;
  return (
    deletionTimestamp === undefined && name !== 'default' && !name.startsWith('kube-') && !name.startsWith('karmada-')
  );
}

/** Karmada leaves alone what it did not put there, and what has no open namespace to go to. */
function put(tick: Tick, member: ApiState, key: string, manifest: Json): void {
  const before = member.objects[key];
  const foreign = before !== undefined && !hasLabels(before, managed);
  const same =
    before !== undefined && sameJson(before['spec'], manifest['spec']) && sameJson(before['data'], manifest['data']);
  if (foreign || same || before?.metadata.deletionTimestamp !== undefined) return;
  const namespace = mapAt(manifest, 'metadata')['namespace'];
  if (namespace !== undefined) {
    const home = findObject(member, 'namespaces', '', namespace);
    if (home === undefined || home.metadata.deletionTimestamp !== undefined) return;
  }
  upsert(member, key.slice(0, key.indexOf('/')), manifest, tick.at);
  tick.wake(tick.at);
}

function removeSurplus(tick: Tick, member: ApiState, plural: string, { wanted, had }: Claimed): void {
  for (const object of listObjects(member, plural)) {
    const { name, namespace = '', deletionTimestamp } = object.metadata;
    if (deletionTimestamp !== undefined || !hasLabels(object, managed)) continue;
    const key = `${plural}/${namespace}/${name}`;
    if (!elapsed(tick, object, 'surplusSince', had.has(key) && !wanted.has(key), removeMs)) continue;
    requestDeletion(tick.at, member, plural, object);
    tick.wake(tick.at);
  }
}

export function isOfSecret(binding: KubeObjectState): boolean {
  return textAt(binding, 'spec', 'resource', 'kind') === 'Secret';
}

/** The Secret that a binding is for; undefined once it is gone. */
export function secretOf(karmada: ApiState, binding: KubeObjectState): KubeObjectState | undefined {
  if (!isOfSecret(binding)) return undefined;
  const { namespace = '' } = binding.metadata;
  return findObject(karmada, 'secrets', namespace, textAt(binding, 'spec', 'resource', 'name'));
}

/** The Deployment that a binding is for; undefined once it is gone. */
export function deploymentOf(karmada: ApiState, binding: KubeObjectState): KubeObjectState | undefined {
  if (isOfSecret(binding)) return undefined;
  return findObject(
    karmada,
    'deployments',
    binding.metadata.namespace ?? '',
    textAt(binding, 'spec', 'resource', 'name'),
  );
}

/** Replicas by member, as last scheduled. */
export function assignments(binding: KubeObjectState): Record<string, number> {
  return Object.fromEntries(
    listAt(binding, 'spec', 'clusters').map((one) => [textAt(one, 'name'), numberAt(one, 'replicas') ?? 0]),
  );
}
