/** The pipeline that gives Karmada new tokens for push members: the old ones end only when nothing uses them any more. */
import { Pipeline, type PipelineStep } from '../engine/pipeline.js';
import type { FleetContext } from '../steps/context.js';
import { endTokens } from '../steps/member/tokens/end-tokens.js';
import { issueTokens } from '../steps/member/tokens/issue-tokens.js';
import type { Rotation } from '../steps/member/tokens/member-tokens.js';
import { restartForTokens } from '../steps/member/tokens/restart-for-tokens.js';
import { type Lease, takeLease } from '../steps/take-lease.js';
import { groupOf } from './groups.js';

export function rotateSteps(
  context: FleetContext,
  lease: Lease,
  rotations: readonly Rotation[],
): readonly PipelineStep[] {
  const pipeline = new Pipeline();
  const leased = pipeline.add(takeLease(context, lease));
  const issued = rotations.map(({ member, rotation }) =>
    pipeline.add(issueTokens(context, member, rotation), { needs: [leased], group: groupOf(member) }),
  );
  const restarted = pipeline.add(restartForTokens(context, rotations), { needs: [leased], after: issued });
  for (const [index, { member, rotation }] of rotations.entries()) {
    const needs = [issued[index], restarted];
    pipeline.add(endTokens(context, member, rotation), { needs, group: groupOf(member) });
  }
  return pipeline.steps;
}
