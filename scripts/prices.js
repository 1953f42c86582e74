/**
 * `node scripts/prices.js FILE`: writes src/aws/price-table.ts from AWS's list prices. FILE is JSON, gzipped where its name ends in `.gz`:
 *
 *     { "published": "2026-10-15T19:13:16Z",  when AWS published the list
 *       "source": "AWS public price list, …", where it was read
 *       "regions": { "eu-west-1": {
 *         "ec2": { "m5.large": 0.107, … },    USD per hour, Linux On-Demand
 *         "gp3": 0.088,                       USD per GB and month
 *         "nat": 0.048,                       USD per hour of a NAT gateway
 *         "nlb": 0.0252 }, … } }              USD per hour of a Network Load Balancer; missing where the list has none
 *
 * AWS publishes the list by service and region; its index is offers/v1.0/aws/index.json of the Price List Bulk API.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { root } from './run.js';

/** General purpose, compute and memory since the fifth generation, without local disks and extra network, and burstable. */
const families = /^(?:[cmr][5-9](?:a|g|i|i-flex)?|t3a?|t4g|t8i)$/;
/** From 2 GiB of memory on, which kubelet and Karmada's agent need, and no bare metal. */
const sizes = ['small', 'medium', 'large', 'xlarge', ...[2, 3, 4, 6, 8, 9, 12, 16, 18, 24].map((n) => `${n}xlarge`)];
const none = '-';

/**
 * The table as TypeScript.
 * @param {{ published: string, source: string, regions: Readonly<Record<string, { ec2: Readonly<Record<string, number>>, gp3?: number, nat?: number, nlb?: number }>> }} list
 * @returns {string}
 */
export function priceTable({ published, source, regions }) {
  const names = Object.keys(regions).sort();
  const types = new Set(names.flatMap((name) => Object.keys(regions[name].ec2)).filter(isForNodes));
  const byRegion = names.map((name) => [name, regions[name].gp3, regions[name].nat, regions[name].nlb]);
  const byType = [...types]
    .sort(byFamilyAndSize)
    .map((type) => [type, ...names.map((name) => regions[name].ec2[type])]);
  return [
    `/** AWS's list prices in USD, without tax; \`${none}\`: not in the list. Written by scripts/prices.js. Do not edit. */`,
    '',
    '/** The day on which AWS published them. */',
    `export const publishedOn = '${published.slice(0, 10)}';`,
    '',
    '/** Where they were read. */',
    `export const readFrom = '${source}';`,
    '',
    '/** A region a line: gp3 per GB and month, a NAT gateway per hour, a Network Load Balancer per hour. */',
    ...block('regionPrices', byRegion),
    '',
    '/** An instance type a line: a Linux instance On-Demand per hour, in each of the regions above, in their order. */',
    ...block('instancePrices', byType),
    '',
  ].join('\n');
}

function block(name, rows) {
  const lines = rows.map((row) => row.map((cell) => cell ?? none).join(' '));
  return [`export const ${name} = \``, ...lines, '`;'];
}

function isForNodes(type) {
  const [family, size] = type.split('.');
  return families.test(family) && sizes.includes(size);
}

function byFamilyAndSize(a, b) {
  const [[familyA, sizeA], [familyB, sizeB]] = [a.split('.'), b.split('.')];
  if (familyA !== familyB) return familyA < familyB ? -1 : 1;
  return sizes.indexOf(sizeA) - sizes.indexOf(sizeB);
}

function write([path]) {
  if (path === undefined) throw new Error('expected the path of a file with prices');
  const bytes = readFileSync(path);
  const list = JSON.parse((path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'));
  writeFileSync(join(root, 'src/aws/price-table.ts'), priceTable(list));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) write(process.argv.slice(2));
