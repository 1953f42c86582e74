/** Picks mutants of the product by a seed: Stryker has no sampling of its own, but mutates the ranges that it is given. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Instrumenter } from '@stryker-mutator/instrumenter';
import { root } from '../run.js';

/** What is mutated. The lab holds the rehearsal; the real world and the ui are held by tests that no mutant can be tried with. */
const folders = [
  'access',
  'lease',
  'leftovers',
  'member-removal',
  'ownership',
  'pipelines',
  'preflight',
  'state',
  'steps',
];

/** A range in which more lies is left out: the emptied body of a whole function fails the first test that comes by. */
const mostPerRange = 4;

const nothing = () => undefined;
const silent = { debug: nothing, info: nothing, warn: nothing, isDebugEnabled: () => false };

/**
 * @param {number} count at least so many mutants
 * @param {number} seed another number picks others
 * @returns {Promise<{ ranges: string[], picked: number, all: number }>} the ranges for Stryker, how many mutants lie in them, and how many there are
 */
export async function sample(count, seed) {
  const all = await allMutants();
  const ranges = [];
  const picked = new Set();
  for (const each of shuffled(all, seed)) {
    if (picked.size >= count) break;
    const inside = all.filter((other) => other.fileName === each.fileName && lies(other.location, each.location));
    if (picked.has(each) || inside.length > mostPerRange) continue;
    for (const mutant of inside) picked.add(mutant);
    ranges.push(rangeOf(each));
  }
  return { ranges, picked: picked.size, all: all.length };
}

async function allMutants() {
  const files = folders.flatMap(sources).map((name) => {
    return { name, mutate: true, content: readFileSync(join(root, name), 'utf8') };
  });
  const options = { ignorers: [], excludedMutations: [], plugins: null };
  return (await new Instrumenter(silent).instrument(files, options)).mutants;
}

function sources(folder) {
  return readdirSync(join(root, 'src', folder), { recursive: true })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `src/${folder}/${name}`)
    .sort();
}

function lies({ start, end }, within) {
  return isBefore(within.start, start) && isBefore(end, within.end);
}

function isBefore(one, other) {
  return one.line < other.line || (one.line === other.line && one.column <= other.column);
}

/** Stryker counts lines from 1 here, and from 0 in what it answers. */
function rangeOf({ fileName, location: { start, end } }) {
  return `${fileName}:${start.line + 1}:${start.column}-${end.line + 1}:${end.column}`;
}

/** Fisher and Yates, with the linear congruential generator of Numerical Recipes. */
function shuffled(list, seed) {
  const mixed = [...list];
  let state = seed >>> 0;
  for (let last = mixed.length - 1; last > 0; last -= 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const other = Math.floor((state / 2 ** 32) * (last + 1));
    [mixed[last], mixed[other]] = [mixed[other], mixed[last]];
  }
  return mixed;
}
