/** What a fleet costs as it is: the nodes that are there, of clusters that it created. */
import { expect, it } from 'vitest';
import type { ClusterStatus } from '../../src/status/cluster-status.js';
import { runningCost } from '../../src/status/running-cost.js';

const now = Date.parse('2026-11-27');
const none = { region: 'us-east-1', etcdMembers: 0, loadBalancerAddresses: undefined };

function cluster(more: Partial<ClusterStatus> = {}): ClusterStatus {
  return {
    name: 'one',
    region: 'us-east-1',
    role: 'member',
    member: 'one',
    status: 'ACTIVE',
    kubernetesVersion: '1.35',
    nodes: 2,
    nodesReady: 2,
    machines: [{ instanceTypes: ['m5.large'], count: 2, diskGib: 80 }],
    publicNodes: 0,
    made: true,
    why: undefined,
    support: { policy: 'STANDARD', endOfStandard: '2027-11-27', endOfExtended: '2028-11-27' },
    ...more,
  };
}

it('counts the nodes that are there, each by its type and disk, and their public addresses', () => {
  const machines = [
    { instanceTypes: ['m5.large'], count: 1, diskGib: 80 },
    { instanceTypes: ['m6i.xlarge'], count: 4, diskGib: 200 },
  ];
  const { usdPerHour, usdPerMonth, unknown } = runningCost([cluster({ machines, publicNodes: 5 })], none, now);
  const expected = 0.1 + 0.096 + 4 * 0.192 + ((80 + 4 * 200) * 0.08) / 730 + 5 * 0.005;
  expect(usdPerHour).toBeCloseTo(expected, 5);
  expect(usdPerMonth).toBeCloseTo(expected * 730, 2);
  expect(unknown).toEqual([]);
});

it('counts former members, and no cluster that others created', () => {
  const [one, former] = [cluster(), cluster({ role: 'former' })];
  const { usdPerHour } = runningCost([one], none, now);
  expect(runningCost([one, former], none, now).usdPerHour).toBeCloseTo(2 * usdPerHour, 5);
  expect(runningCost([one, cluster({ made: false })], none, now).usdPerHour).toBe(usdPerHour);
});

it('counts what Karmada has, and extended support once it has begun', () => {
  const karmada = { region: 'us-east-1', etcdMembers: 3, loadBalancerAddresses: 3 };
  expect(runningCost([], karmada, now).usdPerHour).toBeCloseTo((15 * 0.08) / 730 + 0.0225 + 0.015, 5);
  const support = { policy: 'EXTENDED', endOfStandard: '2026-11-26', endOfExtended: '2027-11-27' } as const;
  const [late, early] = [{ support }, {}].map((more) => runningCost([cluster(more)], none, now).usdPerHour);
  expect((late ?? 0) - (early ?? 0)).toBeCloseTo(0.5, 5);
});

it('names what it cannot know', () => {
  const unread = cluster({ name: 'dark', machines: undefined, publicNodes: undefined });
  const odd = cluster({ machines: [{ instanceTypes: [''], count: 1, diskGib: 80 }] });
  const lost = cluster({ name: 'lost', made: false, status: 'unknown' });
  const { unknown } = runningCost(
    [unread, odd, lost],
    { ...none, region: 'il-central-1', loadBalancerAddresses: 1 },
    now,
  );
  expect(unknown).toEqual([
    'node of unknown type in us-east-1',
    'Network Load Balancer in il-central-1',
    'nodes of dark',
    'EKS cluster lost',
  ]);
});
