/** Maintains the list of the fleet's regions on its parent, for machines that know only its tags. */
import type { Cluster } from '../../aws/eks.js';
import { clustersOf, withFormer } from '../../fleet/fleet.js';
import { fleetTag } from '../../fleet/names.js';
import { regionsTag } from '../../state/find-fleet.js';
import { placeKey } from '../../world/place.js';
import type { FleetContext } from '../context.js';

/**
 * The regions of all clusters that are, or were, the fleet's; as the tag lists them: those of other accounts, in which it makes clusters, as
 * `account/region`. No machine enters an account by a tag, but it can tell that something is there.
 */
export function regionsOf({ fleet }: Pick<FleetContext, 'fleet'>): readonly string[] {
  const { members } = withFormer(fleet);
  const standing = new Set(members.flatMap((each) => (each.kind === 'eks' && each.existing ? [each.name] : [])));
  const made = clustersOf(withFormer(fleet)).filter(
    ({ scope, account }) => account === undefined || !standing.has(scope),
  );
  return [...new Set(made.map(placeKey))];
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
