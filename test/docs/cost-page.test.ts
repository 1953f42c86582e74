/** docs/cost.md has the prices that the program counts with, and the script writes the table that the program reads. */
import { expect, it } from 'vitest';
import * as prices from '../../src/aws/prices.js';
import { readDoc } from './read-doc.js';

type WithPrices = (page: string, from: typeof prices) => string;

async function script<T>(name: string): Promise<T> {
  // Scripts are JavaScript without types: they run before anything is built.
  return (await import(new URL(`../../scripts/${name}`, import.meta.url).href)) as T;
}

it('docs/cost.md is up to date (npm run build && node scripts/prices-doc.js)', async () => {
  const { withPrices } = await script<{ readonly withPrices: WithPrices }>('prices-doc.js');
  const page = await readDoc('docs/cost.md');
  expect(page).toBe(withPrices(page, prices));
  expect(page).toContain('\n| eu-central-1 | 0.115 | 0.115 | 0.0978 | 0.096 | 0.194 | 0.0952 | 0.027 | 0.052 |\n');
  expect(page).toContain('\n| mx-central-1 |  | 0.1008 | 0.0857 | 0.0874 | 0.1785 | 0.084 |  | 0.04725 |\n');
});

it('names the day and the source of the prices', async () => {
  const page = await readDoc('docs/cost.md');
  const [eks, node, address] = [
    prices.clusterPrice('us-east-1', 'standard'),
    prices.nodePrice('us-east-1', 'm5.large'),
    prices.publicAddressPrice('us-east-1'),
  ];
  for (const day of [eks?.asOf, node?.asOf, address?.asOf]) expect(page).toContain(`| ${day} |`);
});

it('makes a table of the types for nodes, in the order of their sizes, with a mark where AWS’s list has no price', async () => {
  const { priceTable } = await script<{ readonly priceTable: (list: unknown) => string }>('prices.js');
  const ec2 = { 'm5.xlarge': 0.2, 'm5.large': 0.1, 'm5.metal': 4, 'g5.xlarge': 1, 'm4.large': 0.1, 't3.nano': 0.01 };
  const regions = {
    'eu-west-1': { ec2: { ...ec2, 't4g.medium': 0.04 }, gp3: 0.088, nat: 0.048 },
    'af-south-1': { ec2, gp3: 0.1, nat: 0.05, nlb: 0.03 },
  };
  const text = priceTable({ published: '2026-10-15T19:13:16Z', source: 'AWS public price list', regions });
  expect(text).toMatchInlineSnapshot(`
    "/** AWS's list prices in USD, without tax; \`-\`: not in the list. Written by scripts/prices.js. Do not edit. */

    /** The day on which AWS published them. */
    export const publishedOn = '2026-10-15';

    /** Where they were read. */
    export const readFrom = 'AWS public price list';

    /** A region a line: gp3 per GB and month, a NAT gateway per hour, a Network Load Balancer per hour. */
    export const regionPrices = \`
    af-south-1 0.1 0.05 0.03
    eu-west-1 0.088 0.048 -
    \`;

    /** An instance type a line: a Linux instance On-Demand per hour, in each of the regions above, in their order. */
    export const instancePrices = \`
    m5.large 0.1 0.1
    m5.xlarge 0.2 0.2
    t4g.medium - 0.04
    \`;
    "
  `);
});
