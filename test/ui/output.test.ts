/** What the output may do, for each kind of surroundings. */
import { expect, it } from 'vitest';
import { decideOutput } from '../../src/ui/output.js';
import { fakeSurroundings } from './fake-surroundings.js';

function decided(columns: number | undefined, env: Record<string, string> = {}, json = false): string {
  const { mayAnimate, mayAsk, out } = decideOutput(fakeSurroundings(columns, env), json);
  return [mayAnimate && 'move', out.level > 0 && 'colour', mayAsk && 'ask'].filter(Boolean).join(' ');
}

it.each([
  ['a terminal', 80, {}, 'move colour ask'],
  ['no terminal', undefined, {}, ''],
  ['a terminal under CI', 80, { CI: 'true' }, 'colour'],
  ['CI switched off', 80, { CI: 'false' }, 'move colour ask'],
  ['a terminal that cannot move', 80, { TERM: 'dumb' }, 'ask'],
  ['NO_COLOR', 80, { NO_COLOR: '1' }, 'move ask'],
  ['an empty NO_COLOR', 80, { NO_COLOR: '' }, 'move colour ask'],
  ['FORCE_COLOR without a terminal', undefined, { FORCE_COLOR: '1' }, 'colour'],
  ['FORCE_COLOR=0', 80, { FORCE_COLOR: '0' }, 'move ask'],
  ['FORCE_COLOR and NO_COLOR', 80, { FORCE_COLOR: '1', NO_COLOR: '1' }, 'move colour ask'],
] as const)('%s', (_, columns, env, expected) => {
  expect(decided(columns, env)).toBe(expected);
});

it.each([
  ['no locale', {}, true],
  ['UTF-8', { LANG: 'en_US.UTF-8' }, true],
  ['utf8', { LC_ALL: 'C.utf8' }, true],
  ['the C locale', { LANG: 'C' }, false],
  ['Latin-1 over UTF-8', { LC_ALL: 'de_DE.ISO-8859-1', LANG: 'de_DE.UTF-8' }, false],
  ['an empty LC_ALL', { LC_ALL: '', LANG: 'de_DE.UTF-8' }, true],
  ['a dumb terminal', { LANG: 'C.UTF-8', TERM: 'dumb' }, false],
] as const)('draws with blocks where they can be shown: %s', (_, env, blocks) => {
  expect(decideOutput(fakeSurroundings(80, env), false).blocks).toBe(blocks);
});

it('neither moves nor asks with --json', () => {
  expect(decided(80, {}, true)).toBe('colour');
});

it('asks when only stdout is piped, and does not when stdin is', () => {
  const terminal = fakeSurroundings(80);
  const out = decideOutput({ ...terminal, stdoutIsTty: false }, false);
  expect([out.mayAsk, out.out.level, out.err.level, out.outColumns(), out.errColumns()]).toEqual([
    true,
    0,
    1,
    Number.POSITIVE_INFINITY,
    80,
  ]);
  expect(decideOutput({ ...terminal, stdinIsTty: false }, false)).toMatchObject({ mayAnimate: true, mayAsk: false });
});
