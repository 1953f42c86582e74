/** How long the program takes to answer what needs no fleet, against a Node that does nothing. */
import { spawnSync } from 'node:child_process';
import { root } from '../run.js';
import { median, millis, times } from './figures.js';

const rounds = 21;
const program = 'bin/karmada-eks.js';
const bare = ['-e', '0'];
const commands = [
  ['karmada-eks --version', [program, '--version']],
  ['karmada-eks --help', [program, '--help']],
  ['karmada-eks up --help', [program, 'up', '--help']],
  ['karmada-eks complete -- "" (a Tab)', [program, 'complete', '--', '']],
];

/** The table. One run of each takes its turn after the other, so that whatever else the machine does meets all of them. */
export function startUp() {
  const taken = [bare, ...commands.map(([, args]) => args)].map((args) => ({ args, ms: [] }));
  for (let round = 0; round < rounds; round += 1) for (const { args, ms } of taken) ms.push(realMs(args));
  const [bareMs, ...ours] = taken.map(({ ms }) => median(ms));
  return {
    title: 'Start-up',
    about: `Medians of ${rounds} runs, in turn. To be at most × 1.50 of a bare Node; a busy machine can move it.`,
    columns: ['command', 'time', 'against bare Node'],
    rows: [
      ['node -e 0', millis(bareMs), times(1)],
      ...commands.map(([name], index) => [name, millis(ours[index]), times(ours[index] / bareMs)]),
    ],
    failures: [],
  };
}

function realMs(args) {
  const started = performance.now();
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}`);
  return performance.now() - started;
}
