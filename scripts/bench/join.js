/** Joining many clusters to a fleet that is up: time and memory a member, which are to stay what they are for one. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { megabytes, minutes, repeat, seconds, times } from './figures.js';

const sizes = [1, 10, 100];
const rounds = 3;
const worker = fileURLToPath(new URL('join-worker.js', import.meta.url));

export async function join() {
  const measured = [];
  for (const members of sizes) measured.push({ members, ...(await middleOf(members)) });
  const [one] = measured;
  return {
    title: 'Joining members',
    about:
      `Existing clusters that join a fleet without members, each time in a process of its own; medians of ${rounds} for 1 ` +
      'and 10 members, one run of 100. Memory is the most that the process ever had. Real time and memory hold the ' +
      'simulated account with all its Kubernetes clusters too, which the program has not to carry in life.',
    columns: ['members', 'virtual', 'against 1', 'real', 'a member', 'memory', 'more than 1, a member'],
    rows: measured.map(({ members, virtualMs, realMs, peakBytes }) => [
      members,
      minutes(virtualMs),
      times(virtualMs / one.virtualMs),
      seconds(realMs),
      seconds(realMs / members),
      megabytes(peakBytes),
      members === 1 ? '' : megabytes((peakBytes - one.peakBytes) / (members - 1)),
    ]),
    failures: [],
  };
}

async function middleOf(members) {
  const runs = await repeat(members === 100 ? 1 : rounds, () => measure(members));
  return runs.sort((a, b) => a.realMs - b.realMs)[Math.floor(runs.length / 2)];
}

async function measure(members) {
  const { stdout } = await promisify(execFile)(process.execPath, [worker, String(members)]);
  return JSON.parse(stdout);
}
