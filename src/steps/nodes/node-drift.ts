/** How the nodes of a cluster that this fleet created differ from the requested ones. */

import type { Nodegroup } from '../../aws/eks.js';
import { counted } from '../../errors/counted.js';
import type { Fleet } from '../../fleet/fleet.js';

/** How many nodes there are to be, when that is another number; undefined while the node group is being changed. */
export function nodeCountDrift({ nodes }: Fleet, group: Nodegroup | undefined): string | undefined {
  const count = group?.status === 'ACTIVE' ? group.scalingConfig?.desiredSize : undefined;
  return count === undefined || count === nodes ? undefined : `${counted(count, 'node')}, ${nodes} requested`;
}

/** What can only be changed by recreating the node group, one line each. */
export function nodeKindDrift({ instanceType }: Fleet, group: Nodegroup | undefined): readonly string[] {
  const types = group?.instanceTypes ?? [];
  if (types.length === 0 || types.includes(instanceType)) return [];
  return [`nodes are ${types.join(', ')}, ${instanceType} requested; this is not changed in an existing cluster`];
}
