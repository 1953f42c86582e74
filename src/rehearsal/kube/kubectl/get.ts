/** `kubectl get … --output=json` and `kubectl get --raw=PATH`. */

import { type Arguments, unmodelled } from '../../arguments.js';
import type { ToolProcess } from '../../simulation.js';
import type { ApiState, KubeObjectState } from '../../state.js';
import { qualifiedName, servedTypes } from '../api-server/resources.js';
import { findObject, nameOf, namespaceOf, typeOf } from '../api-server/store.js';
import { readManifests } from './manifests.js';
import { aggregatedApiAnswers, findTarget, type Target } from './target.js';

/**
 * A single object is printed as itself, several as a List, nothing with `--ignore-not-found` as nothing
 * (kubectl, pkg/cmd/get/get.go:729).
 */
export function getObjects(process: ToolProcess, api: ApiState, args: Arguments): number {
  if (args.value('output') !== 'json') throw unmodelled('kubectl', process);
  const { name, objects } = args.has('filename') ? namedInInput(process, api, args) : targetOf(process, api, args);
  const [only] = objects;
  if (name !== undefined && only !== undefined) printJson(process, shown(only));
  else if (objects.length > 0 || !args.has('ignore-not-found')) {
    printJson(process, {
      apiVersion: 'v1',
      items: objects.map(shown),
      kind: 'List',
      metadata: { resourceVersion: '' },
    });
  }
  return 0;
}

/** With `-f -`, those that the List names and that exist; it is refused as a whole where a type is not served. */
function namedInInput(process: ToolProcess, api: ApiState, args: Arguments): Pick<Target, 'name' | 'objects'> {
  if (!args.has('ignore-not-found')) throw unmodelled('kubectl', process);
  const objects = readManifests(process).flatMap((manifest) => {
    const type = typeOf(api, manifest);
    return findObject(api, type.plural, namespaceOf(type, manifest), nameOf(manifest)) ?? [];
  });
  return { name: objects.length === 1 ? objects[0]?.metadata.name : undefined, objects };
}

/** Several types are asked for in one word; their objects come in that order. */
function targetOf(process: ToolProcess, api: ApiState, args: Arguments): Pick<Target, 'name' | 'objects'> {
  const [verb = '', typed = '', ...more] = args.positional;
  if (!typed.includes(',') || more.length > 0) return findTarget(process, api, args);
  const each = typed.split(',').map((type) => findTarget(process, api, { ...args, positional: [verb, type] }));
  return { name: undefined, objects: each.flatMap(({ objects }) => objects) };
}

/**
 * `kubectl api-resources [--namespaced=true] --verbs=list --output=name`. What an aggregated API server that does not answer
 * would serve is left out, and the command fails (kubectl, pkg/cmd/apiresources/apiresources.go, RunAPIResources).
 */
export function listTypes(process: ToolProcess, api: ApiState, args: Arguments): number {
  const asked = ['namespaced', 'verbs', 'output'].map((flag) => args.value(flag)).join(' ');
  if (asked !== 'true list name' && asked !== ' list name') throw unmodelled('kubectl', process);
  const types = servedTypes(api).filter((type) => type.namespaced || !args.has('namespaced'));
  const isWhole = !types.some(({ plural }) => plural === 'clusters') || aggregatedApiAnswers(process, api);
  for (const type of types) if (isWhole || type.plural !== 'clusters') process.out(qualifiedName(type));
  if (isWhole) return 0;
  process.err(
    'error: unable to retrieve the complete list of server APIs: cluster.karmada.io/v1alpha1: the server is currently unable to handle the request',
  );
  return 1;
}

/** The health paths of an API server that answers. */
export function getRaw(process: ToolProcess, args: Arguments): number {
  if (!['/readyz', '/livez', '/healthz'].includes(args.value('raw'))) throw unmodelled('kubectl', process);
  process.out('ok');
  return 0;
}

/** An object without the rehearsal's own notes. */
export function shown(object: KubeObjectState): object {
  const { rehearsal: _, ...rest } = object;
  return rest;
}

/** Prints JSON line by line, indented as kubectl does. */
export function printJson(process: ToolProcess, value: unknown, indent = 4): void {
  for (const line of JSON.stringify(value, null, indent).split('\n')) process.out(line);
}
