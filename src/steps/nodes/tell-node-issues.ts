/** Tells what EKS finds wrong with a node group while eksctl waits for it: EKS gives up only after 20 minutes and more, and eksctl gives no reason. */
import { poll } from '../../engine/poll.js';
import type { CallContext } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import { defaults } from '../../fleet/defaults.js';
import type { FleetMemberCluster } from '../../fleet/fleet.js';
import { type FleetContext, minutes } from '../context.js';
import { describeNodeGroup } from './node-health.js';

/**
 * Runs `make`, which waits for the fleet's node group. Each reason that EKS has is told once, e.g. `node group nodes
 * (CREATING: Could not launch On-Demand Instances. …)`. Nothing is given up for it: capacity may come.
 */
export async function tellingNodeIssues(
  { clients }: FleetContext,
  cluster: FleetMemberCluster,
  call: CallContext,
  make: () => Promise<void>,
): Promise<void> {
  const { clock } = clients.world;
  const ended = new AbortController();
  const told = new Set<string>();
  const look = async (): Promise<undefined> => {
    const group = await clients.eks(cluster).nodeGroup(cluster.cluster, defaults.nodeGroup);
    // What it ends with is told with the failure.
    if (group?.status !== 'CREATING' || (group.health?.issues ?? []).length === 0) return;
    const text = describeNodeGroup(group);
    if (!told.has(text)) call.say(text, 'lasting');
    told.add(text);
  };
  const watch = poll(() => look().catch(unread), {
    clock,
    signal: call.signal,
    until: ended.signal,
    everyMs: minutes(1),
  });
  // What ends the wait ends `make` too, which says it.
  watch.catch(() => undefined);
  try {
    await make();
  } finally {
    ended.abort();
  }
}

/** What cannot be read now is read at the next look, and eksctl’s own failure is told in any case. */
function unread(thrown: unknown): undefined {
  if (thrown instanceof Problem) return undefined;
  throw thrown;
}
