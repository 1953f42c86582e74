/** What Karmada knew when a backup was taken, without the contents: what a restore compares with the present. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { membersOf } from '../access/member-list.js';
import type { Clients } from '../clients/clients.js';
import type { KubeAccess } from '../tools/kubectl/commands.js';
import { anyObject, binding, type MemberCluster, work } from '../tools/kubectl/objects.js';
import type { Call } from '../tools/run.js';

const named = z.object({ kind: z.string(), namespace: z.string().optional(), name: z.string() });

export const inventorySchema = z.object({
  clusters: z.array(z.object({ name: z.string(), mode: z.string() })),
  policies: z.array(named),
  /** Where Karmada had put one object. */
  bindings: z.array(
    named.extend({
      resource: named,
      clusters: z.array(z.object({ name: z.string(), replicas: z.number().optional() })),
    }),
  ),
  /** What Karmada maintained in one member. */
  works: z.array(
    z.object({
      /** `karmada-es-` and the member's name. */
      namespace: z.string(),
      name: z.string(),
      /** `sha256` is of the manifest as JSON: it changes with it. */
      objects: z.array(named.extend({ apiVersion: z.string(), sha256: z.string() })),
    }),
  ),
});

export type Inventory = z.infer<typeof inventorySchema>;

const policyKinds = [
  'PropagationPolicy',
  'ClusterPropagationPolicy',
  'OverridePolicy',
  'ClusterOverridePolicy',
] as const;

/** One call for all of them: of a Karmada whose types are not all served there is no inventory. */
const listed = [
  'propagationpolicies.policy.karmada.io',
  'clusterpropagationpolicies.policy.karmada.io',
  'overridepolicies.policy.karmada.io',
  'clusteroverridepolicies.policy.karmada.io',
  'resourcebindings.work.karmada.io',
  'clusterresourcebindings.work.karmada.io',
  'works.work.karmada.io',
].join(',');

/** Undefined where Karmada does not serve its own types. @throws Problem `cluster-unreachable`, `tool-failed` */
export async function readInventory(clients: Clients, karmada: KubeAccess, call: Call): Promise<Inventory | undefined> {
  const [members, found] = await Promise.all([
    membersOf(clients, karmada, call),
    clients.kubectl.listIfServed(karmada, { kind: listed, allNamespaces: true }, anyObject, call),
  ]);
  return found === undefined ? undefined : inventoryOf(members, found);
}

/** `others`: all policies, bindings and Works, in any order of their kinds. */
export function inventoryOf(
  members: readonly MemberCluster[],
  others: readonly z.infer<typeof anyObject>[],
): Inventory {
  const ofKind = (...kinds: readonly string[]) => others.filter(({ kind }) => kinds.includes(kind));
  return {
    clusters: members.map(({ metadata, spec }) => ({ name: metadata.name, mode: spec.syncMode })),
    policies: ofKind(...policyKinds).map(nameOf),
    bindings: ofKind('ResourceBinding', 'ClusterResourceBinding').map((each) => {
      const { spec } = binding.parse(each);
      const { kind, namespace, name } = spec.resource;
      const clusters = (spec.clusters ?? []).map(({ name: cluster, replicas }) => ({ name: cluster, replicas }));
      return { ...nameOf(each), resource: nameOf({ kind, metadata: { namespace, name } }), clusters };
    }),
    works: ofKind('Work').map((each) => {
      const objects = (work.parse(each).spec.workload?.manifests ?? []).map((manifest) => ({
        ...nameOf(manifest),
        apiVersion: manifest.apiVersion,
        sha256: createHash('sha256').update(JSON.stringify(manifest)).digest('hex'),
      }));
      return { namespace: each.metadata.namespace ?? '', name: each.metadata.name, objects };
    }),
  };
}

function nameOf({
  kind,
  metadata: { namespace, name },
}: {
  readonly kind: string;
  readonly metadata: { readonly namespace?: string | undefined; readonly name: string };
}): z.infer<typeof named> {
  return { kind, name, ...(namespace === undefined ? {} : { namespace }) };
}
