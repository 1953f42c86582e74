/** Maintains the list of the fleet's regions on its parent, for machines that know only its tags. */
import type { Cluster } from '../../aws/eks.js';
import { clustersOf, withFormer } from '../../fleet/fleet.js';
import { fleetTag } from '../../fleet/names.js';
import { regionsTag } from '../../state/find-fleet.js';
import type { FleetContext } from '../context.js';

/** The regions of all clusters of its account that are, or were, the fleet's; as the tag lists them. */
export function regionsOf({ fleet }: Pick<FleetContext, 'fleet'>): readonly string[] {
  const own = clustersOf(withFormer(fleet)).filter(({ account }) => account === undefined);
  return [...new Set(own.map(({ region }) => region))];
}

/** The regions that the parent's tag lacks; none where the parent was there before the fleet, and bears no tag of it. */
export async function missingRegions(context: FleetContext): Promise<readonly string[]> {
  const parent = await parentOf(context);
  if (parent?.tags?.[fleetTag] !== context.fleet.id) return [];
  const listed = listedRegions(parent);
  return regionsOf(context).filter((region) => !listed.includes(region));
}

/** Adds what is missing; a region that was listed once stays, for something may be left there. */
export async function addRegions(context: FleetContext): Promise<void> {
  const missing = await missingRegions(context);
  const parent = await parentOf(context);
  if (missing.length === 0 || parent?.arn === undefined) return;
  const regions = [...listedRegions(parent), ...missing].join(' ');
  await context.clients.eks(context.fleet.parent).tag(parent.arn, { [regionsTag]: regions });
}

async function parentOf({ clients, fleet }: FleetContext): Promise<Cluster | undefined> {
  return await clients.eks(fleet.parent).cluster(fleet.parent.cluster);
}

function listedRegions({ tags }: Cluster): readonly string[] {
  return (tags?.[regionsTag] ?? '').split(' ').filter((region) => region !== '');
}
