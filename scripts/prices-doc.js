/** Writes the table of docs/cost.md from the prices that the program counts with. Build first: they are read from dist. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './run.js';

const types = ['m5.large', 'm6i.large', 'm7g.large', 't3.large', 'c6i.xlarge'];
const between = /(<!-- prices: [^\n]* -->\n)[\s\S]*(<!-- end of prices -->)/;

/**
 * The page with the prices of today's table.
 * @param {string} page docs/cost.md as it is
 * @param {typeof import('../src/aws/prices.js')} prices
 * @returns {string}
 */
export function withPrices(page, prices) {
  const cells = (region) => [
    ...types.map((type) => prices.nodePrice(region, type)),
    prices.diskPrice(region),
    prices.loadBalancerPrice(region),
    prices.natGatewayPrice(region),
  ];
  const rows = prices.pricedRegions().map((region) => [region, ...cells(region).map((price) => price?.usd ?? '')]);
  const lines = [
    ['region', ...types, 'gp3', 'load balancer', 'NAT gateway'],
    ['---', ...cells('').map(() => '---:')],
    ...rows,
  ].map((row) => `| ${row.join(' | ')} |`);
  return page.replace(between, (_, begin, end) => `${begin}\n${lines.join('\n')}\n\n${end}`);
}

async function write() {
  const page = join(root, 'docs/cost.md');
  writeFileSync(page, withPrices(readFileSync(page, 'utf8'), await import('../dist/aws/prices.js')));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await write();
