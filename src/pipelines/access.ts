/** The pipelines that grant a person access to Karmada, and revoke it. */
import type { Grant } from '../access/grants/grants.js';
import { independent, Pipeline, type PipelineStep } from '../engine/pipeline.js';
import type { Step } from '../engine/step.js';
import { addRoles } from '../steps/access/add-roles.js';
import { forgetEnded } from '../steps/access/grant-access.js';
import { revokeAccess } from '../steps/access/revoke-access.js';
import type { FleetContext } from '../steps/context.js';

/** `granting` is `grantAccess` for one person. */
export function grantSteps(context: FleetContext, granting: Step): readonly PipelineStep[] {
  const pipeline = new Pipeline();
  const roles = pipeline.add(addRoles(context));
  const granted = pipeline.add(granting, { needs: [roles] });
  pipeline.add(forgetEnded(context), { needs: [granted] });
  return pipeline.steps;
}

export function revokeSteps(context: FleetContext, grants: readonly Grant[]): readonly PipelineStep[] {
  return independent(grants.map((grant) => revokeAccess(context, grant)));
}
