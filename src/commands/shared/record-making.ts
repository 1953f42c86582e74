/** Records what a run is going to create, before it creates anything. */

import type { Fleet } from '../../fleet/fleet.js';
import type { FleetPaths } from '../../fleet/paths.js';
import type { Ownership } from '../../model/facts.js';
import { rememberMaking } from '../../ownership/cluster-lifetimes.js';
import { readRememberedClusters, writeRecord } from '../../ownership/fleet-record.js';
import type { Session } from './session.js';

interface Making {
  readonly fleet: Fleet;
  readonly paths: FleetPaths;
  readonly account: string;
  readonly ownership: ReadonlyMap<string, Ownership>;
  /** What was agreed to, where the run did not ask about all of the fleet. */
  readonly agreed?: Fleet | undefined;
}

/** The fleet's configuration and its own clusters, by which `down` identifies what remains of the fleet. */
export async function recordMaking(
  { clients }: Session,
  { fleet, paths, account, ownership, agreed }: Making,
): Promise<void> {
  const { files, clock } = clients.world;
  const memory = rememberMaking(await readRememberedClusters(files, paths, fleet), fleet, ownership, clock.now());
  await writeRecord(clients, paths, fleet, account, { memory, agreed });
  await files.remove(paths.reservedId);
}
