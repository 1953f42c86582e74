/** EKS clusters and CloudFormation stacks that carry the fleet's tag, though no step knows of them. */

import { tagsIn } from '../aws/tags.js';
import { fleetTag } from '../fleet/names.js';
import type { Leftover } from './leftover.js';
import { clusterUsd } from './leftover-cost.js';
import type { LeftoverScope } from './leftover-scope.js';

export async function clustersLeft({ clients, fleet, region, clusters }: LeftoverScope): Promise<readonly Leftover[]> {
  const ours = [...clusters.values()].filter(({ tags }) => tags?.[fleetTag] === fleet.id);
  return await Promise.all(
    ours.map(async ({ name = '', status = '' }): Promise<Leftover> => {
      const groups = (await clients.eks(region).nodeGroups(name)).map(({ instanceTypes, scalingConfig }) => ({
        instanceType: instanceTypes?.[0] ?? '',
        count: scalingConfig?.desiredSize ?? 0,
      }));
      const nodes = groups.reduce((sum, { count }) => sum + count, 0);
      const detail = `${status}, ${nodes} nodes`;
      return { kind: 'EKS cluster', id: name, name, region, detail, usdPerHour: clusterUsd(region, groups) };
    }),
  );
}

export async function stacksLeft({ clients, fleet, region }: LeftoverScope): Promise<readonly Leftover[]> {
  const stacks = await clients.cloudformation(region).stacks();
  return stacks.flatMap(({ StackName = '', StackStatus = '', Tags }): readonly Leftover[] => {
    const tags = tagsIn(Tags);
    if (tags[fleetTag] !== fleet.id) return [];
    const within = tags['alpha.eksctl.io/cluster-name'] ?? '';
    return [
      {
        kind: 'CloudFormation stack',
        id: StackName,
        name: StackName,
        region,
        detail: StackStatus,
        usdPerHour: 0,
        within,
      },
    ];
  });
}
