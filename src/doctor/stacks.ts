/** CloudFormation stacks under the names that eksctl will use, although there is no such cluster. */
import type { Stack } from '../aws/cloudformation.js';
import type { Clients } from '../clients/clients.js';
import type { Fleet, FleetCluster } from '../fleet/fleet.js';
import { fleetTag } from '../fleet/names.js';
import { notOurs } from '../ownership/name-ownership.js';
import { type Diagnosis, diagnosisOf, okDiagnosis, problemDiagnosis, type Topic } from './diagnosis.js';

/** eksctl marks its stacks with the cluster's name (eksctl 0.230.0, pkg/apis/eksctl.io/v1alpha5/types.go). */
const clusterNameTag = 'alpha.eksctl.io/cluster-name';

/** One list of stacks a region; `missing` are the clusters of the region that do not exist. */
export async function stackDiagnoses(
  clients: Clients,
  fleet: Fleet,
  region: string,
  missing: readonly FleetCluster[],
): Promise<readonly Diagnosis[]> {
  const topic: Topic = { group: 'clusters', id: 'stacks', about: region };
  const stacks = missing.length === 0 ? [] : await clients.cloudformation(region).stacks();
  const found = missing.flatMap((cluster) =>
    stacks.filter((stack) => tagOf(stack, clusterNameTag) === cluster.cluster).map((stack) => ({ cluster, stack })),
  );
  if (found.length === 0) return [okDiagnosis(topic, 'no stack of an earlier try is left')];
  return found.flatMap(({ cluster, stack }) => judge(topic, fleet, cluster, stack));
}

function judge(topic: Topic, fleet: Fleet, cluster: FleetCluster, stack: Stack): readonly Diagnosis[] {
  if (tagOf(stack, fleetTag) !== fleet.id) {
    return diagnosisOf(topic, { problems: [notOurs(fleet.name, cluster)], warnings: [] }, '');
  }
  const what = `stack ${stack.StackName} is left of an earlier try: ${stack.StackStatus}`;
  const isBusy = stack.StackStatus?.endsWith('_IN_PROGRESS') === true;
  const next = isBusy ? 'up waits for it' : 'up removes it and makes the cluster anew';
  const why = stack.StackStatusReason;
  return [
    problemDiagnosis(topic, 'warning', { what, next: [`nothing: ${next}`], ...(why === undefined ? {} : { why }) }),
  ];
}

function tagOf({ Tags = [] }: Stack, key: string): string | undefined {
  return Tags.find(({ Key }) => Key === key)?.Value;
}
