/** The pipeline that adds members to a running fleet, on one screen; the other members are not touched. */

import { Pipeline, type PipelineStep } from '../engine/pipeline.js';
import type { Member } from '../fleet/fleet.js';
import { mergedAccess } from '../model/api-access.js';
import type { CreateContext } from '../steps/context.js';
import { recordFleet } from '../steps/karmada/record-fleet.js';
import { mergeableContexts, mergeKubeconfig } from '../steps/kubeconfig/merge-kubeconfig.js';
import { limitAccess } from '../steps/load-balancer/limit-access.js';
import { type Lease, takeLease } from '../steps/take-lease.js';
import { groupOf } from './groups.js';
import { addKubeconfig, joinStep } from './member-steps.js';

/** `context.fleet` has the new members among its own; `context.facts` need to know of nothing but these. */
export function joinSteps(context: CreateContext, lease: Lease, joining: readonly Member[]): readonly PipelineStep[] {
  const pipeline = new Pipeline();
  const leased = pipeline.add(takeLease(context, lease));
  // What the fleet's description does not know, another machine could not remove.
  const recorded = pipeline.add(recordFleet(context), { needs: [leased] });
  // The agents of pull members call the Karmada API before they are registered; who else may is not changed.
  const opened = joining.some(({ mode }) => mode === 'pull')
    ? pipeline.add(
        limitAccess(context, (found) => mergedAccess(context.facts.access, found)),
        { needs: [recorded] },
      )
    : undefined;
  const joined = joining.map((member) => {
    const kubeconfig = addKubeconfig(pipeline, context, member, [recorded]);
    return pipeline.add(joinStep(context, member), { needs: [recorded, opened, kubeconfig], group: groupOf(member) });
  });
  const contexts = mergeableContexts({ fleet: { ...context.fleet, members: joining } });
  const { switchContext = false } = context;
  pipeline.add(mergeKubeconfig(context, { contexts, switchContext }), { needs: [recorded], after: joined });
  return pipeline.steps;
}
