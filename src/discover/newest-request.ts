/** What is known of a fleet's wishes: by this machine's record and by the description in the parent, whichever is newer. */
import { Problem } from '../errors/problem.js';
import { fleetIdOf, parentNameOf } from '../fleet/names.js';
import type { FleetPaths } from '../fleet/paths.js';
import { resolveFleet } from '../fleet/resolve.js';
import { type FleetRequest, requestSchema } from '../fleet/schema.js';
import type { Call } from '../tools/run.js';
import type { Clients } from './clients.js';
import { readMark } from './fleet-mark.js';
import { readRecord, refuseOtherAccount, writeRecord } from './fleet-record.js';
import { reachParent } from './reach-parent.js';

/** Which fleet is meant. */
export interface FleetWanted {
  readonly name: string;
  readonly region: string;
  /** Of the credentials in use. */
  readonly account: string;
}

/**
 * The newest wishes that are known; undefined when nobody knows any. A parent that does not answer is no reason to refuse
 * where this machine has a record.
 * @throws Problem `wrong-account`, `record-malformed`, `cluster-unreachable`
 */
export async function newestRequest(
  clients: Clients,
  wanted: FleetWanted,
  paths: FleetPaths,
  call: Call,
): Promise<FleetRequest | undefined> {
  const record = await readRecord(clients.world.files, paths);
  refuseOtherAccount(record, wanted.account, wanted.name);
  const described = await description(clients, wanted, paths, call).catch((thrown: unknown) => {
    const passes = record !== undefined && thrown instanceof Problem && thrown.code !== 'interrupted';
    if (passes) return undefined;
    throw thrown;
  });
  // Of two with one number the parent's was carried out: the other belongs to a run that somebody else overtook.
  const holds = (described?.revision ?? 0) >= (record?.request.revision ?? 0);
  return described !== undefined && holds ? described : record?.request;
}

/** Brings this machine's record up to what the parent knows: somebody else may have changed the fleet meanwhile. */
export async function refreshRecord(
  clients: Clients,
  wanted: FleetWanted,
  paths: FleetPaths,
  call: Call,
): Promise<void> {
  const request = await newestRequest(clients, wanted, paths, call);
  if (request === undefined) return;
  await writeRecord(clients.world.files, paths, resolveFleet(request), wanted.account);
}

async function description(
  clients: Clients,
  wanted: FleetWanted,
  paths: FleetPaths,
  call: Call,
): Promise<FleetRequest | undefined> {
  const access = await reachParent(clients, { cluster: parentNameOf(wanted.name), region: wanted.region }, paths);
  if (access === undefined) return undefined;
  const mark = await readMark(clients, access, call);
  const isOurs = mark?.fleetId === fleetIdOf(wanted.name, wanted.region);
  return isOurs && mark?.description !== undefined ? described(mark.description, wanted.name) : undefined;
}

/** A description that cannot be read counts for nothing: the tags tell the rest. */
function described(text: string, name: string): FleetRequest | undefined {
  try {
    const request = requestSchema.safeParse(JSON.parse(text));
    return request.success && request.data.fleet === name ? request.data : undefined;
  } catch {
    return undefined;
  }
}
