/** What EKS reports of a node group before it gives it up. */
import { durations } from '../durations.js';
import type { NodeGroupState, RegionState } from '../state.js';

/** The code of a group whose instances Auto Scaling cannot launch (EKS API, Issue). */
export const launchFailures = 'AsgInstanceLaunchFailures';

/** Auto Scaling says at once why it launches nothing; of nodes that do not join EKS says nothing before the end (containers-roadmap issue 764). */
export function noteIssues({ stacks }: RegionState, cluster: string, group: NodeGroupState, now: number): void {
  const stack = stacks.find(
    ({ makes, status }) =>
      status === 'CREATE_IN_PROGRESS' &&
      makes.cluster === cluster &&
      makes.kind === 'node-group' &&
      makes.name === group.name,
  );
  if (stack?.failure?.code !== launchFailures || now < stack.createdAt + durations.nodeGroupLook) return;
  group.issues = [{ code: launchFailures, message: stack.failure.reason }];
}
