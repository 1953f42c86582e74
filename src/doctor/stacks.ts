/** CloudFormation stacks with the names that eksctl will use, although no such cluster exists. */

import type { Stack } from '../aws/cloudformation.js';
import { tagsIn } from '../aws/tags.js';
import type { Clients } from '../clients/clients.js';
import { okUnless, warning } from '../errors/diagnostic.js';
import type { Diagnostic } from '../errors/problem.js';
import type { Fleet, FleetCluster } from '../fleet/fleet.js';
import { fleetTag } from '../fleet/names.js';
import { notOurs } from '../ownership/name-ownership.js';
import type { AwsPlace } from '../world/place.js';

/** eksctl marks its stacks with the cluster's name (eksctl 0.230.0, pkg/apis/eksctl.io/v1alpha5/types.go). */
const clusterNameTag = 'alpha.eksctl.io/cluster-name';

/** One list of stacks a region; `missing` are the clusters of the region that do not exist. */
export async function checkStacks(
  clients: Clients,
  fleet: Fleet,
  place: AwsPlace,
  missing: readonly FleetCluster[],
): Promise<readonly Diagnostic[]> {
  const stacks = missing.length === 0 ? [] : await clients.cloudformation(place).stacks();
  const found = missing.flatMap((cluster) =>
    stacks
      .filter((stack) => tagsIn(stack.Tags)[clusterNameTag] === cluster.cluster)
      .map((stack) => ({ cluster, stack })),
  );
  return okUnless(
    found.map(({ cluster, stack }) => leftStack(fleet, cluster, stack)),
    'no stack of an earlier attempt remains',
  );
}

function leftStack(fleet: Fleet, cluster: FleetCluster, stack: Stack): Diagnostic {
  if (tagsIn(stack.Tags)[fleetTag] !== fleet.id) return notOurs(fleet.name, cluster);
  const what = `stack ${stack.StackName} remains from an earlier attempt: ${stack.StackStatus}`;
  const isBusy = stack.StackStatus?.endsWith('_IN_PROGRESS') === true;
  const next = isBusy ? 'up waits for it' : 'up deletes it and recreates the cluster';
  return warning({ what, why: stack.StackStatusReason, next: [`nothing to do: ${next}`] });
}
