/** What is known of a fleet before a run, from this machine, its parent, or tags alone; and where its files are. */

import { Problem } from '../../errors/problem.js';
import type { FleetRef } from '../../fleet/paths.js';
import { resolveFleet } from '../../fleet/resolve.js';
import type { FleetRequest } from '../../fleet/schema.js';
import { agreeAsBefore, type FleetRecord, readRecord, writeRecord } from '../../ownership/fleet-record.js';
import { type Addition, addedElsewhere } from '../../state/changed-elsewhere.js';
import { requestFromTags } from '../../state/find-fleet.js';
import { knownFleets, pathsOfFleet } from '../../state/known-fleets.js';
import { type LatestRequest, latestRequest, recordOfWanted } from '../../state/latest-request.js';
import { callOf, type Session } from './session.js';

/** A fleet with its newest description, as far as there is one. */
export interface KnownFleet extends FleetRef, Partial<LatestRequest> {
  /** Without a description: what the tags in AWS show. */
  readonly traced?: FleetRequest | undefined;
}

/**
 * Finds the fleet, and updates this machine's record, if it has one, to the parent's description. Missing AWS
 * permissions are reported later, during preflight.
 * @throws Problem `record-malformed`, `another-fleet`, `interrupted`
 */
export async function knownOf(session: Session, ref: FleetRef): Promise<KnownFleet> {
  const { clients } = session;
  const { paths } = ref;
  const caller = await tryToRead(() => clients.whoCalls(ref.region));
  if (caller === undefined) {
    const record = await readRecord(clients.world.files, paths);
    if (record !== undefined) agreeAsBefore(clients, record);
    return { ...ref, ...(record && fromRecord(record)) };
  }
  const wanted = { ...ref, account: caller.account };
  const record = await tryToRead(() => recordOfWanted(clients, wanted));
  const newest = await tryToRead(() => latestRequest(clients, wanted, callOf(session)));
  // What gives somebody more is this machine's only once it was agreed to.
  if (record !== undefined && newest !== undefined && givesMore(newest).length === 0) {
    await writeRecord(clients, paths, resolveFleet(newest.request), caller.account);
  }
  if (newest !== undefined) return { ...wanted, ...newest };
  if (record !== undefined) return { ...wanted, ...fromRecord(record) };
  return { ...wanted, traced: await tryToRead(() => requestFromTags(clients, wanted)) };
}

function fromRecord({ request, agreed }: FleetRecord): Partial<LatestRequest> {
  return { request, elsewhere: agreed && { recorded: agreed, authors: {} } };
}

/** What the description gives that this machine's record does not. */
function givesMore({ request, elsewhere }: LatestRequest): readonly Addition[] {
  return elsewhere === undefined ? [] : addedElsewhere(resolveFleet(elsewhere.recorded), resolveFleet(request));
}

/**
 * The fleet of this name in the account of the caller. If AWS does not identify the caller, the only account in which
 * this machine knows the fleet is used.
 * @throws what asking AWS who calls raises
 */
export async function refOf({ clients }: Session, asked: Pick<FleetRef, 'name' | 'region' | 'id'>): Promise<FleetRef> {
  const { name, region } = asked;
  const { world } = clients;
  try {
    const { account } = await clients.whoCalls(region);
    return { ...asked, account, paths: await pathsOfFleet(world, { name, region, account }) };
  } catch (thrown) {
    if (!(thrown instanceof Problem) || thrown.code === 'interrupted') throw thrown;
    const known = (await knownFleets(world)).filter((each) => each.name === name && each.region === region);
    const [only, ...others] = known;
    if (only === undefined || others.length > 0) throw thrown;
    return { ...asked, account: only.account, paths: only.paths };
  }
}

/** If this machine knows the fleet in one region only, the region can be omitted. */
export async function knownRegion({ clients }: Session, name: string): Promise<string | undefined> {
  const known = (await knownFleets(clients.world)).filter((each) => each.name === name);
  const [first] = known;
  if (first === undefined) return undefined;
  const caller = await tryToRead(() => clients.whoCalls(first.region));
  const own = known.filter(({ account }) => account === caller?.account);
  const regions = new Set((own.length > 0 ? own : known).map(({ region }) => region));
  return regions.size === 1 ? [...regions][0] : undefined;
}

/** Failures that neither another source nor a later check can compensate. */
const lasting: readonly string[] = ['interrupted', 'record-malformed', 'another-fleet'];

/** Undefined where it cannot be found out now. */
export async function tryToRead<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (thrown) {
    if (!(thrown instanceof Problem) || lasting.includes(thrown.code)) throw thrown;
    return undefined;
  }
}
