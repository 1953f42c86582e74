/** The pipeline that takes members out of a fleet that stays, on one screen. */

import type { Step } from '../engine/step.js';
import type { Fleet, FleetMemberCluster } from '../fleet/fleet.js';
import type { UsersVolume } from '../leftovers/users-volumes.js';
import { withoutMembers } from '../model/api-access.js';
import { deleteCluster } from '../steps/cluster/delete-cluster.js';
import type { Site } from '../steps/context.js';
import { limitAccess } from '../steps/karmada/limit-access.js';
import { recordFleet } from '../steps/karmada/record-fleet.js';
import { dropContexts } from '../steps/kubeconfig/merge-kubeconfig.js';
import { removeVolumes } from '../steps/leftovers/remove-volumes.js';
import { leaveMember } from '../steps/member/leave-member.js';
import type { PlannedRemoval } from '../steps/member/removal.js';
import { inRegionalGroups } from './regional-groups.js';

/** One member that leaves a fleet that stays. */
export interface Unjoining extends PlannedRemoval {
  /** Its cluster, when that is the fleet's own and goes too. */
  readonly deletes: FleetMemberCluster | undefined;
}

/** What the fleet's description says on the way. */
export interface Descriptions {
  /** With those that leave among the former members: a run that dies is gone on with from there. */
  readonly meanwhile: Fleet;
  /** When all is done. */
  readonly afterwards: Fleet;
}

/**
 * The description in the parent is changed last of all: until then the members can be found, by whatever machine.
 * `volumes`: users' data that goes with the clusters.
 */
export function unjoinSteps(
  site: Site,
  departures: readonly Unjoining[],
  { meanwhile, afterwards }: Descriptions,
  volumes: readonly UsersVolume[],
): readonly Step[] {
  const left = departures.map(({ member, leave }) => leaveMember(site, member, leave));
  const closed = closing(site, departures, left);
  const deleted = departures.flatMap(({ deletes }) => (deletes === undefined ? [] : [deleting(site, deletes, closed)]));
  const names = departures.map(({ member }) => member.name);
  const later = { ...site, fleet: afterwards };
  const contexts = dropping(later, departures, ids([closed, ...deleted]));
  const data = removeVolumes(site, volumes, ids([closed, ...deleted]));
  const noted = forgetting(later, names, ids([closed, ...deleted, ...data, ...contexts]));
  return inRegionalGroups(meanwhile, [...left, closed, ...deleted, ...data, ...contexts, noted]);
}

/** A push member has no access of its own that would go. */
function closing(site: Site, departures: readonly Unjoining[], left: readonly Step[]): Step {
  const names = departures.map(({ member }) => member.name);
  const step = limitAccess(site, (found) => withoutMembers(found, names), ids(left));
  const pulls = departures.some(({ member }) => member.mode === 'pull');
  return pulls ? step : { ...step, preview: () => ({ changes: [], commands: [] }) };
}

/** A member that is known by a context of the user's was not merged. */
function dropping(site: Site, departures: readonly Unjoining[], after: readonly string[]): readonly Step[] {
  const names = departures.flatMap(({ member }) => (member.kind === 'eks' ? [member.name] : []));
  return names.length === 0 ? [] : [dropContexts(site, names, after)];
}

function forgetting(site: Site, names: readonly string[], after: readonly string[]): Step {
  const step = recordFleet(site, after);
  return {
    ...step,
    title: 'take them out of the fleet’s description',
    preview: () => ({ ...step.preview(), changes: [`${names.join(', ')} in the fleet’s description`] }),
  };
}

function deleting(site: Site, cluster: FleetMemberCluster, closed: Step): Step {
  return {
    ...deleteCluster(site, cluster, '--delete-cluster'),
    id: `delete-cluster/${cluster.scope}`,
    title: `delete EKS cluster ${cluster.cluster} in ${cluster.region}`,
    scope: cluster.scope,
    after: [closed.id],
  };
}

function ids(steps: readonly Step[]): readonly string[] {
  return steps.map(({ id }) => id);
}
