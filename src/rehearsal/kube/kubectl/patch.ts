/** `kubectl patch TYPE NAME --type=merge --patch=JSON`. */
import type { ToolProcess } from '../../simulation.js';
import type { ApiState } from '../../state.js';
import { type Arguments, unmodelled } from '../arguments.js';
import { isJson, mergePatch } from '../json.js';
import { printedKind } from '../resources.js';
import { replaceObject } from '../store.js';
import { findTarget } from './target.js';

export function patchObject(process: ToolProcess, api: ApiState, args: Arguments): number {
  if (args.value('type') !== 'merge') throw unmodelled('kubectl', process);
  const { type, name, objects } = findTarget(process, api, args);
  const [object] = objects;
  const patch: unknown = JSON.parse(args.value('patch'));
  if (name === undefined || object === undefined || !isJson(patch)) throw unmodelled('kubectl', process);
  const merged = mergePatch(object, patch);
  const changed = isJson(merged) && replaceObject(api, type, object, merged);
  process.out(`${printedKind(type)}/${name} patched${changed ? '' : ' (no change)'}`);
  return 0;
}
