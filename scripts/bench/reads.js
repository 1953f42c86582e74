/** What the runs that change nothing ask of AWS and of the tools: `plan` before anything is there, a second `up`, `status`. */
import { median, millis, repeat, seconds, times } from './figures.js';
import { accountWithVpc, place, run } from './rehearsed.js';

const sizes = [1, 2, 5, 20];
const rounds = 3;

export async function reads() {
  const rows = [];
  const failures = [];
  const planCalls = new Map();
  for (const members of sizes) {
    const { account } = accountWithVpc();
    const fleet = [...place, `--members=${members}`];
    const timed = (argv) => repeat(rounds, () => run(account, argv));
    const plan = await timed(['plan', ...fleet]);
    const first = await run(account, ['up', ...fleet, '--yes']);
    const second = await timed(['up', ...fleet, '--yes']);
    const status = await timed(['status']);
    for (const [name, runs] of Object.entries({ plan, 'second up': second, status }))
      rows.push([members, name, ...figuresOf(runs, first)]);
    planCalls.set(members, plan[0].awsCalls.length);
    const changed = second.flatMap(({ events }) => events.filter(({ type }) => type === 'step-started'));
    failures.push(...changed.map(({ id }) => `the second up with ${members} members changes something: ${id}`));
  }
  return {
    title: 'Reads: plan, a second up, status',
    about:
      `AWS calls and commands of one run, and its virtual time: that of the commands, for calls to AWS take none in a ` +
      `rehearsal. Real times are medians of ${rounds}. None of the three changes anything; a second up that did would fail ` +
      `this benchmark. ${discoveryOf(planCalls)}`,
    columns: ['members', 'run', 'AWS calls', 'commands', 'virtual', 'against the first up', 'real'],
    rows,
    failures,
  };
}

function figuresOf(runs, first) {
  const [{ awsCalls, commands, virtualMs }] = runs;
  const real = median(runs.map(({ realMs }) => realMs));
  return [awsCalls.length, commands.length, seconds(virtualMs), times(virtualMs / first.virtualMs), millis(real)];
}

/** A cluster, the parent included, adds the same number of calls each; what is left is asked once. */
function discoveryOf(planCalls) {
  const [[fewest, calls], [most, moreCalls]] = [...planCalls].filter(([members]) => [1, 20].includes(members));
  const each = (moreCalls - calls) / (most - fewest);
  return `A first plan asks AWS ${calls - each * (fewest + 1)} times, and ${each} times more for each cluster.`;
}
