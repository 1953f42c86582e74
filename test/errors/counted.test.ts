/** One of a thing is one thing, in every message that counts. */
import { expect, it } from 'vitest';
import { counted } from '../../src/errors/counted.js';

it('counts with the noun that fits', () => {
  expect([0, 1, 2].map((count) => counted(count, 'member'))).toEqual(['0 members', '1 member', '2 members']);
  expect(counted(1, 'address', 'addresses')).toBe('1 address');
  expect(counted(3, 'address', 'addresses')).toBe('3 addresses');
});
