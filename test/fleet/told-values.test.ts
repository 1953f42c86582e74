/** What is told of a wrong value in the configuration file, whatever its type: what is expected, in words, not in those of the validator. */
import { expect, it } from 'vitest';
import { Problem } from '../../src/errors/problem.js';
import { checkRequest } from '../../src/fleet/request.js';
import { fieldsAt } from '../../src/fleet/schema.js';

/** What is told of this file. */
function told(file: unknown): readonly string[] {
  try {
    checkRequest(file, (path) => path || 'the whole file');
    return [];
  } catch (thrown) {
    if (!(thrown instanceof Problem)) throw thrown;
    return thrown.parts.length > 0 ? thrown.parts.map(({ what }) => what) : [thrown.what];
  }
}

const wrongValues: readonly unknown[] = [
  null,
  true,
  1.3,
  -1,
  101,
  1e300,
  '',
  'x y',
  [],
  [1],
  ['x y'],
  [[]],
  {},
  { a: 1 },
];
/** Words of the validator, which tell its types instead of what to write. */
const raw = /Invalid|Too (?:big|small)|received|<=|>=|null|undefined|\bstring\b|\barray\b|\bobject\b|\bboolean\b/;

it.each([...fieldsAt([]), 'former', 'revision'])('%s', (field) => {
  const all = wrongValues.flatMap((value) => told({ [field]: value }));
  expect(all.length).toBeGreaterThan(5);
  expect(all.filter((text) => raw.test(text))).toEqual([]);
});

it.each(fieldsAt(['members', 0]))('%s of a member', (field) => {
  const all = wrongValues.flatMap((value) => told({ members: [{ name: 'a', [field]: value }] }));
  expect(all.length).toBeGreaterThan(5);
  expect(all.filter((text) => raw.test(text))).toEqual([]);
});

it.each([
  [{ nodes: 101 }, 'nodes: expected at most 100 nodes (got 101)'],
  [{ nodes: 2 }, 'nodes: expected at least 3 nodes, one per Karmada API server (got 2)'],
  [{ nodes: 'abc' }, 'nodes: expected a whole number from 3 to 100 (got "abc")'],
  [{ members: 101 }, 'members: expected a number from 0 to 100 or a list of members (got 101)'],
  [{ members: -1 }, 'members: expected a number from 0 to 100 or a list of members (got -1)'],
  [{ internal: 'on' }, 'internal: expected true or false (got "on")'],
  [{ allow: '203.0.113.7/32' }, 'allow: expected a list: [203.0.113.7/32] (got "203.0.113.7/32")'],
  [{ kubernetesVersion: 1.3 }, "kubernetesVersion: expected a version in quotes, such as '1.35' (got 1.3)"],
  [{ region: 4 }, 'region: expected text; a number needs quotes (got 4)'],
  [{ members: ['eu'] }, 'members.0: expected fields such as region: us-west-2 (got "eu")'],
  [{ nods: 3 }, 'the whole file: unknown field "nods"; did you mean nodes?'],
  [{ 'instance-type': 'm5.large' }, 'the whole file: unknown field "instance-type"; did you mean instanceType?'],
  [{ members: [{ name: 'a', mod: 'pull' }] }, 'members.0: unknown field "mod"; did you mean mode?'],
  ['a whole file of text', 'the whole file: expected fields such as region: us-west-2'],
])('%j', (file, text) => {
  expect(told(file)).toEqual([text]);
});

it('has one line for each unknown field', () => {
  expect(told({ regoin: 'x', colour: 'red' })).toEqual([
    'the whole file: unknown field "regoin"; did you mean region?',
    `the whole file: unknown field "colour"; expected ${fieldsAt([]).join(', ')}`,
  ]);
});

it('shows no long value, and never the file: it may be a key', () => {
  const key = 'k'.repeat(300);
  const all = [key, { region: key }, { allow: key }, { allow: [key] }, { [key]: 1 }, { members: [key] }].flatMap(told);
  expect(all).toHaveLength(6);
  expect(all.filter((text) => text.includes('k'.repeat(61)))).toEqual([]);
});

it('takes the v before a version', () => {
  const nameOf = (path: string): string => path;
  expect(checkRequest({ karmadaVersion: 'v1.18.2', kubernetesVersion: 'v1.35' }, nameOf)).toEqual({
    karmadaVersion: '1.18.2',
    kubernetesVersion: '1.35',
  });
});
