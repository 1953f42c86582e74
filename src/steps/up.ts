/** The pipeline that makes a fleet, on one screen. Each step starts as soon as those it comes after are ready. */
import { clusterKey } from '../discover/facts.js';
import { clustersOf, type Member } from '../fleet/fleet.js';
import type { Step } from '../pipeline/step.js';
import { addStorageClass } from './add-storage-class.js';
import type { FleetMemberCluster } from './cluster-config.js';
import { createCluster } from './create-cluster.js';
import { exposeApi } from './expose-api.js';
import { initKarmada } from './init-karmada.js';
import { joinMember } from './join-member.js';
import { mergeKubeconfig } from './merge-kubeconfig.js';
import { prepareExisting } from './prepare-existing.js';
import { publishApi } from './publish-api.js';
import { recordFleet } from './record-fleet.js';
import { registerMember } from './register-member.js';
import type { Site } from './site.js';
import { writeKubeconfig } from './write-kubeconfig.js';

export function upSteps(site: Site): readonly Step[] {
  const lanes = clustersOf(site.fleet).map((cluster) => clusterSteps(site, cluster));
  const [parent, ...members] = lanes;
  if (parent === undefined) return [];

  const record = recordFleet(site, [parent.kubeconfig.id]);
  const storage = addStorageClass(site, [parent.kubeconfig.id]);
  const exposed = exposeApi(site, [record.id]);
  const karmada = initKarmada(site, [storage.id, exposed.id]);
  const api = publishApi(site, [karmada.id]);
  const admitted = site.fleet.members.map((member, index) =>
    admitMember(site, member, [api.id, ...(members[index] === undefined ? [] : [members[index].kubeconfig.id])]),
  );
  const merged = mergeKubeconfig(site, [api.id, ...admitted.map(({ id }) => id)]);

  return [
    ...lanes.flatMap(({ cluster, kubeconfig }) => [cluster, kubeconfig]),
    record,
    storage,
    exposed,
    karmada,
    api,
    ...admitted,
    merged,
  ];
}

/** What each lane begins with: the cluster, new or existing, and the way to reach it. */
function clusterSteps(site: Site, wanted: FleetMemberCluster): { readonly cluster: Step; readonly kubeconfig: Step } {
  const exists = site.facts.ownership.get(clusterKey(wanted)) === 'existing';
  const cluster = exists ? prepareExisting(site, wanted) : createCluster(site, wanted);
  return { cluster, kubeconfig: writeKubeconfig(site, wanted, [cluster.id]) };
}

function admitMember(site: Site, member: Member, after: readonly string[]): Step {
  return member.mode === 'push' ? joinMember(site, member, after) : registerMember(site, member, after);
}
