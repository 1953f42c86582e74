/** Gathers what the user said about the fleet: flag over environment over file over what the fleet was made with. */
import { dirname, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { type FleetRecord, readRecord } from '../discover/fleet-record.js';
import { refreshRecord } from '../discover/newest-request.js';
import { Problem } from '../errors/problem.js';
import { defaults } from '../fleet/defaults.js';
import type { Fleet } from '../fleet/fleet.js';
import { type FleetPaths, fleetPaths } from '../fleet/paths.js';
import { checkRequest, over } from '../fleet/request.js';
import { formerMembers, resolveFleet } from '../fleet/resolve.js';
import type { FleetRequest } from '../fleet/schema.js';
import { removeLeftKeys } from './fleet-files.js';
import { withPart } from './guide/with-part.js';
import { flagOf, rawRequest, rawSuggestion } from './options.js';
import type { Parsed } from './run-options.js';
import { callOf, type Session } from './session.js';

/** Which fleet is meant, and where its files are. */
export interface Identity {
  readonly name: string;
  readonly region: string;
  readonly paths: FleetPaths;
}

/** The fleet that is wanted, and where its files are. */
export interface Wanted {
  readonly fleet: Fleet;
  readonly paths: FleetPaths;
}

/** What was said of a fleet before anything is asked. */
export interface Said {
  /** By flag, environment and file. */
  readonly given: FleetRequest;
  /** What the surroundings suggest for what was not said. */
  readonly suggested: Pick<FleetRequest, 'region' | 'vpc'>;
  /** What was given, over what a fleet that this machine knows was made with. */
  readonly known: FleetRequest;
}

/** @throws Problem `invalid-value`, `config-unreadable`, `record-malformed` */
export async function whatWasSaid(session: Session, parsed: Parsed): Promise<Said> {
  const given = await saidRequest(session, parsed);
  const suggested = suggestion(session);
  const region = given.region ?? suggested.region ?? (await onlyRegionOf(session, given.fleet ?? defaults.fleet));
  return { given, suggested, known: region === undefined ? given : await overKnown(session, given, region) };
}

/** The fleet that the verb is about. @throws Problem `missing-value`, `invalid-value`, `config-unreadable` */
export async function wantedFleet(session: Session, parsed: Parsed, said?: Said): Promise<Wanted> {
  const { known, suggested } = said ?? (await whatWasSaid(session, parsed));
  const mayAsk = parsed['yes'] !== true;
  const located = await withPart(session, 'region', over(known, suggested), mayAsk);
  const isKnown = (known.region ?? suggested.region) !== undefined;
  const recorded = isKnown ? located : await overKnown(session, located, located.region ?? '');
  return await wantedBy(session, await withPart(session, 'vpc', recorded, mayAsk));
}

/** The fleet that a request describes, with the members that it once had. @throws Problem `missing-value`, `invalid-value` */
export async function wantedBy(session: Session, request: FleetRequest): Promise<Wanted> {
  const fleet = resolveFleet(request);
  const paths = pathsOf(session, fleet.name, fleet.parent.region);
  await removeLeftKeys(session, paths);
  const record = await readRecord(session.clients.world.files, paths);
  const former = record === undefined ? [] : formerMembers(fleet, record.request);
  for (const old of former)
    session.ui.note(`member ${old.name} is not asked for any more: without up --prune it is left as it is`);
  return { fleet: { ...fleet, former }, paths };
}

/** What this machine remembers of a fleet. @throws Problem `record-malformed` */
export async function recordOf(session: Session, name: string, region: string): Promise<FleetRecord | undefined> {
  return await readRecord(session.clients.world.files, pathsOf(session, name, region));
}

/** Which fleet a verb is about that does not make one. */
export async function wantedIdentity(session: Session, parsed: Parsed): Promise<Identity> {
  const said = await saidRequest(session, parsed);
  const name = said.fleet ?? defaults.fleet;
  // Where this machine knows the fleet tells more than the region in which other tools work.
  const known = said.region ?? (await onlyRegionOf(session, name)) ?? suggestion(session).region;
  const { region = '' } = await withPart(session, 'region', { region: known }, true);
  const paths = pathsOf(session, name, region);
  await removeLeftKeys(session, paths);
  return { name, region, paths };
}

/** What was given, over what is known of the fleet; as it is when nothing is. */
async function overKnown(session: Session, given: FleetRequest, region: string): Promise<FleetRequest> {
  const name = given.fleet ?? defaults.fleet;
  await refresh(session, name, region);
  const record = await recordOf(session, name, region);
  return record === undefined ? given : over({ ...given, fleet: name, region }, record.request);
}

/** Somebody may have changed the fleet from elsewhere. Who may not ask AWS is told so when the facts are looked at. */
async function refresh(session: Session, name: string, region: string): Promise<void> {
  const { clients } = session;
  try {
    const { account } = await clients.whoCalls(region);
    await refreshRecord(clients, { name, region, account }, pathsOf(session, name, region), callOf(session));
  } catch (thrown) {
    if (!(thrown instanceof Problem) || ['interrupted', 'record-malformed'].includes(thrown.code)) throw thrown;
  }
}

function pathsOf({ clients }: Session, fleet: string, region: string): FleetPaths {
  return fleetPaths(clients.world.environment.dataDir, { fleet, region });
}

function suggestion({ clients }: Session): Said['suggested'] {
  return checkRequest(rawSuggestion(clients.world.environment.vars), (part) => variableOf(part));
}

/** Where a suggestion comes from, for errors. */
function variableOf(part: string): string {
  return part === 'vpc' ? 'KARMADA_EKS_DEFAULT_VPC' : 'AWS_REGION';
}

/** What was said by flag, environment and file. @throws Problem `invalid-value`, `config-unreadable` */
export async function saidRequest(session: Session, parsed: Parsed): Promise<FleetRequest> {
  const { environment } = session.clients.world;
  const typed = checkRequest(rawRequest(parsed, environment.vars), flagOf);
  const file = parsed['config'];
  const request = typeof file === 'string' ? over(typed, await fileRequest(session, file)) : typed;
  if (request.crds === undefined) return request;
  const crds = resolve(environment.workingDir, request.crds);
  if ((await session.clients.world.files.list(dirname(crds))).includes(crds)) return { ...request, crds };
  throw new Problem('invalid-value', {
    what: `--crds: ${crds} does not exist`,
    next: ['name a file that is there, or leave --crds out'],
  });
}

/** A fleet that this machine knows in one region only need not be told its region. */
async function onlyRegionOf(session: Session, name: string): Promise<string | undefined> {
  const { files, environment } = session.clients.world;
  const folders = await files.list(`${environment.dataDir}/fleets`);
  const regions = folders.map((folder) => folder.split('/').at(-1) ?? '');
  const known = await Promise.all(
    regions.map(async (region) => {
      const paths = fleetPaths(environment.dataDir, { fleet: name, region });
      return (await files.read(paths.record)) === undefined ? [] : [region];
    }),
  );
  const found = known.flat();
  return found.length === 1 ? found[0] : undefined;
}

async function fileRequest(session: Session, file: string): Promise<FleetRequest> {
  const { files, environment } = session.clients.world;
  const path = resolve(environment.workingDir, file);
  const text = await files.read(path);
  if (text === undefined) {
    throw new Problem('config-unreadable', { what: `${path} does not exist`, next: ['name another file: --config'] });
  }
  const request = checkRequest(valueIn(text, path), (place) => `${path}: ${place || 'the whole file'}`);
  if (request.publicAccess?.length === 0) throw nobodyNamed(path);
  return request;
}

/** In a record it stands for nobody in particular, that is everyone; who writes it means the opposite. */
function nobodyNamed(path: string): Problem {
  return new Problem('invalid-value', {
    what: `${path}: publicAccess: a CIDR is expected, but the list is empty`,
    next: ['name who may reach the endpoints', "or leave publicAccess out, or write ['0.0.0.0/0'], which is everyone"],
  });
}

/** Aliases are followed only when the value is made: one that leads nowhere, or to far too much, is met there. */
function valueIn(text: string, path: string): unknown {
  let value: unknown;
  try {
    // The library’s own warnings would go to standard error.
    const document = parseDocument(text, { logLevel: 'error' });
    const [error] = document.errors;
    if (error !== undefined) throw error;
    value = document.toJS();
  } catch (cause) {
    const { message } = cause instanceof Error ? cause : { message: String(cause) };
    const why = message.split('\n')[0] ?? message;
    throw new Problem('config-unreadable', { what: `${path} is not YAML`, why, next: ['mend the file'], cause });
  }
  // What a template left empty would else be a fleet of defaults.
  if (value !== null && value !== undefined) return value;
  throw new Problem('config-unreadable', {
    what: `${path} describes nothing`,
    next: ['write into it what the fleet is, or leave --config out'],
  });
}
