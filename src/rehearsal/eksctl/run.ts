/** What the parts of one eksctl run share: the account, the log, and waiting for stacks. */

import { createStack, deleteStack, type StackRequest } from '../account/stacks.js';
import { durations } from '../durations.js';
import { dialMs } from '../kube/access/access.js';
import { unansweredAddress } from '../kube/access/reach.js';
import type { Simulation, ToolProcess } from '../simulation.js';
import type { ClusterState, StackState } from '../state.js';

/** One run of eksctl. */
export interface Run {
  readonly process: ToolProcess;
  readonly simulation: Simulation;
  readonly log: EksctlLog;
}

/** The run of a process. */
export function runOf(process: ToolProcess): Run {
  return { process, simulation: process.simulation, log: logOf(process) };
}

/** Which cluster is meant. */
interface ClusterName {
  readonly name: string;
  readonly region: string;
}

/** The cluster that a command is for; fails in eksctl's words when there is none. */
export function findCluster({ simulation }: Run, { name, region }: ClusterName): ClusterState {
  const cluster = simulation.region(region).clusters[name];
  if (cluster !== undefined && cluster.status !== 'FAILED') return cluster;
  const why = `ResourceNotFoundException: No cluster found for name: ${name}.`;
  throw new EksctlFailure(`unable to describe cluster control plane: ${sdkError('EKS', 'DescribeCluster', 404, why)}`);
}

/** What a call of the cluster's API from here ends with, after client-go's time for a connection; undefined: it is answered. */
export async function unansweredCall(
  { process, simulation }: Run,
  { name, region }: ClusterName,
  path: string,
): Promise<string | undefined> {
  const cluster = simulation.region(region).clusters[name];
  const silent = cluster && unansweredAddress(process, cluster);
  if (cluster === undefined || silent === undefined) return undefined;
  await process.takes(dialMs);
  return `Get "${cluster.endpoint}${path}": dial tcp ${silent}:443: i/o timeout`;
}

/** The same for commands that change it: they need it ACTIVE (pkg/eks/eks.go). */
export function activeCluster(run: Run, { name, region }: ClusterName): ClusterState {
  const cluster = findCluster(run, { name, region });
  if (cluster.status === 'ACTIVE') return cluster;
  throw new EksctlFailure(
    `cannot perform Kubernetes API operations on cluster "${name}" in "${region}" region due to status "${cluster.status}"`,
  );
}

/**
 * Waits until a stack has settled, as eksctl does: polls after 30 s, then repeatedly, with a log line each time.
 * The stack continues when eksctl is killed meanwhile.
 */
export async function waitForStack({ process, log }: Run, stack: StackState): Promise<string> {
  let pause: number = durations.eksctlFirstPoll;
  do {
    await process.takes(pause);
    log.info(`waiting for CloudFormation stack "${stack.name}"`);
    pause = durations.eksctlNextPoll;
  } while (stack.status.endsWith('_IN_PROGRESS'));
  return stack.status;
}

/** Begins a stack of a cluster; the roles that it makes are new. */
export function deploy(
  { simulation, log }: Run,
  { name: cluster, region }: ClusterName,
  makes: Omit<StackState['makes'], 'cluster'>,
  stack: Omit<StackRequest, 'region' | 'makes'>,
): StackState {
  log.info(`deploying stack "${stack.name}"`);
  simulation.state.roles.push(...makes.roles);
  return createStack(simulation, { ...stack, region, makes: { ...makes, cluster } });
}

/** The boundary of the roles of a stack, where they have one. */
export function boundedBy(boundary: string | undefined): Pick<StackState['makes'], 'boundary'> {
  return boundary === undefined ? {} : { boundary };
}

/** Waits for a stack that is being made; fails with its reasons when it is rolled back. */
export async function waitForCreation(run: Run, stack: StackState, failure: string): Promise<void> {
  if ((await waitForStack(run, stack)) === 'CREATE_COMPLETE') return;
  logFailedEvents(run, stack, 'CREATE_FAILED');
  throw new EksctlFailure(failure);
}

/** A name for a role, as CloudFormation ends it. */
export function roleNamed({ simulation }: Run, start: string): string {
  return `${start}-${simulation.id('role').slice(-12)}`;
}

/** Prints the events that explain a stack's failure: CREATE_FAILED or DELETE_FAILED ones, newest first. */
function logFailedEvents({ log }: Run, stack: StackState, failed: 'CREATE_FAILED' | 'DELETE_FAILED'): void {
  log.critical(`unexpected status "${stack.status}" while waiting for CloudFormation stack "${stack.name}"`);
  for (const event of stack.events.toReversed()) {
    if (event.status !== failed) continue;
    log.critical(`${event.type}/${event.resource}: ${event.status} –\u00a0${JSON.stringify(event.reason)}`);
  }
}

/**
 * Deletes stacks side by side, taking their termination protection off first; fails when one cannot be deleted.
 * Without waiting they go on by themselves.
 */
export async function deleteStacks(
  run: Run,
  region: string,
  stacks: readonly StackState[],
  wait = true,
): Promise<void> {
  const { simulation, log } = run;
  for (const stack of stacks) {
    stack.terminationProtection = false;
    deleteStack(simulation, region, stack);
    log.info(`will delete stack "${stack.name}"`);
    if (wait) log.info(`waiting for stack "${stack.name}" to get deleted`);
  }
  if (!wait) return;
  for (const stack of stacks) {
    const status = await waitForStack(run, stack);
    if (status === 'DELETE_COMPLETE') continue;
    logFailedEvents(run, stack, 'DELETE_FAILED');
    throw new EksctlFailure('waiter state transitioned to Failure');
  }
}

/** Ends eksctl with status 1 and `Error: <message>`. */
export class EksctlFailure extends Error {
  override readonly name = 'EksctlFailure';
}

export interface EksctlLog {
  readonly info: (text: string) => void;
  readonly success: (text: string) => void;
  readonly warning: (text: string) => void;
  readonly critical: (text: string) => void;
}

/** The log of one run: `2026-11-22 12:00:00 [ℹ]  text`, without colour as when piped. */
function logOf(process: ToolProcess): EksctlLog {
  const print = (mark: string) => (text: string) => {
    const stamp = new Date(process.simulation.now()).toISOString().slice(0, 19).replace('T', ' ');
    for (const [index, line] of text.split('\n').entries())
      process.out(index === 0 ? `${stamp} [${mark}]  ${line}` : line);
  };
  return { info: print('ℹ'), success: print('✔'), warning: print('!'), critical: print('✖') };
}

/** An AWS error as eksctl's SDK words it. */
export function sdkError(service: string, operation: string, status: number, error: string): string {
  const id = '00000000-0000-4000-8000-000000000000';
  return `operation error ${service}: ${operation}, https response error StatusCode: ${status}, RequestID: ${id}, ${error}`;
}

/** A stack of this name is in the way: create never resumes (observed). */
export function stackExists(name: string): EksctlFailure {
  const why = `AlreadyExistsException: Stack [${name}] already exists`;
  return new EksctlFailure(
    `creating CloudFormation stack "${name}": ${sdkError('CloudFormation', 'CreateStack', 400, why)}`,
  );
}
