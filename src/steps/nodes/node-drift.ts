/** How the nodes of a cluster that this fleet created differ from the requested ones. */

import type { Nodegroup } from '../../aws/eks.js';
import { counted } from '../../errors/counted.js';
import type { Fleet, FleetCluster } from '../../fleet/fleet.js';
import type { Network } from '../../model/facts.js';
import { nodeSubnets } from '../../preflight/network/network.js';

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
export function nodeKindDrift({ instanceType }: Fleet, group: Nodegroup | undefined): readonly string[] {
  const types = group?.instanceTypes ?? [];
  if (types.length === 0 || types.includes(instanceType)) return [];
  return [`nodes are ${types.join(', ')}, ${instanceType} requested; this is not changed in an existing cluster`];
}
