/** `npm run lab:bench`: a first `up`, a second one, `plan` and `status` with the real tools, timed; writes its part of docs/benchmarks.md. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { againstSteps } from '../../scripts/bench/against-steps.js';
import { median, millis, seconds, times } from '../../scripts/bench/figures.js';
import { withLabSection } from '../../scripts/bench/lab-section.js';
import { asText } from '../../scripts/bench/page.js';
import { changesIn, inLab, ownAddress } from './session.js';

const rounds = 5;
const bare = 'node -e 0';

const page = fileURLToPath(new URL('../../docs/benchmarks.md', import.meta.url));

await inLab(async (session) => {
  const { env, step, run, expect, cli, fleet } = session;
  const members = ['name=lab-push', 'name=lab-pull,region=eu-west-1,mode=pull'];
  const wanted = ['--vpc', 'karmada-vpc', '--crds', env.KARMADA_CRDS, '--allow', ownAddress];
  wanted.push(...members.flatMap((member) => ['--member', member]));
  const looks = { [bare]: [], plan: [], 'second up': [], status: [] };
  const measured = (words) => timed(session, words);

  await step(`plan, ${rounds} times`, async () => {
    for (let round = 0; round < rounds; round += 1) looks.plan.push(await measured(['plan', ...wanted]));
  });
  let first;
  await step('first up', async () => {
    const { code, stdout, stderr } = await run(['up', ...wanted, '--yes', '--json']);
    expect(code === 0, `up ended with ${code}:\n${stderr}`);
    first = againstSteps(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    );
  });
  await step(`second up and status, in turn, ${rounds} times`, async () => {
    for (let round = 0; round < rounds; round += 1) {
      looks['second up'].push(await measured(['up', ...wanted, '--yes']));
      looks.status.push(await measured(['status']));
      looks[bare].push(bareNode());
    }
  });
  await step('docs/benchmarks.md', () => {
    const tables = [firstUpTable(first), looksTable(looks, first)];
    for (const table of tables) console.log(`${asText(table)}\n`);
    writeFileSync(page, withLabSection(readFileSync(page, 'utf8'), tables, new Date().toISOString().slice(0, 10)));
  });
  await step('down', () => cli(['down', '--yes', '--confirm', fleet]));
});

/** A run that must change nothing: its time with that of Node's start, and how often it asked AWS. */
async function timed({ lab, run, expect }, words) {
  lab.clearCalls();
  const started = performance.now();
  const { code, stderr } = await run(words);
  const ms = performance.now() - started;
  expect(code === 0, `${words[0]} ended with ${code}:\n${stderr}`);
  const counts = lab.callCounts();
  const changes = changesIn(counts);
  expect(changes.length === 0, `${words[0]} called ${changes.join(', ')}`);
  const calls = [...counts.matchAll(/^ *(\d+) /gm)].reduce((sum, [, count]) => sum + Number(count), 0);
  return { ms, calls };
}

/** How busy the machine is. */
function bareNode() {
  const started = performance.now();
  spawnSync(process.execPath, ['-e', '0']);
  return { ms: performance.now() - started, calls: 0 };
}

function firstUpTable({ up, chain, sum }) {
  return {
    title: 'First up, in the lab',
    about:
      'One run, from its first step to its last, against its own critical path and against the same steps one ' +
      'after another.',
    columns: ['members', 'up', 'critical path', 'against it', 'one by one', 'against it'],
    rows: [[2, seconds(up), seconds(chain), times(up / chain), seconds(sum), times(up / sum)]],
  };
}

function looksTable(looks, { up }) {
  return {
    title: 'Looking, in the lab',
    about:
      `Medians of ${rounds} runs of the program as a process; a second up, status and a bare Node took turns. The plan is that of a ` +
      'first up, before anything is there. The AWS calls are those that the account received; none of them changed anything, ' +
      'or the run would have failed. A second up is to take at most 3 s; a busy machine can move it, as the bare Node shows.',
    columns: ['members', 'run', 'AWS calls', 'time', 'slowest', 'against bare Node', 'against the first up'],
    rows: Object.entries(looks).map(([name, runs]) => {
      const ms = medianMs(runs);
      const slowest = Math.max(...runs.map((each) => each.ms));
      const calls = median(runs.map((each) => each.calls));
      return [2, name, calls, shown(ms), shown(slowest), times(ms / medianMs(looks[bare])), times(ms / up)];
    }),
  };
}

function medianMs(runs) {
  return median(runs.map(({ ms }) => ms));
}

function shown(ms) {
  return ms < 1_000 ? millis(ms) : seconds(ms);
}
