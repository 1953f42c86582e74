/** How a machine is let in without shutting others out. */
import { expect, it } from 'vitest';
import { wordsToLetIn } from '../../src/access/own-address.js';

it('names the ranges that were named, since those that are named replace them', () => {
  expect(wordsToLetIn(['198.51.100.0/24', '192.0.2.10/32'], '1.2.3.5')).toBe(
    'up --allow 198.51.100.0/24 --allow 192.0.2.10/32 --allow 1.2.3.5/32',
  );
});

it('names none where none were named: up adds the machine it runs on', () => {
  expect(wordsToLetIn([], '1.2.3.5')).toBe('up');
});
