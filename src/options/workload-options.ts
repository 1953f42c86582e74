/**
 * What to do with workloads in clusters that leave Karmada but are kept: they are deleted unless they are to be kept.
 */
import { Problem } from '../errors/problem.js';
import type { Parsed } from './run-options.js';

/** @throws Problem `invalid-value` if both are set */
export function keepsWorkloads(parsed: Parsed): boolean {
  const keeps = parsed['keepWorkloads'] === true;
  if (!keeps || parsed['removeWorkloads'] !== true) return keeps;
  throw new Problem('invalid-value', {
    what: '--keep-workloads and --remove-workloads are mutually exclusive; nothing was changed',
    next: ['use one of them'],
  });
}
