/** Which policies must be suspended so that certain Works stay out of the members: a Work alone does not stay suspended. */
import type { StoredKey } from '../etcd/etcd-file.js';
import { keyOf, objectIn, type StoredObject, type StoredType } from '../etcd/karmada-objects.js';

/** What is not dispatched to members after a restore until somebody releases it. */
export interface HeldBack {
  /** Keys in etcd of Works, bindings and policies. */
  readonly keys: ReadonlySet<string>;
  /** To be released by people. */
  readonly policies: readonly HeldPolicy[];
  /** Keys of Works that belong to no policy: Karmada dispatches them, and nobody could release them. */
  readonly loose: readonly string[];
}

export interface HeldPolicy {
  readonly kind: 'PropagationPolicy' | 'ClusterPropagationPolicy';
  readonly namespace: string | undefined;
  readonly name: string;
  /** The two fields as they were before a restore changed them; null: not set. */
  readonly before: { readonly suspension: unknown; readonly preserveResourcesOnDeletion: unknown };
}

/** On policies that a restore has suspended: the two fields as they were, as JSON. Karmada does not hand it on. */
export const heldAnnotation = 'karmada-eks/held-by-restore';

/** What is to be noted there; a policy that was held before has it. */
export function noteOf({ metadata, spec }: StoredObject): string {
  const { suspension = null, preserveResourcesOnDeletion = null } = spec;
  return metadata.annotations?.[heldAnnotation] ?? JSON.stringify({ suspension, preserveResourcesOnDeletion });
}

/** What such a note says; undefined for any other text. */
export function heldNote(text: string | undefined): HeldPolicy['before'] | undefined {
  try {
    const { suspension = null, preserveResourcesOnDeletion = null } = JSON.parse(text ?? '') as Partial<
      HeldPolicy['before']
    >;
    return { suspension, preserveResourcesOnDeletion };
  } catch {
    return undefined;
  }
}

/**
 * A Work is written again from its binding (karmada 1.18.2, pkg/controllers/ctrlutil/work.go), and the binding's suspension from its
 * policy (pkg/util/binding.go, MergePolicySuspension): only all three together hold anything back.
 * @param works keys of the Works that are to stay out of the members
 */
export function heldBack(keys: readonly StoredKey[], works: readonly string[]): HeldBack {
  const ownersOf = finderOf(keys);
  const held = new Set<string>();
  const policies = new Map<string, HeldPolicy>();
  const loose: string[] = [];
  for (const work of works) {
    const owners = ownersOf(work);
    if (owners === undefined) {
      loose.push(work);
      continue;
    }
    const { binding, policy, object } = owners;
    for (const key of [work, binding.key, policy.key]) held.add(key);
    const kind = policy.type === 'policy' ? 'PropagationPolicy' : 'ClusterPropagationPolicy';
    const before = JSON.parse(noteOf(object)) as HeldPolicy['before'];
    policies.set(policy.key, { kind, namespace: policy.namespace, name: policy.name, before });
  }
  return { keys: held, policies: [...policies.values()], loose };
}

/** Of these Works those whose policy is held back because of other Works. */
export function waitingWorks(
  keys: readonly StoredKey[],
  works: readonly string[],
  held: HeldBack['keys'],
): readonly string[] {
  const ownersOf = finderOf(keys);
  return works.filter((work) => held.has(ownersOf(work)?.policy.key ?? ''));
}

interface Owners {
  readonly binding: Named;
  readonly policy: Named;
  /** The policy. */
  readonly object: StoredObject;
}

/** Finds what a Work is written from; undefined where it belongs to no policy. */
function finderOf(keys: readonly StoredKey[]): (work: string) => Owners | undefined {
  const stored = new Map(keys.map((each) => [each.key, each]));
  const at = (key: string): StoredObject | undefined => {
    const found = stored.get(key);
    return found === undefined ? undefined : objectIn(found);
  };
  return (work) => {
    const binding = named(at(work), bindings).find(({ key }) => stored.has(key));
    const policy = named(binding && at(binding.key), policyKinds).find(({ key }) => stored.has(key));
    const object = policy && at(policy.key);
    return binding === undefined || policy === undefined || object === undefined
      ? undefined
      : { binding, policy, object };
  };
}

/** The annotations with which Karmada names a Work's binding, and a binding's policy (karmada 1.18.2, pkg/apis/work and policy, well_known_constants.go). */
const bindings = [
  { type: 'binding', prefix: 'resourcebinding.karmada.io/', namespaced: true },
  { type: 'cluster-binding', prefix: 'clusterresourcebinding.karmada.io/', namespaced: false },
] as const;
const policyKinds = [
  { type: 'policy', prefix: 'propagationpolicy.karmada.io/', namespaced: true },
  { type: 'cluster-policy', prefix: 'clusterpropagationpolicy.karmada.io/', namespaced: false },
] as const;

interface Named {
  readonly type: StoredType;
  readonly key: string;
  readonly namespace: string | undefined;
  readonly name: string;
}

function named(object: StoredObject | undefined, kinds: typeof bindings | typeof policyKinds): readonly Named[] {
  const annotations = object?.metadata.annotations ?? {};
  return kinds.flatMap(({ type, prefix, namespaced }) => {
    const name = annotations[`${prefix}name`];
    const namespace = namespaced ? annotations[`${prefix}namespace`] : undefined;
    return name === undefined ? [] : [{ type, key: keyOf(type, { namespace, name }), namespace, name }];
  });
}
