/** What the fleet had in other accounts and no longer describes: `down` still searches there, and deletes. */
import {
  clusterOf,
  clustersOf,
  type Fleet,
  type FleetCluster,
  isSameEksCluster,
  presentRole,
  withFormer,
} from '../fleet/fleet.js';
import type { MadeCluster } from './cluster-lifetimes.js';

/** A cluster of an earlier member. */
export interface EarlierCluster extends FleetCluster {
  /** It was there before the fleet. */
  readonly existing: boolean;
}

/** In other accounts: of former members, and what this machine remembers to have made; each with the role that is used there now. */
export function earlierClusters(fleet: Fleet, made: readonly MadeCluster[]): readonly EarlierCluster[] {
  const all = withFormer(fleet);
  const former = fleet.former.flatMap((member): readonly EarlierCluster[] => {
    const cluster = clusterOf(member);
    return cluster === undefined ? [] : [{ ...cluster, existing: member.kind === 'eks' && member.existing }];
  });
  const past = made.map(({ cluster, region, account }): EarlierCluster => {
    return { cluster, region, account, vpc: '', existing: false };
  });
  const found = [...former, ...past];
  return found
    .filter((each, index) => found.findIndex((before) => isSameEksCluster(before, each)) === index)
    .filter((each) => each.account !== undefined && !clustersOf(fleet).some((other) => isSameEksCluster(other, each)))
    .map((each) => ({ ...each, account: presentRole(all, each.account) }));
}
