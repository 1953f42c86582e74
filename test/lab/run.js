/** `npm run lab`: a fleet goes up, is looked at, shown, left alone and taken down, with the real tools; then doctor. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { doctorOnVariants } from './doctor.js';
import * as lab from './machine.js';

const program = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'bin/karmada-eks.js');
const fleet = 'lab';

/** What this machine looks like to the lab's load balancers. */
const ownAddress = '203.0.113.10/32';

/** A change in AWS; a second `up` must make none. */
const changes = /\b\w+:(Create|Delete|Update|Modify|Run|Terminate|Tag|Untag|Put|Associate|Attach|Authorize|Revoke)\w*/g;

const why = lab.whyNot();
if (why !== undefined) {
  console.log(`lab: skipped: ${why}`);
  // A machine that is to prove something must not pass by proving nothing.
  process.exit(process.env.CI === 'true' ? 1 : 0);
}

const home = mkdtempSync(join(tmpdir(), 'karmada-eks-lab-'));
const counts = { passed: 0, failed: 0 };
let env = {};

try {
  await step('set up', () => lab.setUp());
  await step('start, VPCs in two regions', () => {
    env = { ...lab.start(), KARMADA_EKS_HOME: home, KUBECONFIG: join(home, 'user-kubeconfig') };
    lab.makeVpc('karmada-vpc', 'us-west-2');
    lab.makeVpc('karmada-vpc', 'eu-west-1');
  });
  await lifecycle();
  await doctorOnVariants({ cli, step, lab, expect, crds: env.KARMADA_CRDS });
} catch (thrown) {
  console.error(thrown);
} finally {
  await step('stop', () => lab.stop());
  rmSync(home, { recursive: true, force: true });
}
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed === 0 ? 0 : 1;

async function lifecycle() {
  const before = lab.resources();
  const members = ['name=lab-push', 'name=lab-pull,region=eu-west-1,mode=pull'];
  const wanted = [
    ...['--vpc', 'karmada-vpc', '--crds', env.KARMADA_CRDS, '--allow', ownAddress],
    ...members.flatMap((member) => ['--member', member]),
  ];
  await step('up: parent, a push member, a pull member in another region', async () => {
    const { stderr } = await cli(['up', ...wanted, '--yes']);
    for (const line of stderr.split('\n').filter((each) => each.includes(' done:'))) console.log(`       ${line}`);
  });
  await step('status: Ready', async () => {
    const { stdout } = await cli(['status', '-o', 'json']);
    const found = JSON.parse(stdout);
    expect(found.ready === true, 'the fleet is not Ready');
    expect(found.members.map(({ mode }) => mode).join() === 'push,pull', 'the members are not push and pull');
  });
  await step('demo: 4/8', async () => {
    const { stdout } = await cli(['demo']);
    expect(stdout.includes('nginx is divided 4/8'), `the division is not 4/8: ${stdout}`);
  });
  await step('plan: nothing to do', async () => {
    const { stdout } = await cli(['plan']);
    expect(stdout.includes('nothing to do'), `the plan is not empty: ${stdout}`);
  });
  await step('up again: changes nothing', async () => {
    const there = lab.resources().join('\n');
    lab.clearCalls();
    const { stdout } = await cli(['up', '--yes']);
    expect(stdout.includes('nothing to do'), `up did something: ${stdout}`);
    const changed = lab.callCounts().match(changes) ?? [];
    expect(changed.length === 0, `up called ${changed.join(', ')}`);
    expect(lab.resources().join('\n') === there, 'the resources differ');
  });
  await step('down', async () => {
    const { stderr } = await cli(['down', '--yes', '--confirm', fleet]);
    for (const line of stderr.split('\n').filter((each) => each.includes(' done:'))) console.log(`       ${line}`);
  });
  await step('resources as before', () => {
    const after = lab.resources();
    const more = after.filter((line) => !before.includes(line));
    const fewer = before.filter((line) => !after.includes(line));
    expect(more.length + fewer.length === 0, `more: ${more.join(', ')}; fewer: ${fewer.join(', ')}`);
    console.log(`       ${after.length} lines`);
  });
}

/** Runs one step and prints its seconds; the steps after a failed one have nothing to stand on. */
async function step(name, work) {
  const started = performance.now();
  const seconds = () => `${((performance.now() - started) / 1000).toFixed(1).padStart(7)} s`;
  try {
    await work();
  } catch (thrown) {
    counts.failed += 1;
    console.log(`FAILED ${name} ${seconds()}: ${thrown.message}`);
    throw thrown;
  }
  counts.passed += 1;
  console.log(`ok     ${name.padEnd(62)} ${seconds()}`);
}

/** Runs karmada-eks. A failed `up` or `down` is continued by running it again: the simulator, too, has its moments. */
async function cli(args) {
  const first = await run(args);
  if (first.code === 0) return first;
  if (first.code !== 4) throw new Error(ended(args, first));
  console.log(`       ${args[0]} failed once, and is run again:\n${first.stderr.split('\n').slice(-12).join('\n')}`);
  const second = await run(args);
  expect(second.code === 0, ended(args, second));
  return second;
}

async function run(args) {
  const argv = [program, ...args, '--fleet', fleet, '--region', 'us-west-2'];
  const child = spawn(process.execPath, argv, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const out = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr']) child[name].setEncoding('utf8').on('data', (text) => (out[name] += text));
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  return { ...out, code };
}

function ended(args, { code, stdout, stderr }) {
  return `karmada-eks ${args[0]} ended with ${code}:\n${stdout}\n${stderr}`;
}

function expect(holds, otherwise) {
  if (!holds) throw new Error(otherwise);
}
