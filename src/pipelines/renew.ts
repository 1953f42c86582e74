/** The pipeline that renews Karmada's certificates, on one screen. */

import { Pipeline, type PipelineStep } from '../engine/pipeline.js';
import type { Member } from '../fleet/fleet.js';
import { renewAgent } from '../steps/certificates/renew-agent.js';
import { type Renewal, renewCertificates } from '../steps/certificates/renew-certificates.js';
import type { FleetContext } from '../steps/context.js';
import { mergeKubeconfig } from '../steps/kubeconfig/merge-kubeconfig.js';
import { publishApi } from '../steps/load-balancer/publish-api.js';
import { type Lease, takeLease } from '../steps/take-lease.js';
import { groupOf } from './groups.js';

/** `agents`: the pull members that can be reached. `contexts`: those of the user's kubeconfig that hold a copy. */
export function renewSteps(
  context: FleetContext,
  lease: Lease,
  renewal: Renewal,
  { agents, contexts }: { readonly agents: readonly Member[]; readonly contexts: readonly string[] },
): readonly PipelineStep[] {
  const pipeline = new Pipeline();
  const leased = pipeline.add(takeLease(context, lease));
  const renewed = pipeline.add(renewCertificates(context, renewal), { needs: [leased] });
  const api = pipeline.add(publishApi(context), { needs: [renewed] });
  for (const member of agents) pipeline.add(renewAgent(context, member), { needs: [api], group: groupOf(member) });
  if (contexts.length > 0) pipeline.add(mergeKubeconfig(context, { contexts, switchContext: false }), { needs: [api] });
  return pipeline.steps;
}
