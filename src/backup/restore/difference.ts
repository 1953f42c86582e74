/** What becomes of what Karmada knows when a backup takes the place of the present, by both inventories. */
import type { Bindings } from '../../access/grants/grants.js';
import type { Inventory } from '../inventory.js';
import { isGrant } from './restored-keys.js';

export interface Difference {
  readonly kind: string;
  /** With its namespace, if it has one. */
  readonly name: string;
  readonly becomes: 'appears' | 'disappears';
}

/** Clusters, policies and propagated objects that only one of them knows. */
export function differenceOf(present: Inventory, backup: Inventory): readonly Difference[] {
  return [
    ...differing(names(present.clusters, 'Cluster'), names(backup.clusters, 'Cluster')),
    ...differing(named(present.policies), named(backup.policies)),
    ...differing(named(present.bindings.map(resourceOf)), named(backup.bindings.map(resourceOf))),
  ];
}

const bindingKey = /^\/registry\/(?:clusterrolebindings\/([^/]+)|rolebindings\/([^/]+\/[^/]+))$/;

/** Who may do what: bindings that only one of them knows, but for those of `access`, which come back only where they still are. */
export function bindingDifference({ grants, others }: Bindings, keys: readonly string[]): readonly Difference[] {
  const backup = keys
    .filter((key) => !isGrant(key))
    .flatMap((key) => {
      const [, cluster, namespaced] = bindingKey.exec(key) ?? [];
      if (cluster !== undefined) return [{ kind: 'ClusterRoleBinding', name: cluster }];
      return namespaced === undefined ? [] : [{ kind: 'RoleBinding', name: namespaced }];
    });
  const given = grants.map(({ name, namespace }) => ({
    kind: namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding',
    name: namespace === undefined ? name : `${namespace}/${name}`,
  }));
  const inBackup = new Set(keys.filter(isGrant));
  const lost = given.filter(({ kind, name }) => !inBackup.has(`/registry/${kind.toLowerCase()}s/${name}`));
  const present = others.map(({ kind, metadata: { name, namespace } }) => ({
    kind,
    name: namespace === undefined ? name : `${namespace}/${name}`,
  }));
  return [...differing(present, backup), ...lost.map((each) => ({ ...each, becomes: 'disappears' as const }))];
}

interface Thing {
  readonly kind: string;
  readonly name: string;
}

function differing(present: readonly Thing[], backup: readonly Thing[]): readonly Difference[] {
  const isIn = (all: readonly Thing[], { kind, name }: Thing): boolean =>
    all.some((each) => each.kind === kind && each.name === name);
  return [
    ...backup.filter((each) => !isIn(present, each)).map((each) => ({ ...each, becomes: 'appears' as const })),
    ...present.filter((each) => !isIn(backup, each)).map((each) => ({ ...each, becomes: 'disappears' as const })),
  ];
}

function names(all: readonly { readonly name: string }[], kind: string): readonly Thing[] {
  return all.map(({ name }) => ({ kind, name }));
}

function named(all: Inventory['policies']): readonly Thing[] {
  return all.map(({ kind, namespace, name }) => ({
    kind,
    name: namespace === undefined ? name : `${namespace}/${name}`,
  }));
}

function resourceOf({ resource }: Inventory['bindings'][number]): Inventory['policies'][number] {
  return resource;
}
