/** What is known of a fleet: this machine's record or the description in the parent, whichever is newer. */

import { accessCluster } from '../access/cluster-access.js';
import type { Cluster } from '../aws/eks.js';
import type { Clients } from '../clients/clients.js';
import { Problem } from '../errors/problem.js';
import {
  type FleetPlace,
  fleetTag,
  isIdIn,
  isIdOfAccount,
  karmadaNamespace,
  nameTag,
  oldFleetIdOf,
  parentNameOf,
} from '../fleet/names.js';
import type { FleetRef } from '../fleet/paths.js';
import { resolveFleet } from '../fleet/resolve.js';
import { type FleetRequest, storedRequestSchema } from '../fleet/schema.js';
import { agreeAsBefore, type FleetRecord, readRecord, refuseOtherAccount } from '../ownership/fleet-record.js';
import type { Call } from '../tools/run.js';
import { ownRegion } from '../world/place.js';
import { anotherFleet } from './another-fleet.js';
import type { Authors } from './authors.js';
import { type FleetConfigMap, fleetConfigMap, readFleetConfigMap } from './fleet-configmap.js';

/** A fleet in the account of the credentials in use. */
type OwnFleet = FleetRef & FleetPlace;

export interface LatestRequest {
  readonly request: FleetRequest;
  /** Who described the fleet, where this machine has no record of it; undefined: it has one. */
  readonly foreignAuthors: Authors | undefined;
  /** What this machine agreed to, and who described the fleet otherwise since; undefined: nobody did. */
  readonly elsewhere: LatestElsewhere | undefined;
}

/** A description that is newer than what this machine agreed to; nobody is named where the parent cannot be read. */
export interface LatestElsewhere {
  readonly recorded: FleetRequest;
  readonly authors: Authors;
}

/**
 * The newest description that is known; undefined when nobody knows any. A parent that does not respond is no reason to
 * refuse where this machine has a record.
 * @throws Problem `wrong-account`, `record-malformed`, `cluster-unreachable`, `another-fleet`
 */
export async function latestRequest(
  clients: Clients,
  wanted: OwnFleet,
  call: Call,
): Promise<LatestRequest | undefined> {
  const record = await recordOfWanted(clients, wanted);
  const id = wanted.id ?? (record && resolveFleet(record.request).id);
  const described = await description(clients, { ...wanted, id }, call).catch((thrown: unknown) => {
    const passes = record !== undefined && thrown instanceof Problem && !lasting.includes(thrown.code);
    if (passes) return undefined;
    throw thrown;
  });
  // Of two with one number the parent's was carried out: the other belongs to a run that somebody else overtook.
  const holds = (described?.request.revision ?? 0) >= (record?.request.revision ?? 0);
  const foreignAuthors = record === undefined ? described?.authors : undefined;
  const request = described !== undefined && holds ? described.request : record?.request;
  const isNewer = record !== undefined && described !== undefined && request === described.request;
  const recorded = record?.agreed ?? (isNewer ? record.request : undefined);
  const elsewhere = recorded && { recorded, authors: described?.authors ?? {} };
  return request && { request, foreignAuthors, elsewhere };
}

/** What no other source of knowledge makes up for. */
const lasting: readonly string[] = ['interrupted', 'another-fleet'];

/** This machine's record, unless the user named another fleet. @throws Problem `wrong-account`, `record-malformed` */
export async function recordOfWanted(
  clients: Clients,
  { id, account, name, paths }: OwnFleet,
): Promise<FleetRecord | undefined> {
  const record = await readRecord(clients.world.files, paths);
  if (record === undefined || (id !== undefined && resolveFleet(record.request).id !== id)) return undefined;
  refuseOtherAccount(record, account, name);
  agreeAsBefore(clients, record);
  return record;
}

/** @throws Problem `another-fleet` when the parent is that of a fleet with the name, but with another id than is wanted */
async function description(
  clients: Clients,
  wanted: OwnFleet,
  call: Call,
): Promise<{ readonly request: FleetRequest; readonly authors: Authors } | undefined> {
  const parent = { cluster: parentNameOf(wanted.name), ...ownRegion(wanted.region) };
  const found = await clients.eks(parent).cluster(parent.cluster);
  refuseOther(wanted, ownerByTags(wanted, found), `tag ${fleetTag} of EKS cluster ${parent.cluster}`);
  const access = await accessCluster(
    clients,
    wanted.paths,
    { context: parent.cluster, ...ownRegion(parent.region) },
    found,
  );
  const mark = access && (await readFleetConfigMap(clients, access, call));
  const request = mark && trusted(mark, wanted, found);
  const where = `ConfigMap ${karmadaNamespace}/${fleetConfigMap.name} in ${parent.cluster}`;
  if (request !== undefined) refuseOther(wanted, resolveFleet(request).id, where);
  return mark && request && { request, authors: mark.authors };
}

/** The id of the fleet of this name that made the cluster. */
function ownerByTags({ name, region }: OwnFleet, found: Cluster | undefined): string | undefined {
  const { [nameTag]: owner, [fleetTag]: id } = found?.tags ?? {};
  return owner === name || id === oldFleetIdOf(name, region) ? id : undefined;
}

function refuseOther(wanted: OwnFleet, id: string | undefined, where: string): void {
  if (wanted.id !== undefined && id !== undefined && id !== wanted.id) throw anotherFleet(wanted, id, where);
}

/**
 * The trustworthy part of the ConfigMap's description: a user with write access must not be able to set another fleet's
 * id, because the id decides what is deleted. One that cannot be read is ignored: the tags provide the rest.
 */
function trusted(mark: FleetConfigMap, wanted: OwnFleet, found: Cluster | undefined): FleetRequest | undefined {
  const request = parsed(mark.description);
  if (request?.fleet !== wanted.name || request.region !== wanted.region) return undefined;
  const { id } = resolveFleet(request);
  const tag = found?.tags?.[fleetTag];
  const agrees = mark.fleetId === id && (tag === undefined || tag === id);
  // The id of a fleet that was recovered into another region names the former one: then only AWS's tag is trusted.
  const isMoved = tag === id && isIdOfAccount(id, wanted.account);
  return agrees && (isMoved || isIdIn(id, wanted.name, wanted)) ? request : undefined;
}

/** Undefined also where names clash in it. */
function parsed(text = ''): FleetRequest | undefined {
  try {
    const request = storedRequestSchema.parse(JSON.parse(text));
    resolveFleet(request);
    return request;
  } catch {
    return undefined;
  }
}
