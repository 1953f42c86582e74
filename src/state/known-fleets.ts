/** The fleets that this machine has a record of, and where the files of one are. */
import { type FleetIdentity, type FleetPaths, fleetPaths } from '../fleet/paths.js';
import { accountIn } from '../ownership/fleet-record.js';
import type { World } from '../world/world.js';

type Machine = Pick<World, 'files' | 'environment'>;

/** A fleet of this machine; the account is undefined where its record cannot be read. */
export interface KnownFleet extends FleetIdentity {
  readonly paths: FleetPaths;
}

/** In the order of their folders; of what the records hold only the account is read. */
export async function knownFleets({ files, environment }: Machine): Promise<readonly KnownFleet[]> {
  const root = `${environment.dataDir}/fleets`;
  const top = await files.list(root);
  const regions = top.filter((folder) => accountOf(folder) === undefined);
  const accounts = top.filter((folder) => accountOf(folder) !== undefined);
  const fleets = await below(files, [...regions, ...(await below(files, accounts))]);
  const known = await Promise.all(
    fleets.map(async (path): Promise<readonly KnownFleet[]> => {
      const [fleet = '', region = '', above = ''] = path.split('/').reverse();
      const account = accountOf(above);
      const paths = fleetPaths(environment.dataDir, { fleet, region, account });
      const record = await files.read(paths.record);
      return record === undefined ? [] : [{ fleet, region, account: account ?? accountIn(record), paths }];
    }),
  );
  return known.flat();
}

/**
 * Where the files of a fleet of this account are: in the folder that older versions had for all accounts when its record is of this
 * account, or of nobody knows whom.
 */
export async function pathsOfFleet({ files, environment }: Machine, identity: FleetIdentity): Promise<FleetPaths> {
  const paths = fleetPaths(environment.dataDir, identity);
  if ((await files.read(paths.record)) !== undefined) return paths;
  const old = fleetPaths(environment.dataDir, { ...identity, account: undefined });
  const record = await files.read(old.record);
  if (record === undefined) return paths;
  return [undefined, identity.account].includes(accountIn(record)) ? old : paths;
}

/** The other accounts in which this machine knows a fleet of this name and region. */
export async function accountsElsewhere(
  world: Machine,
  { fleet, region, account }: FleetIdentity,
): Promise<readonly string[]> {
  const known = (await knownFleets(world)).filter((each) => each.fleet === fleet && each.region === region);
  return known.flatMap((each) => (each.account === account ? [] : (each.account ?? [])));
}

async function below(files: World['files'], folders: readonly string[]): Promise<readonly string[]> {
  return (await Promise.all(folders.map((folder) => files.list(folder)))).flat();
}

/** The account that a folder is named after. */
function accountOf(folder: string): string | undefined {
  return /(?:^|\/)(\d{12})$/.exec(folder)?.[1];
}
