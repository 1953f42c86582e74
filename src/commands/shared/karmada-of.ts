/** The Karmada API of a fleet, for commands that are about nothing else. */

import { Problem } from '../../errors/problem.js';
import type { Fleet } from '../../fleet/fleet.js';
import { fleetCommand } from '../../fleet/fleet-command.js';
import type { FleetContext } from '../../steps/context.js';
import type { KubeAccess } from '../../tools/kubectl/commands.js';
import type { OpenFleet } from './with-fleet.js';

/** Karmada and its parent alone: a member that does not respond must not delay the answer. @throws Problem `karmada-unhealthy` */
export async function karmadaOf({
  session,
  fleet,
  paths,
  caller,
  access,
}: OpenFleet): Promise<{ readonly context: FleetContext; readonly karmada: KubeAccess }> {
  const { karmada, ownership } = await access({ ...fleet, members: [], former: [] });
  if (karmada === undefined) throw silentKarmada(fleet);
  return { context: { fleet, caller, clients: session.clients, paths, ownership }, karmada };
}

export function silentKarmada(fleet: Fleet): Problem {
  return new Problem('karmada-unhealthy', {
    what: `the Karmada API of fleet ${fleet.name} does not respond`,
    next: [`find out why: ${fleetCommand('status', fleet)}`, `or repair the fleet: ${fleetCommand('up', fleet)}`],
  });
}
