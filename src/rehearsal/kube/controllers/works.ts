/** Karmada's Works: one for each object that a member is to have, with what was last seen of it there. */

import { type Json, textAt } from '../../json.js';
import type { Simulation } from '../../simulation.js';
import type { ApiState, KubeObjectState } from '../../state.js';
import { apiSeenBy } from '../access/endpoints.js';
import { apiVersionOf } from '../api-server/resources.js';
import { builtIn, hasLabels, listObjects } from '../api-server/store.js';
import { executionNamespace } from './clusters.js';
import { managed, sourceOf, wantedIn } from './spreading.js';

/**
 * The Works of an execution namespace. They are not stored: their content follows from the bindings and the namespaces, and of a
 * member that is leaving from what is still in it.
 */
export function worksIn(
  { simulation }: { readonly simulation: Simulation },
  karmada: ApiState,
  namespace: string,
): KubeObjectState[] {
  const cluster = listObjects(karmada, 'clusters', '').find((each) => executionNamespace(each) === namespace);
  if (cluster === undefined) return [];
  const member = apiSeenBy(simulation, karmada, cluster)?.api;
  const leaving = cluster.metadata.deletionTimestamp !== undefined;
  const wanted = leaving ? leftIn(member, namespace) : wantedIn(sourceOf(karmada), cluster);
  return [...wanted].map(([key, manifest]) => workOf(key, manifest, namespace, member?.objects[key]));
}

function leftIn(member: ApiState | undefined, namespace: string): ReadonlyMap<string, Json> {
  const all = Object.entries(member?.objects ?? {});
  const isHere = (object: KubeObjectState): boolean =>
    hasLabels(object, managed) && textAt(object, 'metadata', 'annotations', 'work.karmada.io/namespace') === namespace;
  return new Map(all.filter(([, object]) => isHere(object)));
}

function workOf(key: string, manifest: Json, namespace: string, there: KubeObjectState | undefined): KubeObjectState {
  const type = builtIn(key.slice(0, key.indexOf('/')));
  const { metadata, spec } = manifest;
  const object = { apiVersion: apiVersionOf(type), kind: type.kind, metadata, ...(spec === undefined ? {} : { spec }) };
  const own = textAt(manifest, 'metadata', 'name');
  const name = `${own.replaceAll(':', '.')}-${type.singular}`;
  const annotations = type.plural === 'deployments' ? bindingOf(own, textAt(manifest, 'metadata', 'namespace')) : {};
  return {
    apiVersion: 'work.karmada.io/v1alpha1',
    kind: 'Work',
    metadata: { name, namespace, uid: `${namespace}/${key}`, creationTimestamp: '', annotations },
    spec: { workload: { manifests: [object] } },
    ...(there?.['status'] === undefined ? {} : { status: { manifestStatuses: [{ status: there['status'] }] } }),
  };
}

/** Which binding it follows from (1.18.2, pkg/apis/work/v1alpha2/well_known_constants.go). */
function bindingOf(name: string, namespace: string): Record<string, string> {
  return {
    'resourcebinding.karmada.io/name': `${name}-deployment`,
    'resourcebinding.karmada.io/namespace': namespace,
  };
}
