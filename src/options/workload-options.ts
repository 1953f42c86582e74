/** What is to become of workloads in clusters that leave Karmada and stay: deleted, unless they are to be kept. */
import { Problem } from '../errors/problem.js';
import type { Parsed } from './run-options.js';

/** @throws Problem `invalid-value` when both are asked for */
export function keepsWorkloads(parsed: Parsed): boolean {
  const keeps = parsed['keepWorkloads'] === true;
  if (!keeps || parsed['removeWorkloads'] !== true) return keeps;
  throw new Problem('invalid-value', {
    what: '--keep-workloads and --remove-workloads are mutually exclusive; nothing was changed',
    next: ['use one of them'],
  });
}
