/** `kubectl patch TYPE NAME --type=merge|strategic --patch=JSON`. */

import { type Arguments, unmodelled } from '../../arguments.js';
import { isJson, listAt, mapAt, mergePatch } from '../../json.js';
import type { ToolProcess } from '../../simulation.js';
import type { ApiState } from '../../state.js';
import { printedKind, qualifiedName } from '../api-server/resources.js';
import { nameOf, replaceObject, typeOf } from '../api-server/store.js';
import { strategicMerge } from '../api-server/strategic-merge.js';
import { findTarget } from './target.js';

/** `kubectl patch -f - --type=merge --patch=JSON`: the same patch for each object that is named; one that is missing ends it. */
export function patchObjects(process: ToolProcess, api: ApiState, args: Arguments): number {
  const input: unknown = JSON.parse(process.stdin);
  for (const manifest of listAt(input, 'items')) {
    if (!isJson(manifest)) throw unmodelled('kubectl', process);
    const { namespace } = mapAt(manifest, 'metadata');
    const flags = new Map([['namespace', namespace ?? '']]);
    const value = (flag: string): string => flags.get(flag) ?? args.value(flag);
    const named = ['patch', qualifiedName(typeOf(api, manifest)), nameOf(manifest)];
    patchObject(process, api, {
      positional: named,
      value,
      has: (flag) => flag !== 'ignore-not-found' && args.has(flag),
    });
  }
  return 0;
}

export function patchObject(process: ToolProcess, api: ApiState, args: Arguments): number {
  const merge = { merge: mergePatch, strategic: strategicMerge }[args.value('type')];
  const { type, name, objects } = findTarget(process, api, args);
  const [object] = objects;
  const patch: unknown = JSON.parse(args.value('patch'));
  if (merge === undefined || name === undefined || object === undefined || !isJson(patch))
    throw unmodelled('kubectl', process);
  const merged = merge(object, patch);
  const changed = isJson(merged) && replaceObject(api, type, object, merged);
  process.out(`${printedKind(type)}/${name} patched${changed ? '' : ' (no change)'}`);
  return 0;
}
