/** The Karmada API of a fleet, for commands that are about nothing else. */

import type { ApiLoadBalancer } from '../../access/load-balancer.js';
import { elsewhere, shutOut } from '../../access/own-address.js';
import { Problem } from '../../errors/problem.js';
import type { Fleet } from '../../fleet/fleet.js';
import { fleetCommand } from '../../fleet/fleet-command.js';
import type { FleetContext } from '../../steps/context.js';
import type { KubeAccess } from '../../tools/kubectl/commands.js';
import type { Session } from './session.js';
import type { OpenFleet } from './with-fleet.js';

/** Karmada and its parent alone: a member that does not respond must not delay the answer. @throws Problem `karmada-unhealthy` */
export async function karmadaOf({
  session,
  fleet,
  paths,
  caller,
  access,
}: OpenFleet): Promise<{ readonly context: FleetContext; readonly karmada: KubeAccess }> {
  const { karmada, ownership, loadBalancer } = await access({ ...fleet, members: [], former: [] });
  if (karmada === undefined) throw await shutOutOr(session, fleet, loadBalancer);
  return { context: { fleet, caller, clients: session.clients, paths, ownership }, karmada };
}

/** Why a Karmada API does not respond that has this load balancer, if any. */
export async function shutOutOr(
  { clients: { world } }: Session,
  fleet: Fleet,
  loadBalancer: ApiLoadBalancer | undefined,
): Promise<Problem> {
  const silent = silentKarmada(fleet);
  const shut = await shutOut(world, fleet, loadBalancer?.sourceRanges);
  if (shut === undefined) return silent;
  return new Problem(silent.code, { what: silent.what, why: shut.why, next: [shut.next, elsewhere] });
}

export function silentKarmada(fleet: Fleet): Problem {
  return new Problem('karmada-unhealthy', {
    what: `the Karmada API of fleet ${fleet.name} does not respond`,
    next: [`find out why: ${fleetCommand('status', fleet)}`, `or repair the fleet: ${fleetCommand('up', fleet)}`],
  });
}
