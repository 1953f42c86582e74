/** `eksctl delete cluster` (0.230.0). */
import { Problem } from '../../errors/problem.js';
import { apiKey } from '../account/nodes.js';
import { keyOfRegion } from '../account/other-accounts.js';
import { durations } from '../durations.js';
import { deleteLoadBalancerServices } from '../kube/api.js';
import type { StackState } from '../state.js';
import { addonStacks, type Place } from './addons.js';
import { removeOidcProvider } from './iam.js';
import { deleteStacks, EksctlFailure, findCluster, type Run, unansweredCall } from './run.js';

/**
 * Deletes LoadBalancer Services, then node groups, the OIDC provider, roles, access entries and the control plane, each by
 * its stack. Volumes of claims stay. A cluster that is not there is an error, and so a stack without a cluster
 * (ROLLBACK_COMPLETE, DELETE_FAILED) cannot be deleted with eksctl.
 */
export async function deleteCluster(run: Run, place: Place, wait: boolean): Promise<void> {
  const { simulation, log, process } = run;
  findCluster(run, place);
  log.info(`deleting EKS cluster "${place.name}"`);
  log.info('deleted 0 Fargate profile(s)');
  const unanswered = await unansweredCall(run, place, '/api/v1/services');
  if (unanswered !== undefined) throw new EksctlFailure(`cannot list Kubernetes Services: ${unanswered}`);
  const key = apiKey(keyOfRegion(simulation, place.region), place.name);
  if (simulation.state.apis[key] !== undefined) {
    deleteLoadBalancerServices(simulation, key);
    await process.takes(durations.eksctlLoadBalancerCleanup);
  }
  const stacks = stacksOf(run, place);
  warnOfFailed(run, stacks);
  await deleteStacks(
    run,
    place.region,
    stacks.filter((stack) => stack.makes.kind === 'node-group' && !isFailed(stack)),
  );
  removeOidcProvider(run, place);
  await deleteStacks(run, place.region, addonStacks(run, place));
  await deleteStacks(
    run,
    place.region,
    stacks.filter((stack) => stack.name.includes('-accessentry-')),
  );
  await deleteControlPlane(run, place, stacks, wait);
  failOnLeftovers(run, place);
  log.success('all cluster resources were deleted');
}

function stacksOf({ simulation }: Run, place: Place): readonly StackState[] {
  return simulation
    .region(place.region)
    .stacks.filter((stack) => stack.makes.cluster === place.name && stack.status !== 'DELETE_COMPLETE');
}

function isFailed(stack: StackState): boolean {
  return stack.status === 'DELETE_FAILED';
}

/** Node group stacks in DELETE_FAILED are passed over (cfn/manager/nodegroup.go). */
function warnOfFailed({ log }: Run, stacks: readonly StackState[]): void {
  for (const stack of stacks.filter((candidate) => candidate.makes.kind === 'node-group' && isFailed(candidate))) {
    log.warning(`stack's status of nodegroup named ${stack.name} is ${stack.status}`);
  }
}

/** Without `--wait` the stack's deletion continues after eksctl has reported that everything is deleted (observed). */
async function deleteControlPlane(run: Run, place: Place, stacks: readonly StackState[], wait: boolean): Promise<void> {
  const stack = stacks.find((candidate) => candidate.makes.kind === 'cluster');
  if (stack === undefined) {
    throw new Problem('rehearsal-unmodelled', {
      what: `the rehearsal's eksctl deletes no cluster that it did not make: '${place.name}'`,
    });
  }
  await deleteStacks(run, place.region, [stack], wait);
}

function failOnLeftovers(run: Run, place: Place): void {
  const left = stacksOf(run, place).filter((stack) => stack.status !== 'DELETE_IN_PROGRESS');
  if (left.length === 0) return;
  run.log.warning(`found the following undeleted stacks: ${left.map((stack) => stack.name).join(',')}`);
  throw new EksctlFailure('failed to delete all resources');
}
