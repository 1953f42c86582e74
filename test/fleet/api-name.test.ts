/** Names for the Karmada API: how they are written, and what becomes of one that is given up. */
import { expect, it } from 'vitest';
import { apiNamesOf } from '../../src/fleet/fleet.js';
import { formerApiNames, requestOf, resolveFleet } from '../../src/fleet/resolve.js';
import { requestSchema } from '../../src/fleet/schema.js';

const place = { region: 'eu-west-1', vpc: 'main' };
/** 240 characters, the longest whose mark DNS takes. */
const longest = `${`${'a'.repeat(47)}.`.repeat(4)}${'b'.repeat(48)}`;

it.each([
  ['karmada.example.com', 'karmada.example.com'],
  ['Karmada.Example.COM.', 'karmada.example.com'],
  ['karmada.corp', 'karmada.corp'],
  ['1.2.3.4.in', '1.2.3.4.in'],
  [`${'a'.repeat(63)}.com`, `${'a'.repeat(63)}.com`],
  [longest, longest],
])('%s is taken', (apiName, expected) => {
  expect(resolveFleet(requestSchema.parse({ ...place, apiName })).apiName).toBe(expected);
});

it.each([
  'karmada',
  '*.example.com',
  'karmada..example.com',
  '-a.example.com',
  'a_b.example.com',
  'https://karmada.example.com',
  '192.0.2.7',
  '',
  `${'a'.repeat(64)}.com`,
  `${longest}b`,
])('%s is refused', (apiName) => {
  const told = requestSchema.safeParse({ ...place, apiName }).error?.issues.map(({ message }) => message);
  expect(told).toEqual(['expected a DNS name of yours such as karmada.example.com, or none']);
});

it('none is no name', () => {
  expect(resolveFleet({ ...place, apiName: 'none' }).apiName).toBeUndefined();
});

it('a name that is given up is kept as a former one, until it is taken again', () => {
  const one = resolveFleet({ ...place, apiName: 'one.example.com' });
  const next = (fleet: typeof one, apiName: string) => {
    const wanted = resolveFleet({ ...place, apiName });
    return { ...wanted, formerApiNames: formerApiNames(wanted, requestOf(fleet)) };
  };
  const two = next(one, 'two.example.com');
  expect(apiNamesOf(two)).toEqual(['two.example.com', 'one.example.com']);
  expect(apiNamesOf(next(two, 'two.example.com'))).toEqual(apiNamesOf(two));
  expect(apiNamesOf(next(two, 'none'))).toEqual(['one.example.com', 'two.example.com']);
  expect(apiNamesOf(next(next(two, 'none'), 'one.example.com'))).toEqual(['one.example.com', 'two.example.com']);
  expect(resolveFleet(requestOf(two))).toEqual(two);
});
