/** What a fleet becomes with further members, and what does not go together. */
import { describe, expect, it } from 'vitest';
import type { Fleet } from '../../src/fleet/fleet.js';
import { withJoining } from '../../src/fleet/joined.js';
import { resolveFleet } from '../../src/fleet/resolve.js';
import type { MemberRequest } from '../../src/fleet/schema.js';

const region = 'us-west-2';

const fleet: Fleet = resolveFleet({
  region,
  vpc: 'main',
  members: [{ name: 'one' }, { name: 'two', mode: 'pull', sources: ['198.51.100.7/32'] }],
  former: [{ name: 'old', cluster: 'old-cluster' }],
});

function names(requests: readonly MemberRequest[]): Readonly<Record<string, readonly string[]>> {
  const joined = withJoining(fleet, requests);
  const namesOf = (members: readonly { readonly name: string }[]): readonly string[] => members.map(({ name }) => name);
  return {
    members: namesOf(joined.fleet.members),
    former: namesOf(joined.fleet.former),
    joining: namesOf(joined.joining),
  };
}

it('has new members after its own', () => {
  expect(names([{ name: 'new' }, { name: 'edge', context: 'kind-edge' }])).toEqual({
    members: ['one', 'two', 'new', 'edge'],
    former: ['old'],
    joining: ['new', 'edge'],
  });
});

it('takes a former member back, also under another name', () => {
  expect(names([{ name: 'again', cluster: 'old-cluster' }])).toEqual({
    members: ['one', 'two', 'again'],
    former: [],
    joining: ['again'],
  });
});

it('leaves what is not said of a member that it has as it is', () => {
  const { fleet: same, joining } = withJoining(fleet, [{ name: 'two' }]);
  expect(same).toEqual(fleet);
  expect(joining).toEqual([fleet.members[1]]);
});

describe('refuses', () => {
  it.each([
    ['a second name for a cluster', [{ name: 'uno', cluster: 'one' }], 'is already a member, named one'],
    ['another mode', [{ name: 'one', mode: 'pull' }], 'one is already a push member'],
    ['the name of a member', [{ name: 'one', context: 'x' }], 'context x would be named one'],
    ['the name of a former member', [{ name: 'old', context: 'x' }], 'context x would be named old'],
    [
      'one cluster twice',
      [
        { name: 'a', cluster: 'c' },
        { name: 'b', cluster: 'c' },
      ],
      'is listed twice',
    ],
    ['one name twice', [{ name: 'a' }, { name: 'a', context: 'x' }], 'context x would be named a'],
    ['a reserved name', [{ name: 'fleet' }], 'a member cannot be named fleet'],
  ] satisfies [string, MemberRequest[], string][])('%s', (_, requests, text) => {
    expect(() => withJoining(fleet, requests)).toThrow(text);
  });

  it('the hundred and first member', () => {
    const requests = (count: number) => Array.from({ length: count }, (_, index) => ({ name: `m${index}` }));
    expect(withJoining(fleet, requests(98)).fleet.members.length).toBe(100);
    expect(() => withJoining(fleet, requests(99))).toThrow('the fleet would have 101 members');
  });

  it('all that is wrong at once', () => {
    const wrong = [
      { name: 'one', mode: 'pull' as const },
      { name: 'two', context: 'x' },
    ];
    expect(() => withJoining(fleet, wrong)).toThrow(
      expect.objectContaining({ parts: [expect.anything(), expect.anything()] }),
    );
  });
});
