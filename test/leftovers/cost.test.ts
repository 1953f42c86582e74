/** What leftovers cost: the prices of their parts, and nothing invented where one has none. */
import { expect, it } from 'vitest';
import { balancerUsd, clusterUsd, leftoverCost, volumeUsd } from '../../src/leftovers/cost.js';
import type { Leftover } from '../../src/leftovers/leftover.js';

it('prices a load balancer with its public addresses', () => {
  expect(balancerUsd('us-east-1', 'network', 2)).toBe(0.0325);
  expect(balancerUsd('us-east-1', 'network', 0)).toBe(0.0225);
  expect(balancerUsd('ap-east-2', 'network', 2)).toBeUndefined();
  expect(balancerUsd('us-east-1', 'application', 2)).toBeUndefined();
});

it('prices gp3 by its size, and no other kind of volume', () => {
  expect(volumeUsd('us-east-1', 'gp3', 730)).toBe(0.08);
  expect(volumeUsd('us-east-1', 'gp2', 730)).toBeUndefined();
  expect(volumeUsd('cn-north-1', 'gp3', 730)).toBeUndefined();
});

it('prices a cluster by its control plane, nodes and root volumes', () => {
  expect(clusterUsd('us-east-1', [])).toBe(0.1);
  expect(clusterUsd('sa-east-1', [{ instanceTypes: ['m5.large'], count: 0, diskGib: 80 }])).toBe(0.1);
  expect(clusterUsd('us-east-1', [{ instanceTypes: ['m5.large'], count: 2, diskGib: 80 }])).toBeCloseTo(
    0.1 + 2 * 0.096 + 12.8 / 730,
    5,
  );
  expect(clusterUsd('us-east-1', [{ instanceTypes: ['x9.huge'], count: 1, diskGib: 80 }])).toBeUndefined();
  expect(clusterUsd('cn-north-1', [])).toBeUndefined();
});

it('sums what has a price and names the rest', () => {
  const whose = { whose: 'ours', evidence: 'this fleet (tag and stack)' } as const;
  const thing: Leftover = {
    kind: 'volume',
    id: 'v',
    name: 'v',
    region: 'us-east-1',
    account: undefined,
    detail: '',
    usdPerHour: 0.1,
    ...whose,
  };
  expect(leftoverCost([thing, { ...thing, usdPerHour: 0.2 }, { ...thing, name: 'w', usdPerHour: undefined }])).toEqual({
    usdPerHour: 0.3,
    usdPerMonth: 219,
    unknown: ['volume w'],
  });
});
