/** Writes the answers of the tools into test/fixtures/tools, a folder for each version of each tool. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { redact } from '../../../dist/logs/redact.js';
import { fixtureOf, pick, recordings } from './recordings.js';

const folder = fileURLToPath(new URL('../../fixtures/tools', import.meta.url));

/** @param {readonly import('./comparison.js').Outcome[]} outcomes those of the lab; rejects when an answer was in none of them */
export async function record(outcomes) {
  const runs = outcomes.map(({ calls }) => calls);
  const [{ names }] = outcomes;
  const missing = [];
  rmSync(folder, { recursive: true, force: true });
  for (const recording of recordings) {
    const call = pick(recording, runs);
    if (call === undefined) missing.push(`${recording.tool} ${recording.name}`);
    else
      write(
        `${recording.tool}-${versionOf(recording.tool, runs)}/${recording.name}.json`,
        fixtureOf(call, names, redact),
      );
  }
  if (missing.length > 0) throw new Error(`no run had ${missing.join(', ')}`);
}

function versionOf(tool, runs) {
  const call = pick({ tool, args: /^version/ }, runs);
  return /\d+\.\d+\.\d+/.exec(call?.result.stdout ?? '')?.[0] ?? 'unknown';
}

function write(path, fixture) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), `${JSON.stringify(fixture, null, 2)}\n`);
}
