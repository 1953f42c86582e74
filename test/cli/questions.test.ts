/** How often the commands ask: one answer serves all looks, and none is kept over a change. */
import { expect, it } from 'vitest';
import { strangers } from '../canaries/look-alikes.js';
import { type Ended, isChange } from '../lifecycle/cli.js';
import { newMachine, region, smallUp, succeed } from '../lifecycle/fleet.js';

/** Of the calls before the first that changes something, how many there are of each kind. */
function asked(calls: Ended['calls']): (key: string) => number {
  const keys = calls.map(({ key }) => key);
  const first = keys.findIndex(isChange);
  const before = first === -1 ? keys : keys.slice(0, first);
  return (key) => before.filter((each) => each === key).length;
}

const describeCluster = `aws eks:DescribeCluster ${region}`;

it.each([1, 2, 5])('a first plan asks AWS 32 times, and twice for each cluster, with %d members', async (members) => {
  const { calls } = await succeed(newMachine(), `plan --region ${region} --vpc main --members ${members}`);
  const toAws = calls.filter(({ key }) => key.startsWith('aws '));
  // Each cluster of somebody else is asked once whether it is the fleet's.
  expect(toAws.length - strangers.length - 2 * (members + 1)).toBe(32);
  expect(asked(calls)(describeCluster)).toBe(members + 1 + strangers.length);
});

it('join and unjoin look at each cluster once, and once more at the parent, whose lease they take', async () => {
  const account = newMachine();
  await succeed(account, smallUp);
  const join = await succeed(account, 'join --create --cluster three --yes');
  expect(asked(join.calls)(describeCluster)).toBe(3);
  const unjoin = await succeed(account, 'unjoin three --yes');
  expect(asked(unjoin.calls)(describeCluster)).toBe(3);
});
