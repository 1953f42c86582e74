/** The evaluator of the tests by itself: what it allows wrongly would prove nothing. */
import { describe, expect, it } from 'vitest';
import type { IamPolicy } from '../../src/iam/iam-policy.js';
import { allows } from './evaluator.js';

function policy(Condition?: Record<string, Record<string, readonly string[]>>): IamPolicy {
  const statement = { Sid: 'A', Effect: 'Allow' as const, Action: ['ec2:Delete*'], Resource: ['arn:x:*/a'] };
  return { Version: '2012-10-17', Statement: [Condition === undefined ? statement : { ...statement, Condition }] };
}

const ask = (
  Condition: Record<string, Record<string, readonly string[]>> | undefined,
  context: Record<string, readonly string[]> = {},
  request: { action?: string; resource?: string } = {},
): boolean => allows(policy(Condition), { action: 'ec2:DeleteVolume', resource: 'arn:x:b/a', context, ...request });

it.each([
  ['the action is another', { action: 'ec2:CreateVolume' }],
  ['the resource is another', { resource: 'arn:x:b/ab' }],
  ['only the beginning of the resource fits', { resource: 'arn:x:b/a/c' }],
])('denies where %s', (_, request) => {
  expect(ask(undefined)).toBe(true);
  expect(ask(undefined, {}, request)).toBe(false);
});

describe.each([
  // operator, its values, [what is in the request, whether it is allowed]
  [
    'StringEquals',
    ['a*', 'b'],
    [
      [undefined, false],
      [['b'], true],
      [['ab'], false],
    ],
  ],
  [
    'StringLike',
    ['a*'],
    [
      [undefined, false],
      [['ab'], true],
      [['ba'], false],
    ],
  ],
  [
    'StringEqualsIfExists',
    ['b'],
    [
      [undefined, true],
      [['b'], true],
      [['c'], false],
    ],
  ],
  [
    'ArnLike',
    ['arn:*:b'],
    [
      [undefined, false],
      [['arn:a:b'], true],
      [['arn:a:c'], false],
    ],
  ],
  [
    'ForAllValues:StringEquals',
    ['a', 'b'],
    [
      [undefined, true],
      [['a', 'b'], true],
      [['a', 'c'], false],
    ],
  ],
  [
    'ForAnyValue:StringEquals',
    ['a'],
    [
      [undefined, false],
      [['a', 'c'], true],
      [['c'], false],
    ],
  ],
  [
    'Null',
    ['true'],
    [
      [undefined, true],
      [['a'], false],
    ],
  ],
] as const)('%s', (operator, wanted, cases) => {
  it.each(cases.map(([found, answer]) => ({ found, answer })))('of $found is $answer', ({ found, answer }) => {
    expect(ask({ [operator]: { key: wanted } }, found === undefined ? {} : { key: found })).toBe(answer);
  });
});

it('wants all keys of all operators, and knows no operator that it was not taught', () => {
  const Condition = { StringEquals: { one: ['1'], two: ['2'] } };
  expect(ask(Condition, { one: ['1'], two: ['2'] })).toBe(true);
  expect(ask(Condition, { one: ['1'] })).toBe(false);
  expect(() => ask({ NumericEquals: { one: ['1'] } }, { one: ['1'] })).toThrow('NumericEquals');
});
