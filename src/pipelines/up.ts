/** The pipeline that makes a fleet, on one screen. Each step starts as soon as those it comes after are ready. */

import type { Step } from '../engine/step.js';
import { clustersOf } from '../fleet/fleet.js';
import type { Site } from '../steps/context.js';
import { addStorageClass } from '../steps/karmada/add-storage-class.js';
import { exposeApi } from '../steps/karmada/expose-api.js';
import { initKarmada } from '../steps/karmada/init-karmada.js';
import { publishApi } from '../steps/karmada/publish-api.js';
import { recordFleet } from '../steps/karmada/record-fleet.js';
import { mergeKubeconfig } from '../steps/kubeconfig/merge-kubeconfig.js';
import { makeCluster, makeMember } from './member-steps.js';
import { inRegionalGroups } from './regional-groups.js';

export function upSteps(site: Site): readonly Step[] {
  const [parent] = clustersOf(site.fleet);
  if (parent === undefined) return [];

  const reached = makeCluster(site, parent);
  const kubeconfig = reached.slice(-1).map(({ id }) => id);
  const record = recordFleet(site, kubeconfig);
  const storage = addStorageClass(site, kubeconfig);
  const exposed = exposeApi(site, [record.id]);
  const karmada = initKarmada(site, [...reached.map(({ id }) => id), storage.id, exposed.id]);
  const api = publishApi(site, [karmada.id]);
  const members = site.fleet.members.map((member) => makeMember(site, member, [api.id]));
  // The contexts of the members that work are of use when others failed.
  const merged = { ...mergeKubeconfig(site, [api.id]), waitsFor: members.map(({ admitted }) => admitted.id) };

  return inRegionalGroups(site.fleet, [
    ...reached,
    ...members.flatMap(({ all }) => all.slice(0, -1)),
    record,
    storage,
    exposed,
    karmada,
    api,
    ...members.map(({ admitted }) => admitted),
    merged,
  ]);
}
