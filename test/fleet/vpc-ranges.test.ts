/** The ranges of a VPC that the fleet makes: which are taken, and that its subnets neither overlap nor leave it. */
import { expect, it } from 'vitest';
import { largerRange, subnetRanges, wrongVpcCidr } from '../../src/fleet/settings/vpc-ranges.js';
import { contains } from '../../src/model/cidr.js';

it.each([
  ['10.64.0.0/16', undefined],
  ['172.31.4.0/22', undefined],
  ['192.168.0.0/20', undefined],
  ['100.64.0.0/16', undefined],
  ['10.64.0.0/15', 'expected a range from /16 to /22'],
  ['10.64.0.0/23', 'expected a range from /16 to /22'],
  ['10.64.1.0/16', 'expected the first address of a network, such as 10.64.0.0/16'],
  ['11.0.0.0/16', 'expected private addresses'],
  ['172.32.0.0/16', 'expected private addresses'],
])('%s: %s', (cidr, wrong) => {
  if (wrong === undefined) expect(wrongVpcCidr(cidr)).toBeUndefined();
  else expect(wrongVpcCidr(cidr)).toContain(wrong);
});

it.each(['10.64.0.0/16', '192.168.128.0/22', '172.16.0.0/20'])(
  'the subnets of %s are in it, and none in another',
  (cidr) => {
    for (const zones of [2, 3]) {
      const { private: closed, public: open } = subnetRanges(cidr, zones);
      const all = [...closed, ...open];
      expect(all).toHaveLength(2 * zones);
      expect(all.filter((range) => !contains(cidr, range))).toEqual([]);
      expect(all.filter((one) => all.some((other) => other !== one && contains(one, other)))).toEqual([]);
    }
    expect(subnetRanges('10.64.0.0/16', 3)).toEqual({
      private: ['10.64.0.0/18', '10.64.64.0/18', '10.64.128.0/18'],
      public: ['10.64.192.0/20', '10.64.208.0/20', '10.64.224.0/20'],
    });
  },
);

it.each([
  ['10.8.0.0/22', 3.5, '10.8.0.0/20'],
  ['10.8.12.0/22', 1.1, '10.8.8.0/21'],
  ['10.8.0.0/16', 2, undefined],
])('a range around %s that is %s times as large is %s', (cidr, times, larger) => {
  expect(largerRange(cidr, times)).toBe(larger);
});
