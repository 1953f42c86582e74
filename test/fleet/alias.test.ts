/** Names for members out of whatever clusters are called elsewhere. */
import { describe, expect, it } from 'vitest';
import { aliasOf } from '../../src/fleet/alias.js';
import { memberNamePattern } from '../../src/fleet/names.js';

it.each([
  ['prod-eu', 'prod-eu'],
  ['a'.repeat(48), 'a'.repeat(48)],
])('leaves %s as it is', (text, alias) => {
  expect(aliasOf(text)).toBe(alias);
});

it.each([
  ['arn:aws:eks:eu-west-1:123456789012:cluster/Prod_EU', /^prod-eu-[0-9a-f]{8}$/],
  ['arn:aws:eks:us-east-1:123456789012:cluster/shop', /^shop-[0-9a-f]{8}$/],
  ['somebody@shop.eu-west-1.eksctl.io', /^shop-eu-west-1-eksctl-io-[0-9a-f]{8}$/],
  ['PROD', /^prod-[0-9a-f]{8}$/],
  [`x${'-long'.repeat(20)}`, /^x-long-[-a-z]+-[0-9a-f]{8}$/],
  ['db-impersonator', /^db-impersonator-[0-9a-f]{8}$/],
  ['日本', /^member-[0-9a-f]{8}$/],
  ['--', /^member-[0-9a-f]{8}$/],
])('makes a name of %s', (text, pattern) => {
  expect(aliasOf(text)).toMatch(pattern);
});

/** Names as people, tools and clouds make them, with the same seed the same ones. */
function* generated(count: number): Generator<string> {
  let state = 7;
  const below = (limit: number): number => {
    state = (state * 48271) % 2147483647;
    return state % limit;
  };
  const letters = 'abcXYZ019-_.@/: éß日\n';
  for (let n = 0; n < count; n += 1) {
    const length = 1 + below(90);
    const word = Array.from({ length }, () => letters[below(letters.length)]).join('');
    yield [word, `arn:aws:eks:eu-west-${below(9)}:${100000000000 + below(99)}:cluster/${word}`, `${word}-${n}`][
      below(3)
    ] ?? '';
  }
}

describe('5,000 generated names', () => {
  const texts = [...new Set(generated(5_000))];

  it('all get an allowed name, always the same, and each its own', () => {
    const aliases = texts.map(aliasOf);
    expect(aliases.filter((alias) => !memberNamePattern.test(alias))).toEqual([]);
    expect(texts.map(aliasOf)).toEqual(aliases);
    expect(new Set(aliases).size).toBe(texts.length);
    expect(texts.length).toBeGreaterThan(4_000);
  });

  it('keep the names that they got', () => {
    expect(aliases.map(aliasOf)).toEqual(aliases);
  });

  const aliases = texts.map(aliasOf);
});
