/** The table of prices: two sources that must agree where both have a price, and a day and a source for each. */
import { expect, it } from 'vitest';
import { clusterPrice, diskPrice, loadBalancerPrice, nodePrice, publicAddressPrice } from '../../src/aws/prices.js';

it('derives the sizes of a family as AWS prices them', () => {
  const usd = (type: string, region = 'us-west-2') => nodePrice(region, type)?.usd;
  // Those of us-west-2 are derived, those of us-east-1 listed; AWS has one price for both regions.
  for (const type of ['m5.large', 'm5.xlarge', 'c5.large', 'c5.xlarge', 't3.medium', 't3.large', 't3.xlarge']) {
    expect(usd(type), type).toBe(usd(type, 'us-east-1'));
  }
  expect(usd('m5.4xlarge')).toBe(0.768);
});

it('answers undefined rather than the price of another region or type', () => {
  expect(nodePrice('us-west-2', 'm7i.large')).toBeUndefined();
  expect(nodePrice('mars-north-1', 'm5.large')).toBeUndefined();
  expect(diskPrice('sa-east-1')).toBeUndefined();
  expect(loadBalancerPrice('us-west-2')).toBeUndefined();
  expect(clusterPrice('us-gov-west-1', 'standard')).toBeUndefined();
});

it('gives each price with its day and source', () => {
  const region = 'us-east-1';
  const all = [
    clusterPrice(region, 'standard'),
    nodePrice(region, 'm5.large'),
    nodePrice('eu-west-1', 'm5.large'),
    diskPrice(region),
    loadBalancerPrice(region),
    publicAddressPrice(region),
  ];
  for (const price of all) {
    expect(price?.asOf).toMatch(/^20\d\d-\d\d(-\d\d)?$/);
    expect(price?.source).toMatch(/AWS|infracost/);
    expect(price?.source).not.toMatch(/\//);
  }
});
