/** Which range is in which. */
import { expect, it } from 'vitest';
import { contains } from '../../src/model/cidr.js';

it.each([
  ['0.0.0.0/0', '203.0.113.7/32', true],
  ['203.0.113.0/24', '203.0.113.7/32', true],
  ['203.0.113.9/24', '203.0.113.0/24', true],
  ['203.0.113.7/32', '203.0.113.0/24', false],
  ['203.0.113.0/24', '203.0.114.0/24', false],
  ['255.0.0.0/8', '255.255.255.255/32', true],
  ['2001:db8::/32', '2001:db8::/32', true],
  ['::/0', '203.0.113.7/32', false],
])('%s contains %s: %s', (outer, inner, does) => {
  expect(contains(outer, inner)).toBe(does);
});
