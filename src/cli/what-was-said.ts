/** Gathers what the user said about the fleet: flag over environment over file over what the fleet was made with; then asks. */
import { dirname, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { readRecord } from '../discover/fleet-record.js';
import { Problem } from '../errors/problem.js';
import { defaults } from '../fleet/defaults.js';
import type { Fleet } from '../fleet/fleet.js';
import { type FleetPaths, fleetPaths } from '../fleet/paths.js';
import { checkRequest, over } from '../fleet/request.js';
import { formerMembers, resolveFleet } from '../fleet/resolve.js';
import type { FleetRequest } from '../fleet/schema.js';
import { flagOf, rawRequest } from './options.js';
import type { Parsed } from './run-options.js';
import type { Session } from './session.js';

/** Which fleet is meant, and where its files are. */
export interface Identity {
  readonly name: string;
  readonly region: string;
  readonly paths: FleetPaths;
}

/** The fleet that the verb is about. @throws Problem `missing-value`, `invalid-value`, `config-unreadable` */
export async function wantedFleet(session: Session, parsed: Parsed): Promise<{ fleet: Fleet; paths: FleetPaths }> {
  const said = await saidRequest(session, parsed);
  const { name, region, paths } = await identityOf(session, said);
  const record = await readRecord(session.clients.world.files, paths);
  const request: FleetRequest = over({ ...said, fleet: name, region }, record?.request ?? {});
  const vpc = request.vpc ?? (await askFor(session, 'vpc', 'VPC (its id or its Name tag)'));
  const fleet = resolveFleet({ ...request, vpc });
  const former = record === undefined ? [] : formerMembers(fleet, record.request);
  for (const old of former) session.ui.note(`member ${old.name} is not asked for any more: it is left as it is`);
  return { fleet: { ...fleet, former }, paths };
}

/** Which fleet a verb is about that does not make one. */
export async function wantedIdentity(session: Session, parsed: Parsed): Promise<Identity> {
  return await identityOf(session, await saidRequest(session, parsed));
}

async function saidRequest(session: Session, parsed: Parsed): Promise<FleetRequest> {
  const { environment } = session.clients.world;
  const typed = checkRequest(rawRequest(parsed, environment.vars), flagOf);
  const file = parsed['config'];
  const request = typeof file === 'string' ? over(typed, await fileRequest(session, file)) : typed;
  if (request.crds === undefined) return request;
  const crds = resolve(environment.workingDir, request.crds);
  if ((await session.clients.world.files.list(dirname(crds))).includes(crds)) return { ...request, crds };
  throw new Problem('invalid-value', { what: `--crds: ${crds} does not exist` });
}

async function identityOf(session: Session, said: FleetRequest): Promise<Identity> {
  const name = said.fleet ?? defaults.fleet;
  const { environment } = session.clients.world;
  const region = said.region ?? (await onlyRegionOf(session, name)) ?? (await askFor(session, 'region', 'region'));
  return { name, region, paths: fleetPaths(environment.dataDir, { fleet: name, region }) };
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
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined) {
    const why = error.message.split('\n')[0] ?? error.message;
    throw new Problem('config-unreadable', { what: `${path} is not YAML`, why, next: ['mend the file'] });
  }
  return checkRequest(document.toJS() ?? {}, (place) => `${path}: ${place || 'the whole file'}`);
}

/** Asks on a terminal; elsewhere the Problem names the flag and the variable. The answer is checked like a flag. */
async function askFor(session: Session, part: 'region' | 'vpc', message: string): Promise<string> {
  const flag = `--${part}`;
  const env = `KARMADA_EKS_${part.toUpperCase()}`;
  const answer = await session.ui.ask.input({ message, flag, env, validate: (text) => isValid(part, text) });
  return answer.trim();
}

function isValid(part: 'region' | 'vpc', text: string): true | string {
  try {
    checkRequest({ [part]: text.trim() }, () => part);
    return true;
  } catch (thrown) {
    if (thrown instanceof Problem) return thrown.message;
    throw thrown;
  }
}
