/** docs/cost.md has the prices that the program counts with. */
import { expect, it } from 'vitest';
import { diskPrice, loadBalancerPrice, nodePrice, type Price } from '../../src/aws/prices.js';
import { readDoc } from './read-doc.js';

it('names the prices of the table for every region that it lists', async () => {
  const page = await readDoc('docs/cost.md');
  const rows = page
    .split('\n')
    .filter((line) => /^\| [a-z]{2}-[a-z]+-\d \|/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  const shown = (price: Price | undefined): string => (price === undefined ? '' : String(price.usd));
  expect(rows.length).toBe(24);
  for (const row of rows) {
    const [region = ''] = row;
    const nodes = ['m5.large', 't3.medium', 'c5.xlarge'].map((type) => shown(nodePrice(region, type)));
    expect(row).toEqual([region, ...nodes, shown(diskPrice(region)), shown(loadBalancerPrice(region))]);
  }
});

it('names the day of every price', async () => {
  const page = await readDoc('docs/cost.md');
  for (const region of ['us-east-2', 'eu-west-1', 'eu-central-1', 'ap-northeast-1', 'us-west-2']) {
    expect(page).toContain(`${region} ${diskPrice(region)?.asOf}`);
  }
  for (const region of ['af-south-1', 'ap-northeast-1', 'ap-northeast-2']) {
    expect(page).toContain(`${region} ${loadBalancerPrice(region)?.asOf}`);
  }
});
