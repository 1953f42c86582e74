/** The pipeline that removes members from a fleet that is kept, on one screen. */

import { Pipeline, type PipelineStep } from '../engine/pipeline.js';
import type { Fleet, FleetMemberCluster } from '../fleet/fleet.js';
import type { UsersVolume } from '../leftovers/users-volumes.js';
import { withoutMembers } from '../model/api-access.js';
import { deleteCluster } from '../steps/cluster/delete-cluster.js';
import type { FleetContext } from '../steps/context.js';
import { recordFleet } from '../steps/karmada/record-fleet.js';
import { dropContexts } from '../steps/kubeconfig/merge-kubeconfig.js';
import { removeVolumes } from '../steps/leftovers/remove-volumes.js';
import { limitAccess } from '../steps/load-balancer/limit-access.js';
import { leaveMember } from '../steps/member/leave-member.js';
import type { PlannedRemoval } from '../steps/member/removal.js';
import { type Lease, takeLease } from '../steps/take-lease.js';
import { groupOf } from './groups.js';

/** One member that leaves a fleet that is kept. */
export interface Unjoining extends PlannedRemoval {
  /** Its cluster, if that is the fleet's own and is deleted too. */
  readonly deletes: FleetMemberCluster | undefined;
}

/** `afterwards`: the fleet without those that leave. `volumes`: users' data that is deleted with the clusters. */
export function unjoinSteps(
  context: FleetContext,
  lease: Lease,
  departures: readonly Unjoining[],
  afterwards: Fleet,
  volumes: readonly UsersVolume[],
): readonly PipelineStep[] {
  const pipeline = new Pipeline();
  const later = { ...context, fleet: afterwards };
  const names = departures.map(({ member }) => member.name);
  // A member that is known by a context of the user's was not merged.
  const contexts = departures.flatMap(({ member }) => (member.kind === 'eks' ? [member.name] : []));
  // A push member has no access of its own that would be closed.
  const closes = departures.some(({ member }) => member.mode === 'pull');

  const leased = pipeline.add(takeLease(context, lease));
  const left = departures.map(({ member, leave }) =>
    pipeline.add(leaveMember(context, member, leave), { needs: [leased], group: groupOf(member) }),
  );
  const closed = pipeline.add(
    limitAccess(context, (found) => withoutMembers(found, names), closes),
    { needs: left },
  );
  const deleted = departures.flatMap(({ member, deletes }) => {
    if (deletes === undefined) return [];
    const step = deleteCluster(context, deletes, { id: `delete-cluster/${deletes.scope}`, flag: '--delete-cluster' });
    return [pipeline.add(step, { needs: [closed], group: groupOf(member) })];
  });
  const needs = [closed, ...deleted];
  const data = removeVolumes(context, volumes).map((step) => pipeline.add(step, { needs }));
  const dropped = contexts.length === 0 ? undefined : pipeline.add(dropContexts(later, contexts), { needs });
  // Last of all: until then any machine can find the members, and resume.
  pipeline.add(recordFleet(later, names), { needs: [...needs, ...data, dropped] });
  return pipeline.steps;
}
