/** The pipeline that renews Karmada's certificates, on one screen. */

import { Pipeline, type PipelineStep } from '../engine/pipeline.js';
import type { Step } from '../engine/step.js';
import type { Member } from '../fleet/fleet.js';
import { karmadaContext } from '../fleet/names.js';
import { renewAgent } from '../steps/certificates/renew-agent.js';
import { followingRenewal, type Renewal, renewCertificates } from '../steps/certificates/renew-certificates.js';
import type { FleetContext } from '../steps/context.js';
import { mergeKubeconfig } from '../steps/kubeconfig/merge-kubeconfig.js';
import { publishApi } from '../steps/load-balancer/publish-api.js';
import { type Lease, takeLease } from '../steps/take-lease.js';
import { groupOf } from './groups.js';

/** `agents`: the pull members that can be reached. `files`: the user's kubeconfigs that have a copy. */
export function renewSteps(
  context: FleetContext,
  lease: Lease,
  renewal: Renewal,
  { agents, files }: { readonly agents: readonly Member[]; readonly files: readonly string[] },
): readonly PipelineStep[] {
  const pipeline = new Pipeline();
  const leased = pipeline.add(takeLease(context, lease));
  const renewed = pipeline.add(renewCertificates(context, renewal), { needs: [leased] });
  const following = (step: Step, kubeconfig: string): Step => followingRenewal(context, renewal, step, kubeconfig);
  const own = context.paths.kubeconfig(karmadaContext);
  const api = pipeline.add(following(publishApi(context), own), { needs: [renewed] });
  for (const member of agents) pipeline.add(renewAgent(context, member), { needs: [api], group: groupOf(member) });
  if (files.length > 0) {
    const merge = mergeKubeconfig(context, { contexts: [karmadaContext], switchContext: false });
    pipeline.add(following(merge, files.join(', ')), { needs: [api] });
  }
  return pipeline.steps;
}
