/** The pipeline that gives Karmada new tokens for push members: the old ones end only when nothing uses them any more. */
import { Pipeline, type PipelineStep } from '../engine/pipeline.js';
import type { Member } from '../fleet/fleet.js';
import type { FleetContext } from '../steps/context.js';
import { endTokens } from '../steps/member/end-tokens.js';
import { issueTokens } from '../steps/member/issue-tokens.js';
import { restartForTokens } from '../steps/member/restart-for-tokens.js';
import { type Lease, takeLease } from '../steps/take-lease.js';
import { groupOf } from './groups.js';

/** A member, and the id of its rotation: that of a run that died, or a new one. */
export interface Rotation {
  readonly member: Member;
  readonly rotation: string;
}

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
  const ids = rotations.map(({ rotation }) => rotation);
  const restarted = pipeline.add(restartForTokens(context, ids), { needs: [leased], after: issued });
  for (const [index, { member, rotation }] of rotations.entries()) {
    const needs = [issued[index], restarted];
    pipeline.add(endTokens(context, member, rotation), { needs, group: groupOf(member) });
  }
  return pipeline.steps;
}
