/** CloudFormation, the other way: deleting a stack takes time and takes what the stack made with it. */
import { durations } from '../durations.js';
import type { Simulation } from '../simulation.js';
import type { StackState } from '../state.js';
import { setStatus } from './stacks.js';

/** Begins a stack's deletion; what it made is on its way out from now on. Does nothing when it is already going. */
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

/** A stack whose resource is not there any more, after a rollback, goes quickly. */
function durationOf(simulation: Simulation, region: string, stack: StackState): number {
  const cluster = simulation.region(region).clusters[stack.makes.cluster];
  if (stack.makes.kind === 'cluster' && cluster !== undefined) return durations.controlPlaneDelete;
  const hasGroup = cluster?.nodeGroups[stack.makes.name] !== undefined;
  return stack.makes.kind === 'node-group' && hasGroup ? durations.nodeGroupDelete : durations.smallStack;
}
