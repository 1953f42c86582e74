/** The pipeline that deletes a fleet, on one screen: what each step of `up` created is deleted, in a safe order. */

import type { FleetAccess } from '../access/fleet-access.js';
import { Pipeline, type PipelineStep } from '../engine/pipeline.js';
import type { Step } from '../engine/step.js';
import { apiNamesOf, clustersOf, type FleetMemberCluster } from '../fleet/fleet.js';
import type { UsersVolume } from '../leftovers/users-volumes.js';
import { clusterKey } from '../model/facts.js';
import { unscheduleBackups } from '../steps/backup/schedule/schedule-backups.js';
import { restoreExisting } from '../steps/cluster/addons/add-ebs-driver.js';
import { deleteCluster } from '../steps/cluster/delete-cluster.js';
import type { FleetContext } from '../steps/context.js';
import { removeStorageClass } from '../steps/karmada/add-storage-class.js';
import { removeKarmada } from '../steps/karmada/remove-karmada.js';
import { unmergeKubeconfig } from '../steps/kubeconfig/merge-kubeconfig.js';
import { removeVolumes } from '../steps/leftovers/remove-volumes.js';
import { unnameApi } from '../steps/load-balancer/name-api.js';
import { unexposeApi } from '../steps/load-balancer/unexpose-api.js';
import { leaveMember } from '../steps/member/leave-member.js';
import type { PlannedRemoval } from '../steps/member/removal.js';
import { type Lease, takeLease } from '../steps/take-lease.js';
import { deleteVpc } from '../steps/vpc/delete-vpc.js';
import { groupOf } from './groups.js';

/** Who leaves the fleet with it. */
interface Leaving {
  readonly departures: readonly PlannedRemoval[];
  /** Names of those that are members: one may be on its way into Karmada, while a former one has left, or is in it. */
  readonly members: readonly string[];
}

/** What a run is given besides what it deletes. */
interface Around {
  readonly lease: Lease;
  /** Comes before every deletion; undefined: none is wanted, or there is no parent to back up. */
  readonly backup: Step | undefined;
  /** Whether backups are scheduled in the parent. */
  readonly schedule: boolean;
}

/** `volumes`: users' data to delete too. What cannot be reached is deleted with its cluster: it has no steps. */
export function downSteps(
  context: FleetContext,
  { lease, backup, schedule }: Around,
  reach: FleetAccess,
  { departures, members }: Leaving,
  volumes: readonly UsersVolume[],
): readonly PipelineStep[] {
  const pipeline = new Pipeline();
  const [parent, ...memberClusters] = clustersOf(context.fleet);
  if (parent === undefined) return [];

  const parentAnswers = reach.apis.has('parent');
  const locked = parentAnswers ? pipeline.add(takeLease(context, lease)) : undefined;
  const leased = backup === undefined ? locked : pipeline.add(backup, { needs: [locked] });
  const left = departures.map(({ member, leave }) =>
    pipeline.add(leaveMember(context, member, leave), { needs: [leased], group: groupOf(member) }),
  );
  const insideParent: PipelineStep[] = [];
  const unscheduled = schedule
    ? pipeline.add(unscheduleBackups(context, { parentGoes: true }), { needs: [leased] })
    : undefined;
  const removed = parentAnswers
    ? pipeline.add(removeKarmada(context, members), { needs: [leased, unscheduled, ...left] })
    : undefined;
  const isNamed = apiNamesOf(context.fleet).length > 0;
  const unnamed = isNamed ? pipeline.add(unnameApi(context), { needs: [leased, ...left, removed] }) : undefined;
  if (removed !== undefined) {
    const unexposed = pipeline.add(unexposeApi(context), { needs: [removed, unnamed] });
    const storage = pipeline.add(removeStorageClass(context), { needs: [removed] });
    insideParent.push(removed, unexposed, storage);
  }
  const deleted = [
    pipeline.add(removeCluster(context, parent), { needs: insideParent }),
    ...memberClusters.map((cluster) =>
      pipeline.add(removeCluster(context, cluster), {
        needs: [leased, ...left.filter(({ scope }) => scope === cluster.scope)],
        group: cluster.region,
      }),
    ),
  ];
  pipeline.add(unmergeKubeconfig(context), { needs: deleted });
  // Nothing of this fleet is in the VPC any more once its clusters are gone.
  if (context.fleet.ownVpc !== undefined) pipeline.add(deleteVpc(context), { needs: deleted });
  for (const step of removeVolumes(context, volumes)) pipeline.add(step, { needs: deleted });
  return pipeline.steps;
}

/** A cluster that existed before the fleet stays. */
function removeCluster(context: FleetContext, cluster: FleetMemberCluster): Step {
  if (context.ownership.get(clusterKey(cluster)) === 'existing') return restoreExisting(context, cluster);
  return deleteCluster(context, cluster, { id: `undo/create-cluster/${cluster.scope}`, flag: '--confirm' });
}
