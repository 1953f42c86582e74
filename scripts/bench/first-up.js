/** A first `up` against its longest chain, which no run can beat, and against the same steps one after another. */
import { longestChain } from '../../dist/pipeline/graph.js';
import { median, minutes, repeat, seconds, times } from './figures.js';
import { accountWithVpc, place, run } from './rehearsed.js';

/** Waiting that is not needed shows as more than this. */
const limit = 1.05;
const sizes = [1, 2, 5, 20];
const rounds = 3;

export async function firstUp() {
  const rows = [];
  const failures = [];
  for (const members of sizes) {
    const { up, chain, sum, real } = middle(await repeat(rounds, () => measure(members)));
    rows.push([members, minutes(up), minutes(chain), times(up / chain), minutes(sum), times(up / sum), seconds(real)]);
    if (up / chain > limit) failures.push(`up with ${members} members takes ${times(up / chain)} of its longest chain`);
  }
  return {
    title: 'First up',
    about:
      `Virtual time of the rehearsed account, whose durations and their sources are in src/rehearsal/durations.ts; medians ` +
      `of ${rounds}. To be at most × ${limit} of the longest chain. The last column is the real time of the rehearsal.`,
    columns: ['members', 'up', 'longest chain', 'against it', 'one by one', 'against it', 'real'],
    rows,
    failures,
  };
}

/** The chain and the sum are of the virtual time that each step really took, not of what was expected of it. */
async function measure(members) {
  const { account } = accountWithVpc();
  const { events, realMs } = await run(account, ['up', ...place, `--members=${members}`, '--yes']);
  const took = new Map(events.filter(({ type }) => type === 'step-done').map(({ id, ms }) => [id, ms]));
  const { steps } = events.find(({ type }) => type === 'run-started');
  const { report } = events.find(({ type }) => type === 'run-finished');
  const timed = steps.map((step) => ({ ...step, expectedMs: took.get(step.id) ?? 0 }));
  const sum = timed.reduce((total, { expectedMs }) => total + expectedMs, 0);
  return { up: report.ms, chain: longestChain(timed).ms, sum, real: realMs };
}

function middle(runs) {
  return Object.fromEntries(Object.keys(runs[0]).map((key) => [key, median(runs.map((each) => each[key]))]));
}
