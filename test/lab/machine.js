/** The lab as this project uses it: set up once, started and stopped for a run, and the environment in which it is AWS. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const folder = resolve(root, process.env.KARMADA_EKS_LAB ?? '../shared/lab');
const tool = join(folder, 'lab');

/** Why the lab cannot run here, or undefined. */
export function whyNot() {
  if (process.platform !== 'linux') return 'the lab runs on Linux';
  if (process.getuid?.() !== 0) return 'the lab needs root: it makes a bridge, mounts and containers';
  if (!existsSync(tool)) return 'the lab is not beside this project; say where it is with KARMADA_EKS_LAB';
  return undefined;
}

/** Builds what the lab runs, when it is not in its cache yet: about 25 minutes on two cores. */
export function setUp() {
  run(join(folder, 'setup'), [], process.env, 'inherit');
}

/** Starts the lab and answers the environment in which programs find it instead of AWS. */
export function start() {
  lab(['start']);
  const env = { ...process.env };
  for (const line of lab(['env']).split('\n')) {
    const [, name, value] = /^export (\w+)=(.*)$/.exec(line) ?? [];
    if (name !== undefined) env[name] = value.replace(/^'(.*)'$/, '$1');
    const removed = /^unset (\w+)$/.exec(line)?.[1];
    if (removed !== undefined) delete env[removed];
  }
  return env;
}

/** Ends everything that start began; a lab that left something behind is a failure. */
export function stop() {
  lab(['stop']);
}

/** `variant`: `full`, `no-nat`, `no-auto-assign` or `two-azs`. */
export function makeVpc(name, region, variant = 'full') {
  return JSON.parse(lab(['vpc', name, '--region', region, '--variant', variant]));
}

/** What exists in the account, a line each. */
export function resources() {
  return lab(['resources']).trim().split('\n');
}

/** How often which operation was called since the last clearing. */
export function callCounts() {
  return lab(['calls', '--counts']);
}

export function clearCalls() {
  lab(['calls', '--clear']);
}

function lab(args) {
  return run(tool, args, process.env, 'pipe');
}

function run(program, args, env, stdout) {
  const ended = spawnSync(program, args, { env, encoding: 'utf8', stdio: ['ignore', stdout, 'inherit'] });
  if (ended.status === 0) return ended.stdout ?? '';
  throw new Error(`${program} ${args.join(' ')} ended with ${ended.status ?? ended.signal}`, { cause: ended.error });
}
