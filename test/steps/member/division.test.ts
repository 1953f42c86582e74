/** What the demonstration expects of Karmada's division. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { divideByWeight } from '../../../src/rehearsal/kube/controllers/division.js';
import { divided, isDivided } from '../../../src/steps/member/division.js';

it.each([
  [
    [1, 1, 2],
    [3, 3, 6],
  ],
  [[1], [12]],
  // Here the replicas left over do not go to the heaviest.
  [
    [1, 1, 1, 1, 10],
    [1, 1, 1, 1, 8],
  ],
  [Array.from({ length: 13 }, () => 1), [...Array.from({ length: 12 }, () => 1), 0]],
])('divides 12 replicas by %j', (weights, counts) => {
  expect(divided(12, weights)).toEqual(counts);
});

it.each([
  [[3, 2, 2, 5], true],
  [[2, 3, 2, 5], true],
  [[2, 2, 3, 5], true],
  [[5, 2, 2, 3], false],
  [[2, 2, 2, 6], false],
  [[2, 2, 2, 5], false],
  [[3, 2, 2], false],
])('takes the replica left over of 1:1:1:2 wherever it went among equal weights: %j is %s', (counts, right) => {
  expect(isDivided(counts, [1, 1, 1, 2], 12)).toBe(right);
});

it('knows every division that Karmada may come to, whatever the uid and the names', () => {
  const weights = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 12 });
  const property = fc.property(weights, fc.integer({ min: 0, max: 40 }), fc.uuid(), (given, replicas, uid) => {
    const named = given.map((weight, index): [string, number] => [`member-${index}`, weight]);
    const found = divideByWeight(replicas, Object.fromEntries(named), uid);
    const counts = named.map(([name]) => found[name] ?? 0);
    expect(isDivided(counts, given, replicas)).toBe(true);
    const [first = 0, ...others] = counts;
    expect(isDivided([first + 1, ...others], given, replicas)).toBe(false);
  });
  fc.assert(property, { numRuns: 300 });
});
