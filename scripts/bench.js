/** `npm run bench`: a rehearsed `up` on virtual time against its longest chain, and against the same steps one by one. */
import { PassThrough } from 'node:stream';
import { ensureInstalled } from './install.js';
import { runNode } from './run.js';

/** No run can be shorter than its longest chain; waiting that is not needed shows as more than this. */
const limit = 1.05;
const sizes = [1, 5, 20];

await ensureInstalled();
if ((await runNode(['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'])) !== 0) process.exit(1);
const { runCli } = await import('../dist/main.js');
const { newAccount } = await import('../dist/rehearsal/account.js');
const { connect } = await import('../dist/rehearsal/machine/connect.js');
const { addVpc } = await import('../dist/rehearsal/vpcs.js');
const { longestChain } = await import('../dist/pipeline/graph.js');

console.log('members   up      longest chain   ratio   one by one   ratio   real');
let ok = true;
for (const members of sizes) {
  const started = performance.now();
  const { steps, ms } = await measure(members);
  const real = ((performance.now() - started) / 1000).toFixed(1);
  const chain = longestChain(steps).ms;
  const sum = steps.reduce((total, step) => total + step.expectedMs, 0);
  const ratio = ms / chain;
  ok &&= ratio <= limit;
  const columns = [
    String(members).padStart(7),
    minutes(ms).padStart(8),
    minutes(chain).padStart(15),
    ratio.toFixed(3).padStart(7),
    minutes(sum).padStart(12),
    (ms / sum).toFixed(3).padStart(7),
    `${real} s`.padStart(8),
  ];
  console.log(columns.join(' '));
}
console.log(ok ? `every ratio is at most ${limit}` : `FAILED: a ratio is over ${limit}`);
process.exitCode = ok ? 0 : 1;

/** Runs an `up` and answers its steps, each with the virtual time it really took, and the time of the whole. */
async function measure(members) {
  const account = newAccount();
  addVpc(account, { region: 'us-west-2', name: 'bench', variant: 'full' });
  const { world } = connect(account);
  const events = [];
  const surroundings = {
    stdin: new PassThrough(),
    stdout: new PassThrough().resume(),
    stderr: new PassThrough().resume(),
    stdinIsTty: false,
    stdoutIsTty: false,
    stderrIsTty: false,
    columns: () => undefined,
    env: {},
  };
  const open = async () => ({ world, onEvent: (event) => events.push(event), close: async () => {} });
  const argv = ['up', '--region', 'us-west-2', '--vpc', 'bench', '--members', String(members), '--yes'];
  const code = await runCli({ open, surroundings, onStop: () => {} }, argv);
  if (code !== 0) throw new Error(`up with ${members} members ended with ${code}`);
  const took = new Map(events.filter(({ type }) => type === 'step-done').map(({ id, ms }) => [id, ms]));
  const { steps } = events.find(({ type }) => type === 'run-started');
  const { report } = events.find(({ type }) => type === 'run-finished');
  return { steps: steps.map((step) => ({ ...step, expectedMs: took.get(step.id) ?? 0 })), ms: report.ms };
}

function minutes(ms) {
  return `${(ms / 60_000).toFixed(2)} min`;
}
