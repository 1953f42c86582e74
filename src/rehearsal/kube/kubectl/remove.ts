/** `kubectl delete TYPE NAME --wait=false`. */
import { type Arguments, unmodelled } from '../../arguments.js';
import { textAt } from '../../json.js';
import type { ToolProcess } from '../../simulation.js';
import type { ApiState } from '../../state.js';
import { requestDeletion } from '../api-server/deletion.js';
import { Refusal } from '../api-server/refusal.js';
import { printedKind, qualifiedName, type ResourceType, resourceNamed } from '../api-server/resources.js';
import { findObject } from '../api-server/store.js';
import { findTarget } from './target.js';

/** Without `--wait=false` kubectl waits until the object is deleted: modelled only where that is immediate. */
export function removeObjects(process: ToolProcess, api: ApiState, args: Arguments): number {
  if (args.value('wait') !== 'false') throw unmodelled('kubectl', process);
  const { type, name, objects } = findTarget(process, api, args);
  if (name === undefined && args.value('selector') === '') throw unmodelled('kubectl', process);
  for (const object of objects) {
    requestDeletion(process.simulation.now(), api, type.plural, object);
    const from = type.namespaced ? ` from ${object.metadata.namespace} namespace` : '';
    process.out(`${printedKind(type)} "${object.metadata.name}" deleted${from}`);
  }
  if (name === undefined && objects.length === 0) process.out('No resources found');
  return 0;
}

/** The words of Kubernetes 1.34 (observed); the path is that of an object in a namespace. */
export function removeVersion(process: ToolProcess, api: ApiState, args: Arguments): number {
  const { type, namespace, name } = placeOf(process, api, args.value('raw'));
  const version = textAt(JSON.parse(process.stdin), 'preconditions', 'resourceVersion');
  if (args.value('filename') !== '-' || version === '') throw unmodelled('kubectl', process);
  const object = findObject(api, type.plural, namespace, name);
  if (object === undefined) throw new Refusal('NotFound', `${qualifiedName(type)} "${name}" not found`);
  const recorded = String(object.metadata['resourceVersion']);
  if (recorded !== version) {
    const why = `the ResourceVersion in the precondition (${version}) does not match the ResourceVersion in record (${recorded})`;
    const what = `Operation cannot be fulfilled on ${type.kind}.${type.group} "${name}"`;
    throw new Refusal('Conflict', `${what}: ${why}. The object might have been modified`);
  }
  requestDeletion(process.simulation.now(), api, type.plural, object);
  const details = { name, group: type.group, kind: type.plural, uid: object.metadata.uid };
  process.out(JSON.stringify({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details }));
  return 0;
}

interface Place {
  readonly type: ResourceType;
  readonly namespace: string;
  readonly name: string;
}

function placeOf(process: ToolProcess, api: ApiState, path: string): Place {
  const [, group = '', namespace = '', plural = '', name = ''] =
    /^\/apis\/([\w.]+)\/v1\/namespaces\/([\w-]+)\/(\w+)\/([\w-]+)$/.exec(path) ?? [];
  const type = resourceNamed(api, `${plural}.${group}`);
  if (type === undefined) throw unmodelled('kubectl', process);
  return { type, namespace, name };
}
