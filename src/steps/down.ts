/** The pipeline that takes a fleet away, on one screen: the undo of each step of `up`, in the safe order. */
import { clusterKey } from '../discover/facts.js';
import type { Reach } from '../discover/reach.js';
import { clustersOf } from '../fleet/fleet.js';
import { type Step, undoing } from '../pipeline/step.js';
import { addStorageClass } from './add-storage-class.js';
import { createCluster } from './create-cluster.js';
import { exposeApi } from './expose-api.js';
import { initKarmada } from './init-karmada.js';
import { joinMember } from './join-member.js';
import { mergeKubeconfig } from './merge-kubeconfig.js';
import { prepareExisting } from './prepare-existing.js';
import { registerMember } from './register-member.js';
import type { Site } from './site.js';

/** What cannot be reached has nothing in it, or goes with its cluster: it has no steps. */
export function downSteps(site: Site, reach: Reach): readonly Step[] {
  const { fleet } = site;
  const [parent, ...memberClusters] = clustersOf(fleet);
  if (parent === undefined) return [];

  const left = fleet.members
    .filter(({ name }) => reach.karmada !== undefined && reach.lanes.has(name))
    .map((member) => {
      const step = member.mode === 'push' ? joinMember(site, member, []) : registerMember(site, member, []);
      return undoing(step, `take ${member.name} out of Karmada`, []);
    });
  const removed = undoing(initKarmada(site, []), 'remove Karmada and its volumes', ids(left));
  const hidden = undoing(exposeApi(site, []), 'remove the load balancer', [removed.id]);
  const storage = undoing(addStorageClass(site, []), 'remove the StorageClass', [removed.id]);
  const insideParent = reach.lanes.has('parent') ? [removed, hidden, storage] : [];

  const deleted = [parent, ...memberClusters].map((cluster) => {
    const after = cluster.lane === 'parent' ? ids(insideParent) : ids(left.filter(({ lane }) => lane === cluster.lane));
    return site.facts.ownership.get(clusterKey(cluster)) === 'existing'
      ? undoing(prepareExisting(site, cluster), `leave ${cluster.cluster} as it was`, after)
      : undoing(createCluster(site, cluster), `delete EKS cluster ${cluster.cluster} in ${cluster.region}`, after);
  });
  const contexts = undoing(mergeKubeconfig(site, []), 'take the contexts out of the kubeconfig', ids(deleted));

  return [...left, ...insideParent, ...deleted, contexts];
}

function ids(steps: readonly Step[]): readonly string[] {
  return steps.map(({ id }) => id);
}
