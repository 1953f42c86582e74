/** Which objects a kubectl invocation names: `TYPE`, `TYPE NAME`, with a namespace or a selector. */

import { type Arguments, unmodelled } from '../../arguments.js';
import type { ToolProcess } from '../../simulation.js';
import type { ApiState, KubeObjectState } from '../../state.js';
import { Refusal } from '../api-server/refusal.js';
import { qualifiedName, type ResourceType, resourceNamed } from '../api-server/resources.js';
import { findObject, hasLabels, listObjects } from '../api-server/store.js';
import { componentReady, parentOf } from '../controllers/control-plane.js';
import { worksIn } from '../controllers/works.js';

export interface Target {
  readonly type: ResourceType;
  readonly namespace: string;
  /** Undefined for a list. */
  readonly name: string | undefined;
  readonly objects: readonly KubeObjectState[];
}

/** Finds what is named; a single object that is missing is refused unless `--ignore-not-found` was given. */
export function findTarget(process: ToolProcess, api: ApiState, args: Arguments): Target {
  const [, typed = '', name, ...more] = args.positional;
  if (typed === '' || typed.includes(',') || more.length > 0) throw unmodelled('kubectl', process);
  const type = resourceNamed(api, typed);
  if (type === undefined) {
    throw new Refusal('Connection', `error: the server doesn't have a resource type "${typed.split('.')[0]}"`);
  }
  if (type.plural === 'clusters') requireAggregatedApi(process, api, 'get');
  const namespace = type.namespaced ? args.value('namespace') || 'default' : '';
  if (name === undefined) {
    return { type, namespace, name, objects: listed(process, api, type, args) };
  }
  const object = findObject(api, type.plural, namespace, name);
  if (object === undefined && !args.has('ignore-not-found')) throw notFound(type, name);
  return { type, namespace, name, objects: object === undefined ? [] : [object] };
}

/** All objects of a type that the namespace and the selector leave. */
function listed(process: ToolProcess, api: ApiState, type: ResourceType, args: Arguments): readonly KubeObjectState[] {
  const labels = readSelector(process, args.value('selector'));
  const everywhere = args.has('all-namespaces') || !type.namespaced;
  const namespace = args.value('namespace') || 'default';
  if (type.plural === 'works') {
    const members = listObjects(api, 'clusters').map(({ metadata }) => `karmada-es-${metadata.name}`);
    return (everywhere ? members : [namespace]).flatMap((each) => worksIn(process, api, each));
  }
  const all = listObjects(api, type.plural, everywhere ? undefined : namespace);
  return all.filter((object) => hasLabels(object, labels));
}

function notFound(type: ResourceType, name: string): Refusal {
  return new Refusal('NotFound', `${qualifiedName(type)} "${name}" not found`);
}

export function aggregatedApiAnswers(process: ToolProcess, api: ApiState): boolean {
  return componentReady(parentOf(process, api), 'karmada-aggregated-apiserver');
}

/** Clusters are served by the aggregated API server, a component of its own. */
export function requireAggregatedApi(process: ToolProcess, api: ApiState, verb: string): void {
  if (aggregatedApiAnswers(process, api)) return;
  throw new Refusal(
    'ServiceUnavailable',
    `the server is currently unable to handle the request (${verb} clusters.cluster.karmada.io)`,
  );
}

function readSelector(process: ToolProcess, text: string): Record<string, string> {
  if (text === '') return {};
  return Object.fromEntries(
    text.split(',').map((part) => {
      const [, key = '', value = ''] = /^([^=!\s]+)==?([^=]*)$/.exec(part) ?? [];
      if (key === '') throw unmodelled('kubectl', process, `selector ${text}`);
      return [key, value];
    }),
  );
}
