/** One stay in the lab: a folder, two VPCs, karmada-eks as a program, and steps that are timed, told and counted. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { stepsInto } from '../../scripts/steps.js';
import * as lab from './machine.js';

const program = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'bin/karmada-eks.js');

/** The fleet that everything in the lab is about; its parent gets real nodes by its name. */
export const fleet = 'lab';

/** What this machine looks like to the lab's load balancers. */
export const ownAddress = '203.0.113.10/32';

/** Runs `work` in a started lab, stops the lab, and ends with the counts. `work` is given the session. */
export async function inLab(work) {
  const why = lab.whyNot();
  if (why !== undefined) {
    console.log(`lab: skipped: ${why}`);
    // A machine that is to prove something must not pass by proving nothing.
    process.exitCode = process.env.CI === 'true' ? 1 : 0;
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'karmada-eks-lab-'));
  const counts = { passed: 0, failed: 0 };
  const step = stepsInto(counts);
  try {
    await step('set up', () => lab.setUp());
    const home = join(folder, 'karmada-eks');
    const session = { folder, home, env: {}, vpcs: {}, step, lab, fleet, expect };
    await step('start, VPCs in two regions', () => {
      session.env = { ...lab.start(), KARMADA_EKS_HOME: home, KUBECONFIG: join(folder, 'user-kubeconfig') };
      for (const region of ['us-west-2', 'eu-west-1']) session.vpcs[region] = lab.makeVpc('karmada-vpc', region);
    });
    const programOf = (name, env = session.env) => programIn(env, name);
    await work({ ...session, programOf, ...programOf(fleet) });
  } catch (thrown) {
    console.error(thrown);
    // What fails between two steps ends the run as well.
    counts.failed = Math.max(1, counts.failed);
  } finally {
    // Told and counted by step; what follows is to be done all the same.
    await step('stop', () => lab.stop()).catch(() => undefined);
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(`${counts.passed} passed, ${counts.failed} failed`);
  process.exitCode = counts.failed === 0 ? 0 : 1;
}

/** A change in AWS; what only looks must call none. */
const changes = /\b\w+:(Create|Delete|Update|Modify|Run|Terminate|Tag|Untag|Put|Associate|Attach|Authorize|Revoke)\w*/g;

/** The operations that change something, of `lab calls --counts`. */
export function changesIn(counts) {
  return counts.match(changes) ?? [];
}

/** Fails the step when something came or went since `before`. */
export function expectResources(before) {
  const after = lab.resources();
  const more = after.filter((line) => !before.includes(line));
  const fewer = before.filter((line) => !after.includes(line));
  expect(more.length + fewer.length === 0, `more: ${more.join(', ')}; fewer: ${fewer.join(', ')}`);
  console.log(`       ${after.length} lines`);
}

export function expect(holds, otherwise) {
  if (!holds) throw new Error(otherwise);
}

/** Where a fleet has its files on this machine. */
export function folderOf({ home, fleet: name }, region = 'us-west-2') {
  return join(home, 'fleets/123456789012', region, name);
}

/** karmada-eks for one fleet. */
function programIn(env, name) {
  /**
   * Ends with whatever code; kill -9 of the program, not of what it started, after `killAfterMs`, or once it has told `killOn`,
   * and stood still until `killWhen` holds: then, if it is another signal, again with each text that it prints, as Ctrl-C is
   * pressed again.
   */
  const run = async (args, { killAfterMs, killOn, killWhen, signal = 'SIGKILL' } = {}) => {
    const place = args.includes('--region') ? [] : ['--region', 'us-west-2'];
    const argv = [program, ...args, '--fleet', name, ...place];
    const child = spawn(process.execPath, argv, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const out = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr']) child[name].setEncoding('utf8').on('data', (text) => (out[name] += text));
    const told = () => out.stdout.includes(killOn) || out.stderr.includes(killOn);
    const kill = async () => {
      if (killWhen !== undefined) child.kill('SIGSTOP');
      while (killWhen !== undefined && !(await killWhen())) await pause(200);
      child.kill(signal);
    };
    if (killOn !== undefined) for (const name of ['stdout', 'stderr']) child[name].on('data', () => told() && kill());
    const timer = killAfterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfterMs);
    const code = await new Promise((resolve, reject) => child.on('error', reject).on('exit', resolve));
    clearTimeout(timer);
    return { ...out, code };
  };
  /** A failed run is continued by running it again: the simulator, too, has its moments. */
  const cli = async (args) => {
    const first = await run(args);
    if (first.code === 0) return first;
    if (first.code !== 4) throw new Error(ended(args, first));
    console.log(`       ${args[0]} failed once, and is run again:\n${first.stderr.split('\n').slice(-12).join('\n')}`);
    const second = await run(args);
    expect(second.code === 0, ended(args, second));
    return second;
  };
  return { run, cli };
}

function ended(args, { code, stdout, stderr }) {
  return `karmada-eks ${args[0]} ended with ${code}:\n${stdout}\n${stderr}`;
}
