/** Strategic merge patches: as RFC 7386, but lists of objects with a key are merged by it (kubernetes, pkg/apis: `patchMergeKey`). */
import { Problem } from '../../../errors/problem.js';
import { at, isJson, type Json } from '../../json.js';

/** By field: the key by which its elements are merged, or undefined where the whole list is replaced (kubernetes 1.34, core/v1 types). */
const mergeKeys: Readonly<Record<string, string | undefined>> = {
  containers: 'name',
  imagePullSecrets: 'name',
  topologySpreadConstraints: 'topologyKey',
  tolerations: undefined,
  requiredDuringSchedulingIgnoredDuringExecution: undefined,
};

/** The patch applied to a copy. @throws Problem `rehearsal-unmodelled` for a list that is not in the table, and for directives */
export function strategicMerge(target: unknown, patch: unknown, field = ''): unknown {
  if (Array.isArray(patch)) return mergedList(target, patch, field);
  if (!isJson(patch)) return patch;
  const merged: Json = isJson(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith('$')) throw unknownPart(key);
    if (value === null) delete merged[key];
    else merged[key] = strategicMerge(merged[key], value, key);
  }
  return merged;
}

function mergedList(target: unknown, patch: readonly unknown[], field: string): unknown {
  if (!(field in mergeKeys)) throw unknownPart(field);
  const key = mergeKeys[field];
  if (key === undefined) return patch;
  const found: readonly unknown[] = Array.isArray(target) ? target : [];
  const added = patch.filter((each) => found.every((other) => at(other, key) !== at(each, key)));
  const kept = found.map((each) => {
    const change = patch.find((other) => at(other, key) === at(each, key));
    return change === undefined ? each : strategicMerge(each, change);
  });
  return [...kept, ...added];
}

function unknownPart(name: string): Problem {
  return new Problem('rehearsal-unmodelled', {
    what: `the rehearsal does not model ${name} in a strategic merge patch`,
  });
}
