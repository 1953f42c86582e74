/** The pipeline that takes a fleet away, on one screen: the undo of each step of `up`, in the safe order. */

import type { FleetAccess } from '../access/fleet-access.js';
import { type Action, type CallContext, type Step, undoing } from '../engine/step.js';
import { Problem } from '../errors/problem.js';
import { clustersOf } from '../fleet/fleet.js';
import type { UsersVolume } from '../leftovers/users-volumes.js';
import type { MemberRemoval } from '../member-removal/removals.js';
import { clusterKey } from '../model/facts.js';
import { removeEbs } from '../steps/cluster/add-ebs-driver.js';
import { createCluster } from '../steps/cluster/create-cluster.js';
import { prepareExisting } from '../steps/cluster/prepare-existing.js';
import type { Site } from '../steps/context.js';
import { addStorageClass } from '../steps/karmada/add-storage-class.js';
import { exposeApi } from '../steps/karmada/expose-api.js';
import { initKarmada } from '../steps/karmada/init-karmada.js';
import { isOwnParent } from '../steps/karmada/parent-parts.js';
import { mergeKubeconfig } from '../steps/kubeconfig/merge-kubeconfig.js';
import { removeVolumes } from '../steps/leftovers/remove-volumes.js';
import { leaveMember } from '../steps/member/leave-member.js';
import type { PlannedRemoval, RemovalMode } from '../steps/member/removal.js';
import { inRegionalGroups } from './regional-groups.js';

/** `volumes`: users' data that goes too. What cannot be reached has nothing in it, or goes with its cluster: it has no steps. */
export function downSteps(
  site: Site,
  reach: FleetAccess,
  departures: readonly PlannedRemoval[],
  volumes: readonly UsersVolume[],
): readonly Step[] {
  const { fleet } = site;
  const [parent, ...memberClusters] = clustersOf(fleet);
  if (parent === undefined) return [];

  const left = departures.map(({ member, leave }) => leaveMember(site, member, leave));
  const removed = undoing(initKarmada(site, []), 'remove Karmada and its volumes', ids(left));
  const hidden = undoing(exposeApi(site, []), 'remove the load balancer', [removed.id]);
  const storage = undoing(addStorageClass(site, []), 'remove the StorageClass', [removed.id]);
  const insideParent = reach.apis.has('parent') ? [removed, hidden, storage] : [];

  const deleted = [parent, ...memberClusters].map((cluster) => {
    const after =
      cluster.scope === 'parent' ? ids(insideParent) : ids(left.filter(({ scope }) => scope === cluster.scope));
    return site.facts.ownership.get(clusterKey(cluster)) === 'existing'
      ? undoing(prepareExisting(site, cluster), `leave ${cluster.cluster} as it was`, after)
      : undoing(createCluster(site, cluster), `delete EKS cluster ${cluster.cluster} in ${cluster.region}`, after);
  });
  const contexts = undoing(mergeKubeconfig(site, []), 'take the contexts out of the kubeconfig', ids(deleted));

  const removedVolumes = removeVolumes(site, volumes, ids(deleted));

  return inRegionalGroups(fleet, [...left, ...insideParent, ...deleted, contexts, ...removedVolumes]);
}

/** The members that leave, and how; what was propagated to those that stay is kept or goes. */
export function finalRemovals(
  reach: FleetAccess,
  leaving: readonly MemberRemoval[],
  keeps: boolean,
): readonly PlannedRemoval[] {
  return leaving.flatMap((each) => {
    const leave = lastLeave(each, reach, keeps);
    return leave === undefined ? [] : [{ member: each.member, leave }];
  });
}

/**
 * A cluster that stays is cleared of Karmada even when Karmada does not reach it, or is not there any more. Nothing is done
 * for one that goes, unless Karmada can take back what it propagated.
 */
function lastLeave(
  { silence, trouble, isAdopted }: MemberRemoval,
  { karmada }: FleetAccess,
  keeps: boolean,
): RemovalMode | undefined {
  const isReached = karmada !== undefined && trouble === undefined;
  if (silence !== undefined || !(isReached || isAdopted)) return undefined;
  const propagated = !isAdopted ? 'gone' : keeps || !isReached ? 'stays' : 'deleted';
  return { how: isReached ? 'orderly' : 'alone', clearsMember: isAdopted, clearsKarmada: false, propagated, silence };
}

/** What of the fleet’s things in a parent that was there before stays, for others use it; nothing of one that does not answer. */
export async function remainingInParent(site: Site, context: CallContext): Promise<readonly string[]> {
  const [parent] = clustersOf(site.fleet);
  if (parent === undefined || isOwnParent(site)) return [];
  const notes = async ({ check }: Action): Promise<readonly string[]> => {
    try {
      const found = await check(context);
      return found.state === 'ready' && found.note !== undefined ? [found.note] : [];
    } catch (thrown) {
      if (!(thrown instanceof Problem) || thrown.code === 'interrupted') throw thrown;
      return [];
    }
  };
  return [...(await notes(addStorageClass(site, []).undo)), ...(await notes(removeEbs(site, parent)))];
}

function ids(steps: readonly Step[]): readonly string[] {
  return steps.map(({ id }) => id);
}
