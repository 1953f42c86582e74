/** Widths: clipping, padding, wrapping, durations. */
import stringWidth from 'string-width';
import { expect, it } from 'vitest';
import { approximate, duration, formatOffset } from '../../src/ui/duration.js';
import { hangingIndent, oneLine, pad, sanitize, truncate, truncateMiddle, wrap } from '../../src/ui/text.js';

it.each([
  [0, '0s'],
  [400, '<1s'],
  [53_000, '53s'],
  [59_600, '1m 00s'],
  [843_000, '14m 03s'],
  [3_599_600, '1h 00m'],
  [3_720_000, '1h 02m'],
])('%d ms is %s', (ms, text) => {
  expect(duration(ms)).toBe(text);
});

it('tells moments and rough durations', () => {
  expect([0, 133_999, 3_661_000].map(formatOffset)).toEqual(['+00:00', '+02:13', '+61:01']);
  expect([10, 6000, 90_000, 900_000].map(approximate)).toEqual(['~1s', '~6s', '~2m', '~15m']);
});

it('makes one harmless line of anything', () => {
  expect(oneLine('\u001B[2J\u001B]0;title\u0007 a\tb\r\nc\u0008\u2028d ')).toBe('a b c d');
});

it('lets a terminal only show what somebody else said, in its lines', () => {
  expect(sanitize('\u001B[31mred\u001B[0m\r\nnext\u009B2J\u007F \u202Edne\u0000')).toBe('red\nnext   dne ');
});

it.each([0, 1, 2, 5, 8, 40])('clips wide characters and emoji to %d columns', (columns) => {
  for (const text of ['集群一二三四五', 'a集b群c', '👩‍👩‍👧‍👦👩‍👩‍👧‍👦 family', 'plain text that is long']) {
    expect(stringWidth(truncate(text, columns))).toBeLessThanOrEqual(columns);
    expect(stringWidth(truncateMiddle(text, columns))).toBeLessThanOrEqual(columns);
  }
});

it('clips before a wide character that only half fits', () => {
  expect([truncate('集群一二', 4), truncate('a集群', 3)]).toEqual(['集…', 'a…']);
  expect([truncateMiddle('集群一二三', 6), truncateMiddle('create-one', 7)]).toEqual(['集…三', 'cre…one']);
});

it('clips only what is too long', () => {
  expect([truncate('集群', 4), truncate('集群', 3), truncate('abc def', 5)]).toEqual(['集群', '集…', 'abc…']);
});

it('pads by width', () => {
  expect([pad('集群', 6), pad('abc', 2)]).toEqual(['集群  ', 'abc']);
});

it('wraps at spaces, and keeps commands and long words whole', () => {
  expect(wrap('one two three', 8)).toEqual(['one two', 'three']);
  expect(wrap('run `kubectl get pods -A` now', 10)).toEqual(['run', '`kubectl get pods -A`', 'now']);
  expect(wrap('a\nb', 10)).toEqual(['a', 'b']);
  expect(wrap('unbreakable-word x', 5)).toEqual(['unbreakable-word', 'x']);
});

it('hangs a text beside its label', () => {
  expect(hangingIndent('why: ', 'aaa bbb ccc ddd eee fff ggg', 25)).toEqual([
    'why: aaa bbb ccc ddd eee',
    '     fff ggg',
  ]);
});
