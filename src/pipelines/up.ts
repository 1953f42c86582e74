/** The pipeline that creates a fleet, on one screen. */

import { Pipeline, type PipelineStep } from '../engine/pipeline.js';
import { clustersOf, isParent } from '../fleet/fleet.js';
import type { CreateContext } from '../steps/context.js';
import { addStorageClass } from '../steps/karmada/add-storage-class.js';
import { exposeApi } from '../steps/karmada/expose-api.js';
import { initKarmada } from '../steps/karmada/init-karmada.js';
import { publishApi } from '../steps/karmada/publish-api.js';
import { recordFleet } from '../steps/karmada/record-fleet.js';
import { mergeKubeconfig } from '../steps/kubeconfig/merge-kubeconfig.js';
import { type Lease, takeLease } from '../steps/take-lease.js';
import { groupOf } from './groups.js';
import { addCluster, addKubeconfig, joinStep } from './member-steps.js';

export function upSteps(site: CreateContext, lease: Lease): readonly PipelineStep[] {
  const { fleet, switchContext = false } = site;
  const pipeline = new Pipeline();
  const [parentCluster] = clustersOf(fleet);
  if (parentCluster === undefined) return [];

  const parent = addCluster(pipeline, site, parentCluster);
  const leased = pipeline.add(takeLease(site, lease), { needs: [parent.kubeconfig] });
  const clusters = fleet.members.map((member) => ({
    member,
    kubeconfig: addKubeconfig(pipeline, site, member, isParent(fleet, member) ? [leased] : []),
  }));
  const recorded = pipeline.add(recordFleet(site), { needs: [leased] });
  const storage = pipeline.add(addStorageClass(site), { needs: [leased] });
  const exposed = pipeline.add(exposeApi(site), { needs: [recorded] });
  const karmada = pipeline.add(initKarmada(site), { needs: [parent.complete, storage, exposed] });
  const api = pipeline.add(publishApi(site), { needs: [karmada] });
  const joined = clusters.map(({ member, kubeconfig }) =>
    pipeline.add(joinStep(site, member), { needs: [api, kubeconfig], group: groupOf(member) }),
  );
  // Contexts of members that work are useful when others failed.
  pipeline.add(mergeKubeconfig(site, { switchContext }), { needs: [api], after: joined });
  return pipeline.steps;
}
