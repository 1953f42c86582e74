/** The rehearsal is a part of its own: loaded by --rehearse alone, and its README tells where each command is answered. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const src = fileURLToPath(new URL('../../src', import.meta.url));
const readme = readFileSync(join(src, 'rehearsal/README.md'), 'utf8');

const paths = readdirSync(src, { recursive: true, encoding: 'utf8' }).map((path) => path.replaceAll('\\', '/'));
const inside = paths.filter((path) => path.startsWith('rehearsal/')).map((path) => path.slice('rehearsal/'.length));
const outside = paths.filter((path) => path.endsWith('.ts') && !path.startsWith('rehearsal/'));

/** Statements that load a module when the one they stand in is loaded; types are erased. */
const loads = /^(?:import(?! type\b)|export(?! type\b))[^;'"]*?['"]([^'"]+)['"]/gm;

it('no module of the product loads it but main, which waits until --rehearse asks for it', () => {
  const loading = outside.filter((path) =>
    [...readFileSync(join(src, path), 'utf8').matchAll(loads)].some(([, specifier = '']) =>
      posix.join(posix.dirname(path), specifier).startsWith('rehearsal/'),
    ),
  );
  expect(outside.length).toBeGreaterThan(200);
  expect(loading).toEqual([]);
  const naming = outside.filter((path) => /import\('[^']*rehearsal\//.test(readFileSync(join(src, path), 'utf8')));
  expect(naming).toEqual(['main.ts']);
});

it.each([
  ["import { x } from '../rehearsal/open.js';", 1],
  ["import {\n  x,\n} from '../rehearsal/open.js';", 1],
  ["export * from '../rehearsal/open.js';", 1],
  ["import '../rehearsal/open.js';", 1],
  ["import type { X } from '../rehearsal/open.js';", 0],
  ["const { x } = await import('../rehearsal/open.js');", 0],
])('%s loads %i module', (text, count) => {
  expect([...text.matchAll(loads)]).toHaveLength(count);
});

/** The section of the README that is the map, and what it names. */
const map = /## Where what is answered\n([\s\S]*?)\n## /.exec(readme)?.[1] ?? '';
const named = [...map.matchAll(/`((?!src\/)[\w./-]+(?:\.ts|\/))`/g)].map(([, path = '']) => path);

it('every file and folder that the map names is there', () => {
  expect(named.length).toBeGreaterThan(40);
  expect(named.filter((path) => !inside.includes(path.replace(/\/$/, '')))).toEqual([]);
});

it('every folder is in the map, and every file is, or its folder as a whole', () => {
  const folders = inside.filter((path) => statSync(join(src, 'rehearsal', path)).isDirectory());
  expect(folders.filter((path) => !named.includes(`${path}/`))).toEqual([]);
  const top = inside.filter((path) => path.endsWith('.ts') && !path.includes('/'));
  expect(top.filter((path) => !named.includes(path))).toEqual([]);
});

it('no folder has more than 20 entries', () => {
  const folders = ['', ...inside.filter((path) => statSync(join(src, 'rehearsal', path)).isDirectory())];
  const entries = (folder: string): number => readdirSync(join(src, 'rehearsal', folder)).length;
  expect(folders.filter((folder) => entries(folder) > 20)).toEqual([]);
});
