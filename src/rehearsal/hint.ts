/** Tells who forgot `--rehearse` that the fleet is a rehearsed one. */
import type { Problem } from '../errors/problem.js';
import { defaults } from '../fleet/defaults.js';
import type { World } from '../world/world.js';

/** Where the simulated account is kept. */
export function accountPath({ dataDir }: World['environment']): string {
  return `${dataDir}/rehearsal/account.json`;
}

/** The fleet, its region or AWS itself is not there. */
const unfound: readonly string[] = ['missing-value', 'fleet-not-found', 'credentials-missing', 'network-unreachable'];

/** Undefined where it would not help. */
export async function rehearsalHint(
  { files, environment }: Pick<World, 'files' | 'environment'>,
  { code }: Problem,
  fleet: string = defaults.fleet,
): Promise<string | undefined> {
  if (!unfound.includes(code)) return undefined;
  const text = await files.read(accountPath(environment)).catch(() => undefined);
  return text?.includes(`/${fleet}/fleet.json"`) ? `fleet ${fleet} exists in the rehearsal: add --rehearse` : undefined;
}
