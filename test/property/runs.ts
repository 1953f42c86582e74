/**
 * How property tests run: with the same cases each time. PROPERTY_SEED takes other ones (fast-check names the seed of a
 * failure), PROPERTY_RUNS so many times as many. `npm test` takes a quarter, and `npm run faults` all.
 */

import { vi } from 'vitest';

const { PROPERTY_SEED: seed = '20261122', PROPERTY_RUNS: factor = '0.25' } = process.env;

// Properties are many tests in one, and more of them are asked for to find something over night.
vi.setConfig({ testTimeout: 180_000 * Math.max(1, Number(factor)) });

/** What `fc.assert` is given; `numRuns` is how many cases a property gets with PROPERTY_RUNS=1. */
export function runs(numRuns: number): { readonly seed: number; readonly numRuns: number } {
  return { seed: Number(seed), numRuns: Math.ceil(numRuns * Number(factor)) };
}
