/** EKS clusters and CloudFormation stacks with the fleet's tag that no step knows of. */

import { diskSize } from '../aws/ec2/node-disks.js';
import { tagsIn } from '../aws/tags.js';
import { counted } from '../errors/counted.js';
import { ebsAddon, ebsRoleStack, runsWithRole } from '../fleet/ebs-driver.js';
import { fleetTag } from '../fleet/names.js';
import { usualVolumeSize } from '../fleet/settings/node-form.js';
import { clusterOfStack, clusterVerdict, stackVerdict } from '../ownership/cluster-ownership.js';
import { ownVpcOf } from '../ownership/own-vpc.js';
import { clusterUsd } from './cost.js';
import type { FoundThing } from './leftover.js';
import { type LeftoverScope, leftoverOf } from './scope.js';

/** Only those with the tag: without it a cluster is somebody else's, whatever its name. */
export async function findClustersLeft(scope: LeftoverScope): Promise<readonly FoundThing[]> {
  const { clients, fleet, region, clusters, stackList } = scope;
  const tagged = [...clusters].flatMap(([cluster, found]) => {
    if (found.tags?.[fleetTag] !== fleet.id) return [];
    const verdict = leftoverOf(clusterVerdict(scope, { cluster, region, account: scope.account, found }, stackList));
    return verdict === undefined ? [] : [{ found, verdict }];
  });
  return await Promise.all(
    tagged.map(async ({ found: { name = '', status = '' }, verdict }): Promise<FoundThing> => {
      const found = await clients.eks(scope).nodeGroups(name);
      const groups = await Promise.all(
        found.map(async (group) => ({
          instanceTypes: group.instanceTypes ?? [''],
          count: group.scalingConfig?.desiredSize ?? 0,
          diskGib: (await diskSize(clients.world.aws, scope, group)) ?? usualVolumeSize,
        })),
      );
      const nodes = groups.reduce((sum, { count }) => sum + count, 0);
      const detail = `${status}, ${counted(nodes, 'node')}`;
      const usdPerHour = clusterUsd(region, groups);
      return { kind: 'EKS cluster', id: name, name, region, detail, usdPerHour, ...verdict };
    }),
  );
}

/** As with clusters, without the stack of the fleet's VPC, which is a kind of its own; but for the role by which the driver of a cluster that is kept works. */
export async function findStacksLeft(scope: LeftoverScope): Promise<readonly FoundThing[]> {
  const { fleet, region, clusters, stackList } = scope;
  const found = stackList.flatMap((stack): readonly FoundThing[] => {
    const { StackName: name = '', StackStatus: detail = '', Tags } = stack;
    if (tagsIn(Tags)[fleetTag] !== fleet.id || ownVpcOf(fleet, stack).verdict.whose === 'ours') return [];
    const within = clusterOfStack(stack) ?? '';
    const verdict = leftoverOf(stackVerdict(scope, { place: scope, stack, standing: clusters.get(within) }, stackList));
    if (verdict === undefined) return [];
    return [{ kind: 'CloudFormation stack', id: name, name, region, detail, usdPerHour: 0, within, ...verdict }];
  });
  const inUse = await Promise.all(found.map((stack) => isDriversRole(scope, stack)));
  return found.filter((_, index) => inUse[index] !== true);
}

/** `down` leaves a driver with its role while others use it; both belong to the cluster then. */
async function isDriversRole(scope: LeftoverScope, { name, within = '' }: FoundThing): Promise<boolean> {
  if (name !== ebsRoleStack(within) || !scope.clusters.has(within)) return false;
  const addon = await scope.clients.eks(scope).addon(within, ebsAddon);
  return runsWithRole(addon, { cluster: within, region: scope.region });
}
