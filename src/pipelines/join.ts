/** The pipeline that brings members into a fleet that is there, on one screen; the other members are not looked at. */

import type { Step } from '../engine/step.js';
import type { Member } from '../fleet/fleet.js';
import { type ApiAccess, mergedAccess } from '../model/api-access.js';
import type { Site } from '../steps/context.js';
import { limitAccess } from '../steps/karmada/limit-access.js';
import { recordFleet } from '../steps/karmada/record-fleet.js';
import { mergeableContexts, mergeKubeconfig } from '../steps/kubeconfig/merge-kubeconfig.js';
import { makeMember } from './member-steps.js';
import { inRegionalGroups } from './regional-groups.js';

/** `site.fleet` has the new members among its own; `site.facts` need to know of nothing but these. */
export function joinSteps(site: Site, joining: readonly Member[]): readonly Step[] {
  const record = recordFleet(site, []);
  const opened = joining.some(({ mode }) => mode === 'pull') ? [openFor(site, record)] : [];
  const afterApi = [record, ...opened].map(({ id }) => id);
  const members = joining.map((member) => makeMember(site, member, afterApi));
  const contexts = mergeableContexts({ ...site, fleet: { ...site.fleet, members: joining } });
  const merged = {
    ...mergeKubeconfig(site, [record.id], contexts),
    waitsFor: members.map(({ admitted }) => admitted.id),
  };
  return inRegionalGroups(site.fleet, [
    record,
    ...opened,
    ...members.flatMap(({ all }) => all.map((step) => afterRecord(step, record))),
    merged,
  ]);
}

/** The agents of pull members reach the Karmada API before they are registered; who else may is not changed. */
function openFor(site: Site, record: Step): Step {
  return limitAccess(site, (found: ApiAccess) => mergedAccess(site.facts.access, found), [record.id]);
}

/** Nothing is made that the fleet's description does not know, or another machine could not take it away. */
function afterRecord(step: Step, record: Step): Step {
  // Where the parent is a member of itself, its own kubeconfig is there already.
  const after = step.after.filter((id) => id !== 'write-kubeconfig/parent');
  return { ...step, after: [...new Set([record.id, ...after])] };
}
