/** What may stand alone on a command line. */
import { expect, it } from 'vitest';
import { positional } from '../../src/tools/positional.js';

it.each(['demo', 'system:karmada:agent', 'nlb.example:32443', '[::1]:32443', 'a-b', 'a b', '集群'])(
  'takes %s',
  (value) => {
    expect(positional(value)).toBe(value);
  },
);

it.each(['', '-f', '--all', 'a\nb', 'a\u0000', 'a\u2028b', '\u001B[2J'])('refuses %j', (value) => {
  expect(() => positional(value)).toThrow(expect.objectContaining({ code: 'invalid-value' }));
});
