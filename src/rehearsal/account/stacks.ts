/** CloudFormation: stacks that are made and deleted on their own, whatever becomes of whoever asked. */
import { durations, never } from '../durations.js';
import type { Simulation } from '../simulation.js';
import type { StackState } from '../state.js';
import { regionalArn } from './arns.js';
import { networkDeletionMs } from './network-stacks.js';
import { readNetworkTemplate } from './network-template.js';

export interface StackRequest extends Pick<StackState, 'name' | 'tags' | 'makes' | 'failure'> {
  readonly region: string;
  /** How long its creation takes, in ms. */
  readonly duration: number;
}

/** A stack of this name that has not been deleted. */
export function findStack(simulation: Simulation, region: string, name: string): StackState | undefined {
  return simulation.region(region).stacks.find((stack) => stack.name === name && stack.status !== 'DELETE_COMPLETE');
}

/** Begins a stack's creation; termination protection is on, as eksctl 0.230.0 sets it on each stack it makes. */
export function createStack(simulation: Simulation, request: StackRequest): StackState {
  const now = simulation.now();
  const id = simulation.id('stack').slice('stack-'.length);
  const stack: StackState = {
    name: request.name,
    id: regionalArn('cloudformation', request.region, simulation.state.accountId, `stack/${request.name}/${id}`),
    status: 'CREATE_IN_PROGRESS',
    settlesAt: now + request.duration,
    terminationProtection: true,
    tags: { ...request.tags },
    events: [],
    createdAt: now,
    makes: request.makes,
    ...(request.failure === undefined ? {} : { failure: request.failure }),
  };
  stackEvent(stack, 'CREATE_IN_PROGRESS', 'User Initiated', now);
  simulation.region(request.region).stacks.push(stack);
  return stack;
}

/** Begins the creation of a stack from a template of a network. @throws AwsError */
export function createNetworkStack(
  simulation: Simulation,
  region: string,
  { name, tags, template }: Pick<StackState, 'name' | 'tags'> & { readonly template: string },
): StackState {
  const { description, resources, outputs } = readNetworkTemplate(template, simulation.now());
  const makes = { kind: 'network' as const, cluster: '', name: '', roles: [] };
  const stack = createStack(simulation, { region, name, tags, makes, duration: never - simulation.now() });
  Object.assign(stack, { description, resources: [...resources], outputs: { ...outputs } });
  stack.terminationProtection = false;
  stack.settlesAt = resources[0]?.dueAt ?? simulation.now();
  return stack;
}

/** Gives a stack a new status with its event; `settlesAt` is `never` until the caller sets it. */
export function setStatus(stack: StackState, status: string, reason: string, at: number): void {
  stack.status = status;
  stack.settlesAt = never;
  stackEvent(stack, status, reason, at);
}

function stackEvent(stack: StackState, status: string, reason: string, at: number): void {
  stack.events.push({ resource: stack.name, type: 'AWS::CloudFormation::Stack', status, reason, at });
}

/** The resource that a stack is there for, as its events name it. */
export function mainResource(stack: StackState): { readonly resource: string; readonly type: string } {
  switch (stack.makes.kind) {
    case 'cluster':
      return { resource: 'ControlPlane', type: 'AWS::EKS::Cluster' };
    case 'node-group':
      return { resource: 'ManagedNodeGroup', type: 'AWS::EKS::Nodegroup' };
    case 'role':
      return { resource: 'Role1', type: 'AWS::IAM::Role' };
    case 'access-entry':
      return { resource: 'AccessEntry', type: 'AWS::EKS::AccessEntry' };
    case 'network':
      return { resource: 'Vpc', type: 'AWS::EC2::VPC' };
  }
}

/** Begins the deletion of a stack and of what it made. Does nothing when it is already being deleted. */
export function deleteStack(simulation: Simulation, region: string, stack: StackState): void {
  if (stack.status === 'DELETE_IN_PROGRESS') return;
  const now = simulation.now();
  setStatus(stack, 'DELETE_IN_PROGRESS', 'User Initiated', now);
  stack.settlesAt = now + durationOf(simulation, region, stack);
  const { kind, cluster: name, name: groupName } = stack.makes;
  const cluster = simulation.region(region).clusters[name];
  if (cluster === undefined) return;
  if (kind === 'cluster') cluster.status = 'DELETING';
  const group = cluster.nodeGroups[groupName];
  if (kind === 'node-group' && group !== undefined) group.status = 'DELETING';
}

/** A stack without its resource, as after a rollback, is deleted quickly. */
function durationOf(simulation: Simulation, region: string, stack: StackState): number {
  if (stack.makes.kind === 'network') return networkDeletionMs(stack);
  const cluster = simulation.region(region).clusters[stack.makes.cluster];
  if (stack.makes.kind === 'cluster' && cluster !== undefined) return durations.controlPlaneDelete;
  const hasGroup = cluster?.nodeGroups[stack.makes.name] !== undefined;
  return stack.makes.kind === 'node-group' && hasGroup ? durations.nodeGroupDelete : durations.smallStack;
}
