/** Compares what a backup wants in the members with what is there: what Karmada would make anew, change, or leave as it is. */
import pMap from 'p-map';
import { z } from 'zod';
import type { StoredKey } from '../../backup/etcd/etcd-file.js';
import { objectIn, typeOf } from '../../backup/etcd/karmada-objects.js';
import { isSameInMember, retaining } from '../../backup/restore/same-in-member.js';
import type { Clients } from '../../clients/clients.js';
import { Problem } from '../../errors/problem.js';
import type { KubeAccess } from '../../tools/kubectl/commands.js';
import { anyObject } from '../../tools/kubectl/objects.js';
import type { Call } from '../../tools/run.js';

/** What becomes of one object in a member when Karmada takes the backup for what is wanted. */
export interface MemberChange {
  /** Key in etcd of its Work. */
  readonly work: string;
  readonly member: string;
  /** e.g. `Deployment shop/web`. */
  readonly object: string;
  readonly becomes: 'made' | 'changed' | 'unknown';
  /** e.g. `3 replicas instead of 4`; empty if nothing short tells it. */
  readonly detail: string;
}

const manifestSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
  spec: z.looseObject({ replicas: z.number().optional() }).optional(),
});
type Manifest = z.infer<typeof manifestSchema>;

const workSpec = z.looseObject({
  suspendDispatching: z.boolean().optional(),
  workload: z.looseObject({ manifests: z.array(manifestSchema).default([]) }),
});

interface Wanted {
  readonly work: string;
  readonly member: string;
  readonly manifest: Manifest;
}

/** How many objects are asked for in one call. */
const batch = 100;

/** Two objects of one member by `nameOf`: what it has, and what it would have after Karmada wrote the backup's. */
interface Found {
  readonly there: Manifest;
  /** Undefined: the member's API refuses it, so that nobody can tell. */
  readonly replaced: Manifest | undefined;
}

/** Karmada keeps the Works of a member in this namespace and its name (karmada 1.18.2, pkg/util/names). */
const ofMember = /^karmada-es-(.+)$/;

/** @param apis how to talk to the members, by name; what is in others is unknown */
export async function compareMembers(
  clients: Clients,
  apis: ReadonlyMap<string, KubeAccess>,
  keys: readonly StoredKey[],
  call: Call,
): Promise<readonly MemberChange[]> {
  const wanted = keys.flatMap(wantedBy);
  const members = [...new Set(wanted.map(({ member }) => member))];
  const { concurrency } = clients;
  const changes = await pMap(
    members,
    async (name) => {
      const all = wanted.filter(({ member }) => member === name);
      const found = await thereIn(clients, apis.get(name), all, call);
      return all.flatMap((each) => changeOf(each, found));
    },
    { concurrency },
  );
  return changes.flat();
}

/** What a person has suspended is not dispatched; a Work that is being deleted has no say any more. */
function wantedBy(stored: StoredKey): readonly Wanted[] {
  if (typeOf(stored.key) !== 'work') return [];
  const object = objectIn(stored);
  const spec = workSpec.safeParse(object?.spec).data;
  const [, member] = ofMember.exec(object?.metadata.namespace ?? '') ?? [];
  if (object === undefined || spec === undefined || member === undefined) return [];
  if (spec.suspendDispatching === true || object.metadata['deletionTimestamp'] !== undefined) return [];
  return spec.workload.manifests.map((manifest) => ({ work: stored.key, member, manifest }));
}

/** By their names; undefined if the member cannot be asked, or does not know one of the types. */
async function thereIn(
  { kubectl }: Clients,
  access: KubeAccess | undefined,
  wanted: readonly Wanted[],
  call: Call,
): Promise<ReadonlyMap<string, Found> | undefined> {
  if (access === undefined) return undefined;
  const found = new Map<string, Found>();
  try {
    for (let from = 0; from < wanted.length; from += batch) {
      const manifests = wanted.slice(from, from + batch).map(({ manifest }) => manifest);
      const there = named(await kubectl.getAll(access, manifests.map(reference), seen, call));
      const written = manifests.flatMap((manifest) => {
        const present = there.get(nameOf(manifest));
        return present === undefined ? [] : [retaining(manifest, present)];
      });
      const replaced = named(written.length === 0 ? [] : await kubectl.dryReplace(access, written, seen, call));
      for (const [name, present] of there) found.set(name, { there: present, replaced: replaced.get(name) });
    }
    return found;
  } catch (thrown) {
    if (thrown instanceof Problem && thrown.code !== 'interrupted') return undefined;
    throw thrown;
  }
}

const seen = anyObject.and(manifestSchema);

function reference({ apiVersion, kind, metadata: { name, namespace } }: Manifest): object {
  return { apiVersion, kind, metadata: { name, ...(namespace === undefined ? {} : { namespace }) } };
}

function named(all: readonly Manifest[]): ReadonlyMap<string, Manifest> {
  return new Map(all.map((each) => [nameOf(each), each]));
}

function changeOf(
  { work, member, manifest }: Wanted,
  found: ReadonlyMap<string, Found> | undefined,
): readonly MemberChange[] {
  const change = { work, member, object: titleOf(manifest), detail: '' };
  if (found === undefined) return [{ ...change, becomes: 'unknown' }];
  const both = found.get(nameOf(manifest));
  if (both === undefined) return [{ ...change, becomes: 'made' }];
  const { there, replaced } = both;
  if (replaced === undefined) return [{ ...change, becomes: 'unknown' }];
  if (isSameInMember(manifest, there, replaced)) return [];
  const [before, after] = [there.spec?.replicas, manifest.spec?.replicas];
  const differs = before !== undefined && after !== undefined && before !== after;
  return [{ ...change, becomes: 'changed', detail: differs ? `${after} replicas instead of ${before}` : '' }];
}

/** A Service of Kubernetes and one of Knative are two. */
function nameOf(manifest: Manifest): string {
  const group = manifest.apiVersion.includes('/') ? manifest.apiVersion.replace(/\/.*/, '') : '';
  return `${group} ${titleOf(manifest)}`;
}

function titleOf({ kind, metadata: { namespace, name } }: Manifest): string {
  return `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}
