/**
 * The parts of a cluster that a run replaces although they may work: declared before consent, and again right before
 * the change.
 */

import type { Destruction } from '../../engine/destruction.js';
import type { FleetMemberCluster } from '../../fleet/fleet.js';
import { placeName } from '../../world/place.js';
import type { CreateChoices } from '../context.js';
import { describeNodeGroup } from '../nodes/node-health.js';
import { type AddonFound, describeAddon } from './addons/addon-health.js';
import type { ClusterState } from './cluster-state.js';

type Replacing = Pick<CreateChoices, 'replacesNodes' | 'replacesAddons'>;
type ActiveCluster = Extract<ClusterState, { kind: 'active' }>;

const evidence = 'of a cluster with this fleet’s tag';

/** What EKS calls unhealthy may work: it is replaced only on request. */
export function replacedParts(
  context: Replacing,
  cluster: FleetMemberCluster,
  look: ClusterState,
): readonly Destruction[] {
  if (look.kind !== 'active') return [];
  return [...replacedNodes(context, cluster, look), ...replacedAddons(context, cluster, look.impaired)];
}

export function replacedNodes(
  { replacesNodes }: Replacing,
  cluster: FleetMemberCluster,
  { nodes, nodeGroup, readyNodes: ready }: ActiveCluster,
): readonly Destruction[] {
  if (!replacesNodes || nodes !== 'impaired') return [];
  return [
    {
      how: 'replace',
      kind: 'nodes',
      name: whereOf(cluster),
      now: ready === undefined ? 'an unknown number of Ready nodes' : `${ready} Ready nodes`,
      holds: ['all pods on them'],
      evidence: `${describeNodeGroup(nodeGroup)} ${evidence}`,
      flag: '--replace-nodes',
    },
  ];
}

export function replacedAddons(
  { replacesAddons }: Replacing,
  cluster: FleetMemberCluster,
  impaired: readonly AddonFound[],
): readonly Destruction[] {
  if (!replacesAddons) return [];
  return impaired.map((each) => ({
    how: 'replace',
    kind: 'add-on',
    name: `${each.name} of ${whereOf(cluster)}`,
    ...(each.standIn === undefined ? {} : { now: each.standIn }),
    holds: [],
    evidence: `${describeAddon(each)} ${evidence}`,
    flag: '--replace-addons',
  }));
}

function whereOf({ cluster, ...place }: FleetMemberCluster): string {
  return `${cluster} in ${placeName(place)}`;
}
