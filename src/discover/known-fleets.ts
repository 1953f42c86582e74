/** The fleets that this machine has a record of. */
import { type FleetIdentity, fleetPaths } from '../fleet/paths.js';
import type { World } from '../world/world.js';

/** In the order of their regions and names; what the records hold is not looked at. */
export async function knownFleets({
  files,
  environment,
}: Pick<World, 'files' | 'environment'>): Promise<readonly FleetIdentity[]> {
  const regions = await files.list(`${environment.dataDir}/fleets`);
  const folders = (await Promise.all(regions.map((folder) => files.list(folder)))).flat();
  const known = await Promise.all(
    folders.map(async (folder) => {
      const [region = '', fleet = ''] = folder.split('/').slice(-2);
      const identity = { fleet, region };
      const record = await files.read(fleetPaths(environment.dataDir, identity).record);
      return record === undefined ? [] : [identity];
    }),
  );
  return known.flat();
}
