/** What an audit compares: things by name, each as a text that changes only when somebody changes the thing. */
import { isDeepStrictEqual } from 'node:util';

/**
 * Every difference as a line, in the order of the names.
 * @param {ReadonlyMap<string, string>} before
 * @param {ReadonlyMap<string, string>} after
 * @param {{ additions?: boolean }} [options] additions: false where others may add things of their own, as in an account
 */
export function changesBetween(before, after, { additions = true } = {}) {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names.flatMap((name) => {
    const [was, is] = [before.get(name), after.get(name)];
    if (was === is) return [];
    if (was === undefined) return additions ? [`added: ${name}`] : [];
    if (is === undefined) return [`removed: ${name}`];
    return [`changed: ${name}: ${changedParts(JSON.parse(was), JSON.parse(is)).join('; ')}`];
  });
}

/**
 * Objects of a Kubernetes API by kind and name: uid, generation, labels, annotations, owners, finalizers, and all that is no status.
 * The API server counts resourceVersion and managedFields also for what changes nothing, and a status is written by controllers.
 * @param {readonly object[]} items of `kubectl get -o json`
 */
export function contentsOf(items) {
  return new Map(
    items.map(({ metadata, status: _, ...content }) => {
      const { namespace = '', name, resourceVersion: _version, managedFields: _fields, ...kept } = metadata;
      return [`${content.apiVersion} ${content.kind} ${namespace}/${name}`, sortedJson({ ...content, metadata: kept })];
    }),
  );
}

/**
 * Clusters, contexts and users of a kubeconfig without those of some fleets, and which context is the current one.
 * @param {object} kubeconfig as `kubectl config view --raw -o json` shows it
 * @param {readonly string[]} fleetIds ids of the fleets whose entries are left out
 */
export function entriesOf(kubeconfig, fleetIds) {
  const entries = ['cluster', 'context', 'user'].flatMap((kind) =>
    (kubeconfig[`${kind}s`] ?? [])
      .filter((entry) => !fleetIds.includes(markOf(entry[kind])))
      .map((entry) => [`${kind} ${entry.name}`, sortedJson(entry)]),
  );
  return new Map([...entries, ['current-context', JSON.stringify(kubeconfig['current-context'])]]);
}

function markOf({ extensions = [] }) {
  return extensions?.find(({ name }) => name === 'karmada-eks')?.extension.fleet;
}

/** Keys in order, for a server may answer them in any. */
function sortedJson(value) {
  return JSON.stringify(value, (_, part) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );
}

/** The paths at which two values differ, with both values. */
function changedParts(was, is, path = '') {
  if (isDeepStrictEqual(was, is)) return [];
  if (!isRecord(was) || !isRecord(is)) return [`${path}: ${shown(was)} became ${shown(is)}`];
  const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])];
  return keys.flatMap((key) => changedParts(was[key], is[key], `${path}.${key}`));
}

function isRecord(value) {
  return typeof value === 'object' && value !== null;
}

function shown(value) {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 120);
}
