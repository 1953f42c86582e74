/** A first `up` against its critical path, which no run can beat, and against the same steps one after another. */
import { againstSteps } from './against-steps.js';
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
    if (up / chain > limit) failures.push(`up with ${members} members takes ${times(up / chain)} of its critical path`);
  }
  return {
    title: 'First up',
    about:
      `Virtual time of the rehearsed account, whose durations and their sources are in src/rehearsal/durations.ts; medians ` +
      `of ${rounds}. To be at most × ${limit} of the critical path. The last column is the real time of the rehearsal.`,
    columns: ['members', 'up', 'critical path', 'against it', 'one by one', 'against it', 'real'],
    rows,
    failures,
  };
}

async function measure(members) {
  const { account } = accountWithVpc();
  const { events, realMs } = await run(account, ['up', ...place, `--members=${members}`, '--yes']);
  return { ...againstSteps(events), real: realMs };
}

function middle(runs) {
  return Object.fromEntries(Object.keys(runs[0]).map((key) => [key, median(runs.map((each) => each[key]))]));
}
