/** Takes the fleet's lease as soon as there is a parent to hold it: the step that a first `up` has for it. */

import type { PipelineStep } from '../engine/pipeline.js';
import { leaseName } from '../lease/fleet-lease.js';
import type { LeaseHolder } from '../lease/hold-lease.js';
import { seconds } from '../steps/context.js';
import type { KubeAccess } from '../tools/kubectl/commands.js';

const parentReached = 'write-kubeconfig/parent';

/** Whether a pipeline is one that reaches the parent on its way. */
export function reachesParent(steps: readonly PipelineStep[]): boolean {
  return steps.some(({ id }) => id === parentReached);
}

/** The steps with one more, which stands before all that needs the parent; as they are when none reaches the parent. */
export function addLease(
  steps: readonly PipelineStep[],
  hold: LeaseHolder,
  access: KubeAccess,
): readonly PipelineStep[] {
  const held: PipelineStep = {
    id: 'hold-fleet',
    title: 'keep other machines from changing the fleet',
    scope: 'parent',
    needs: [parentReached],
    after: [],
    expectedMs: seconds(2),
    preview: () => ({ changes: [`${leaseName}, until this run ends`], commands: [] }),
    check: async () => ({ state: hold.isHeld ? 'ready' : 'absent' }),
    apply: async (context) => await hold.take(access, context),
  };
  return steps.flatMap((step) => {
    if (step.id === parentReached) return [step, held];
    return step.needs.includes(parentReached) ? [{ ...step, needs: [...step.needs, held.id] }] : [step];
  });
}
