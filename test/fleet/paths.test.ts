/** Where a fleet's files are. */
import { posix } from 'node:path';
import { expect, it } from 'vitest';
import { fleetPaths } from '../../src/fleet/paths.js';

const paths = fleetPaths('/data', { name: 'shop', region: 'eu-west-1', account: '111122223333' });
const all = [
  paths.record,
  paths.journal,
  paths.lock,
  paths.logs,
  paths.pki,
  paths.kubeconfig('shop-parent'),
  paths.initData(1),
  paths.initData(2),
];

it('are all inside one folder, each in a place of its own', () => {
  for (const path of all) expect(posix.relative(paths.folder, path)).toMatch(/^[^.]/);
  expect(new Set(all).size).toBe(all.length);
});

it('are apart for every name, region and account, and from those of older versions', () => {
  const folders = [
    ['shop', 'eu-west-1', '111122223333'],
    ['shop', 'eu-west-2', '111122223333'],
    ['shop-2', 'eu-west-1', '111122223333'],
    ['shop', 'eu-west-1', '444455556666'],
    ['shop', 'eu-west-1', undefined],
  ].map(([name = '', region = '', account]) => fleetPaths('/data', { name, region, account }).folder);
  expect(new Set(folders).size).toBe(5);
});

it('never put what must be kept into a folder that init erases', () => {
  const erased = paths.initData(1);
  for (const path of all) expect(path === erased || !path.startsWith(`${erased}/`)).toBe(true);
});
