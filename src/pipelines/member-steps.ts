/** The steps that bring one member into the fleet: its cluster, the way to reach it, and its place in Karmada. */

import type { Step } from '../engine/step.js';
import { clusterOf, type FleetMemberCluster, isParent, type Member } from '../fleet/fleet.js';
import { clusterKey } from '../model/facts.js';
import { awaitControlPlane } from '../steps/cluster/await-control-plane.js';
import { createCluster } from '../steps/cluster/create-cluster.js';
import { prepareExisting } from '../steps/cluster/prepare-existing.js';
import { scaleNodes } from '../steps/cluster/scale-nodes.js';
import type { Site } from '../steps/context.js';
import { copyContext } from '../steps/kubeconfig/copy-context.js';
import { writeKubeconfig } from '../steps/kubeconfig/write-kubeconfig.js';
import { joinMember } from '../steps/member/join-member.js';
import { registerMember } from '../steps/member/register-member.js';

/** The steps of one member, in order; the last one is its joining or registering. */
export interface MemberSteps {
  readonly all: readonly Step[];
  readonly admitted: Step;
}

/** `afterApi`: what has to be ready before any member can be admitted. */
export function makeMember(site: Site, member: Member, afterApi: readonly string[]): MemberSteps {
  const reached = reachMember(site, member);
  const after = [...afterApi, ...reached.slice(-1).map(({ id }) => id)];
  const admitted = admitMember(site, member, after);
  return { all: [...reached, admitted], admitted };
}

/** An EKS cluster, new or existing, and its kubeconfig, which is the last step; that of the parent is there before its nodes. */
export function makeCluster(site: Site, wanted: FleetMemberCluster): readonly Step[] {
  if (site.facts.ownership.get(clusterKey(wanted)) === 'existing') {
    const prepared = prepareExisting(site, wanted);
    return [prepared, writeKubeconfig(site, wanted, [prepared.id])];
  }
  const cluster = createCluster(site, wanted);
  const scaled = site.reconciles ? [scaleNodes(site, wanted, [cluster.id])] : [];
  // Only in the parent there is something to do that needs no nodes.
  const early = wanted.role === 'parent' ? [awaitControlPlane(site, wanted, cluster.id)] : [];
  const [reachable = cluster] = early;
  return [cluster, ...early, ...scaled, writeKubeconfig(site, wanted, [reachable.id])];
}

/** The step that admits a member. */
function admitMember(site: Site, member: Member, after: readonly string[]): Step {
  return member.mode === 'push' ? joinMember(site, member, after) : registerMember(site, member, after);
}

function reachMember(site: Site, member: Member): readonly Step[] {
  if (member.kind === 'context') return [copyContext(site, member)];
  const cluster = clusterOf(member);
  if (cluster === undefined) return [];
  // The cluster is the parent's to make.
  if (isParent(site.fleet, member)) return [writeKubeconfig(site, cluster, ['write-kubeconfig/parent'])];
  return makeCluster(site, cluster);
}
