/** `npm run lab:compare`: the same scenarios in the lab and in the rehearsal; what they did, asked and left is compared. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { stepsInto } from '../../scripts/steps.js';
import { compared, outcomeOn } from './compare/comparison.js';
import { knownDifferences, sorted } from './compare/known-differences.js';
import { record } from './compare/record.js';
import { page } from './compare/report.js';
import { scenarios } from './compare/scenarios.js';
import { labSide, rehearsedSide } from './compare/sides.js';
import { expect, inLab } from './session.js';

const report = fileURLToPath(new URL('../../docs/rehearsal-and-lab.md', import.meta.url));

/**
 * `--keep FOLDER` writes down what came of the lab, and `--from FOLDER` compares the rehearsal with that, without the lab;
 * `--record` writes the fixtures with the tools' answers.
 */
const { values: options } = parseArgs({
  options: { keep: { type: 'string' }, from: { type: 'string' }, record: { type: 'boolean' } },
});

if (options.from === undefined) {
  await inLab(async (session) => {
    const lab = labSide(session);
    const rows = await compareAll(session.step, (scenario) => outcomeOn(lab, scenario));
    writeFileSync(report, page(rows, knownDifferences, new Date().toISOString().slice(0, 10)));
  });
} else {
  const counts = { passed: 0, failed: 0 };
  await compareAll(stepsInto(counts), ({ name }) => JSON.parse(readFileSync(keptIn(options.from, name), 'utf8')));
  console.log(`${counts.passed} passed, ${counts.failed} failed`);
  process.exitCode = counts.failed === 0 ? 0 : 1;
}

/** A scenario that differs does not keep the next ones from being compared; one that ends otherwise than it has to does. */
async function compareAll(step, labOutcome) {
  const rehearsal = rehearsedSide();
  const rows = [];
  const runs = [];
  for (const scenario of scenarios()) {
    const outcomes = [];
    await step(`${scenario.name}: runs`, async () => {
      outcomes.push(await labOutcome(scenario), await outcomeOn(rehearsal, scenario));
    });
    if (options.keep !== undefined) keep(outcomes[0], scenario);
    runs.push(outcomes[0]);
    const { differences, ...counted } = compared(...outcomes);
    const row = { name: scenario.name, ...counted, ...sorted(differences) };
    rows.push(row);
    await step(`${scenario.name}: no new difference`, () => tell(row)).catch(() => undefined);
  }
  const unused = knownDifferences.filter(
    ({ sometimes }, index) => !sometimes && rows.every(({ hits }) => hits[index] === 0),
  );
  await step('every known difference was there', () => {
    expect(unused.length === 0, unused.map(({ reason }) => reason).join('; '));
  }).catch(() => undefined);
  if (options.record)
    await step('every answer of a tool that is to be kept was there', () => record(runs)).catch(() => undefined);
  return rows;
}

function tell({ commands, questions, facts, fresh }) {
  for (const difference of fresh) console.log(`       ${difference}`);
  expect(fresh.length === 0, `${fresh.length} new differences`);
  return `${commands} commands, ${questions} questions, ${facts} facts`;
}

function keep(outcome, { name }) {
  mkdirSync(options.keep, { recursive: true });
  writeFileSync(keptIn(options.keep, name), JSON.stringify(outcome));
}

function keptIn(folder, name) {
  return join(folder, `${name.replace(/\W+/g, '-')}.json`);
}
