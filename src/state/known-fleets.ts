/** The fleets that this machine has a record of, and where the files of each are. */
import { type FleetFolder, type FleetPaths, type FleetRef, fleetPaths } from '../fleet/paths.js';
import { accountIn } from '../ownership/fleet-record.js';
import type { World } from '../world/world.js';

type Machine = Pick<World, 'files' | 'environment'>;

/** In the order of their folders; of what the records hold only the account is read, undefined where it cannot be. */
export async function knownFleets({ files, environment }: Machine): Promise<readonly FleetRef[]> {
  const root = `${environment.dataDir}/fleets`;
  const top = await files.list(root);
  const regions = top.filter((folder) => accountOf(folder) === undefined);
  const accounts = top.filter((folder) => accountOf(folder) !== undefined);
  const fleets = await below(files, [...regions, ...(await below(files, accounts))]);
  const known = await Promise.all(
    fleets.map(async (path): Promise<readonly FleetRef[]> => {
      const [name = '', region = '', above = ''] = path.split('/').reverse();
      const account = accountOf(above);
      const paths = fleetPaths(environment.dataDir, { name, region, account });
      const record = await files.read(paths.record);
      return record === undefined ? [] : [{ name, region, account: account ?? accountIn(record), paths }];
    }),
  );
  return known.flat();
}

/** Also the folder that older versions had for all accounts, if its record is of this account or of none. */
export async function pathsOfFleet({ files, environment }: Machine, folder: FleetFolder): Promise<FleetPaths> {
  const paths = fleetPaths(environment.dataDir, folder);
  if ((await files.read(paths.record)) !== undefined) return paths;
  const old = fleetPaths(environment.dataDir, { ...folder, account: undefined });
  const record = await files.read(old.record);
  if (record === undefined) return paths;
  return [undefined, folder.account].includes(accountIn(record)) ? old : paths;
}

/** The other accounts in which this machine knows a fleet of this name and region. */
export async function accountsElsewhere(
  world: Machine,
  { name, region, account }: FleetFolder,
): Promise<readonly string[]> {
  const known = (await knownFleets(world)).filter((each) => each.name === name && each.region === region);
  return known.flatMap((each) => (each.account === account ? [] : (each.account ?? [])));
}

async function below(files: World['files'], folders: readonly string[]): Promise<readonly string[]> {
  return (await Promise.all(folders.map((folder) => files.list(folder)))).flat();
}

/** The account that a folder is named after. */
function accountOf(folder: string): string | undefined {
  return /(?:^|\/)(\d{12})$/.exec(folder)?.[1];
}
