/**
 * Which parts of a cluster certainly belong to the fleet at this moment: determined again right before anything is
 * deleted.
 */
import type { Stack } from '../../aws/cloudformation.js';
import type { Cluster } from '../../aws/eks.js';
import type { FleetMemberCluster } from '../../fleet/fleet.js';
import {
  type Claimant,
  clusterOfStack,
  clusterVerdict,
  judgeCluster,
  stackVerdict,
} from '../../ownership/cluster-ownership.js';
import { readRememberedClusters } from '../../ownership/fleet-record.js';
import type { Verdict } from '../../ownership/ownership.js';
import type { FleetContext } from '../context.js';

/** A existing cluster, with whose it is. */
export interface JudgedCluster {
  readonly found: Cluster;
  readonly verdict: Verdict;
}

/** A stack that eksctl made for the cluster, or that says so, with whose it is. */
export interface JudgedStack {
  readonly stack: Stack;
  readonly verdict: Verdict;
}

/** All that has the cluster's name. */
export interface JudgedParts {
  readonly cluster: JudgedCluster | undefined;
  readonly stacks: readonly JudgedStack[];
}

/** Looks at the cluster of this name and at its stacks, and judges each. */
export async function judgeParts(
  context: FleetContext,
  { cluster, region, account }: FleetMemberCluster,
): Promise<JudgedParts> {
  const place = { region, account };
  const [claimant, standing, stacks] = await Promise.all([
    claimantOf(context),
    context.clients.eks(place).cluster(cluster),
    context.clients.cloudformation(place).stacks(),
  ]);
  return {
    cluster: standing && {
      found: standing,
      verdict: clusterVerdict(claimant, { cluster, ...place, found: standing }, stacks),
    },
    stacks: stacks
      .filter((stack) => clusterOfStack(stack) === cluster)
      .map((stack) => ({ stack, verdict: stackVerdict(claimant, { place, stack, standing }, stacks) })),
  };
}

/** Whether the existing cluster now is the fleet's; false when there is none. */
export async function isOurs(
  context: FleetContext,
  { cluster, region, account }: FleetMemberCluster,
  found: Cluster,
): Promise<boolean> {
  const { whose } = await judgeCluster(context.clients, await claimantOf(context), { cluster, region, account, found });
  return whose === 'ours';
}

async function claimantOf({ fleet, clients, paths }: FleetContext): Promise<Claimant> {
  return { fleet, memory: await readRememberedClusters(clients.world.files, paths, fleet) };
}
