/** The pipelines that grant a person access to Karmada, and revoke it. */
import type { Grant } from '../access/grants.js';
import { independent, Pipeline, type PipelineStep } from '../engine/pipeline.js';
import { forgetEnded, grantAccess, type Issued, type WantedAccess } from '../steps/access/grant-access.js';
import { revokeAccess } from '../steps/access/revoke-access.js';
import type { FleetContext } from '../steps/context.js';

/** `hand` gets the certificate and its key once they may do something. */
export function grantSteps(
  context: FleetContext,
  wanted: WantedAccess,
  hand: (issued: Issued) => void,
): readonly PipelineStep[] {
  const pipeline = new Pipeline();
  const granted = pipeline.add(grantAccess(context, wanted, hand));
  pipeline.add(forgetEnded(context), { needs: [granted] });
  return pipeline.steps;
}

export function revokeSteps(context: FleetContext, grants: readonly Grant[]): readonly PipelineStep[] {
  return independent(grants.map((grant) => revokeAccess(context, grant)));
}
