/** How the nodes of a cluster that this fleet created differ from the requested ones. */

import { diskSize } from '../../aws/ec2/node-disks.js';
import type { Nodegroup } from '../../aws/eks.js';
import { counted } from '../../errors/counted.js';
import type { Fleet, FleetCluster } from '../../fleet/fleet.js';
import { nodeFormOf } from '../../fleet/settings/node-form.js';
import type { Network } from '../../model/facts.js';
import { nodeSubnets } from '../../preflight/network/network.js';
import type { FleetContext } from '../context.js';

/** How many nodes there are to be, when that is another number; undefined while the node group is being changed. */
export function nodeCountDrift({ nodes }: Fleet, group: Nodegroup | undefined): string | undefined {
  const count = group?.status === 'ACTIVE' ? group.scalingConfig?.desiredSize : undefined;
  return count === undefined || count === nodes ? undefined : `${counted(count, 'node')}, ${nodes} requested`;
}

/** Whether nodes are in subnets that are not among the requested ones. */
export function placeDrift(
  { zones, subnets }: Pick<FleetCluster, 'zones' | 'subnets'>,
  network: Network,
  group: Nodegroup | undefined,
): readonly string[] {
  if (zones === undefined && subnets === undefined) return [];
  const others = (group?.subnets ?? []).filter((id) => nodeSubnets(network).every((subnet) => subnet.id !== id));
  if (others.length === 0) return [];
  const wanted = [...(zones ?? []), ...(subnets ?? [])].join(', ');
  return [
    `nodes are in ${others.join(', ')} too, only ${wanted} requested; this is not changed in an existing cluster`,
  ];
}

/** What can only be changed by recreating the node group, one line each. */
export async function nodeKindDrift(
  { clients, fleet }: Pick<FleetContext, 'clients' | 'fleet'>,
  cluster: FleetCluster,
  group: Nodegroup | undefined,
): Promise<readonly string[]> {
  const wanted = nodeFormOf(fleet, cluster);
  const { instanceTypes } = fleet;
  const types = group?.instanceTypes ?? [];
  const isSpot = group?.capacityType === 'SPOT';
  const family = familyOf(group?.amiType);
  const size =
    wanted.volumeSize === undefined || group === undefined
      ? undefined
      : await diskSize(clients.world.aws, cluster, group);
  return [
    ...(types.length === 0 || isSame(types, instanceTypes)
      ? []
      : [`nodes are ${types.join(', ')}, ${instanceTypes.join(', ')} requested`]),
    ...(group === undefined || wanted.spot === undefined || wanted.spot === isSpot
      ? []
      : [`nodes are ${capacity(isSpot)}, ${capacity(wanted.spot)} requested`]),
    ...(wanted.amiFamily === undefined || family === undefined || family === wanted.amiFamily
      ? []
      : [`nodes run ${family}, ${wanted.amiFamily} requested`]),
    ...(size === undefined || size === wanted.volumeSize
      ? []
      : [`disks of nodes are ${size} GiB, ${wanted.volumeSize} GiB requested`]),
  ].map((line) => `${line}; this is not changed in an existing cluster`);
}

/** In any order: EKS promises none. */
function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((each) => others.includes(each));
}

function capacity(isSpot: boolean): string {
  return isSpot ? 'Spot Instances' : 'On-Demand Instances';
}

/** Ubuntu has no type of image in EKS: eksctl names the image itself (0.230.0, `GetAMIType`). */
function familyOf(amiType = ''): string | undefined {
  if (amiType === '') return undefined;
  if (amiType.startsWith('BOTTLEROCKET')) return amiType.endsWith('FIPS') ? 'BottlerocketFips' : 'Bottlerocket';
  if (amiType.startsWith('AL2023')) return 'AmazonLinux2023';
  return amiType === 'CUSTOM' ? 'Ubuntu2404' : amiType;
}
