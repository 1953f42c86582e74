/** The lab for those who run something in it: why it cannot run here, set up, started, asked and stopped. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { missingFor, thisMachine } from './needs.js';

const tool = fileURLToPath(new URL('lab', import.meta.url));

/** Why the lab cannot run here, or undefined. */
export function whyNot() {
  return missingFor(thisMachine());
}

/** Builds what the lab runs, when it is not in its cache yet: about 30 minutes on two cores. */
export function setUp() {
  lab(['setup'], 'inherit');
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

/** `variant`: `full`, `no-nat`, `no-auto-assign` or `two-azs`; `role`: of another account in which it is made. */
export function makeVpc(name, region, variant = 'full', role = '') {
  return JSON.parse(lab(['vpc', name, '--region', region, '--variant', variant, '--role', role]));
}

/** Ends the API server of a cluster: EKS goes on calling it ACTIVE, but it answers no more. */
export function silence(cluster, region) {
  lab(['silence', cluster, '--region', region]);
}

/** Ends a real node as when its power goes; its node object stays. */
export function killNode(cluster, node) {
  lab(['kill-node', cluster, node]);
}

/** Starts it again. */
export function reviveNode(cluster, node) {
  lab(['revive-node', cluster, node]);
}

/** What EKS says of a node group; its nodes stay as they are. */
export function setNodeGroup(cluster, group, status, region, reason = '') {
  lab(['nodegroup', cluster, group, status, '--region', region, '--reason', reason]);
}

/** Makes a cluster one of another account, in a VPC of that, or of the lab's own again. */
export function handOver(cluster, region, account, { vpc, subnets = [] } = {}) {
  const network = vpc === undefined ? [] : ['--vpc', vpc, ...subnets.flatMap((id) => ['--subnet', id])];
  lab(['hand-over', cluster, account, '--region', region, ...network]);
}

/** Makes something go wrong in the account; see "Faults" in the README. */
export function fault(fault) {
  lab(['fault', JSON.stringify(fault)]);
}

/** What exists in the account, a line each. */
export function resources() {
  return lab(['resources']).trim().split('\n');
}

/** The same with tags, rules and the like of each thing as JSON: a map by line. */
export function detailedResources() {
  return new Map(
    lab(['resources', '--details'])
      .trim()
      .split('\n')
      .map((line) => line.split('\t')),
  );
}

/** How often which operation was called since the last clearing. */
export function callCounts() {
  return lab(['calls', '--counts']);
}

export function clearCalls() {
  lab(['calls', '--clear']);
}

function lab(args, stdout = 'pipe') {
  const ended = spawnSync(tool, args, { encoding: 'utf8', stdio: ['ignore', stdout, 'inherit'] });
  if (ended.status === 0) return ended.stdout ?? '';
  const code = ended.status ?? ended.signal;
  throw new Error(`${tool} ${args.join(' ')} ended with ${code}: ${ended.stdout ?? ''}`, { cause: ended.error });
}
