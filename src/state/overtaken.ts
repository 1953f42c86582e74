/** Whether somebody else has changed a fleet since a run read its description. */
import { Problem } from '../errors/problem.js';
import type { Fleet } from '../fleet/fleet.js';
import { requestOf, resolveFleet } from '../fleet/resolve.js';
import { storedRequestSchema } from '../fleet/schema.js';

/**
 * The Problem `fleet-changed` when the description in the parent (JSON of a request) has a revision not lower than the
 * fleet's own, and different content; undefined otherwise, or if it cannot be read.
 */
export function overtaken(description: string | undefined, fleet: Fleet): Problem | undefined {
  const described = description === undefined ? undefined : fleetIn(description);
  if (described === undefined || described.revision < fleet.revision) return undefined;
  if (textOf(described) === textOf(fleet)) return undefined;
  return new Problem('fleet-changed', {
    what: `fleet ${fleet.name} was changed by somebody else while this run was starting`,
    why: `its description in ${fleet.parent.cluster} has revision ${described.revision}, which this run has not seen`,
    next: ['run the same command again; it starts from the current state'],
  });
}

/** Two descriptions are equal even if one was written by a version with fewer fields. */
function textOf(fleet: Fleet): string {
  return JSON.stringify(requestOf(fleet));
}

/** The fleet that a description (JSON of a request) is of; undefined if it cannot be read. */
export function fleetIn(description: string): Fleet | undefined {
  try {
    return resolveFleet(storedRequestSchema.parse(JSON.parse(description)));
  } catch {
    return undefined;
  }
}
