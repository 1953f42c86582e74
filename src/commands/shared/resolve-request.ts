/** Combines the user's input about the fleet: flag over environment over file over what the fleet was created with. */
import { dirname, resolve } from 'node:path';
import { contextsIn } from '../../clients/agreed-contexts.js';
import { counted } from '../../errors/counted.js';
import { Problem } from '../../errors/problem.js';
import { defaults } from '../../fleet/defaults.js';
import type { Fleet } from '../../fleet/fleet.js';
import { fleetIdOf, isIdIn } from '../../fleet/names.js';
import type { FleetRef } from '../../fleet/paths.js';
import { checkRequest, mergeRequests } from '../../fleet/request.js';
import { formerApiNames, formerMembers, resolveFleet } from '../../fleet/resolve.js';
import type { FleetRequest } from '../../fleet/schema.js';
import { type OwnTags, tagWords } from '../../fleet/settings/tags.js';
import { rawSuggestion, requestOptions, sourceOfPath } from '../../options/request.js';
import type { FleetOptionName, Given, OptionsOf } from '../../options/table.js';
import { foreignFleetNote, notFound } from '../../state/find-fleet.js';
import { accountsElsewhere } from '../../state/known-fleets.js';
import { removeLeftKeys } from '../locks/with-fleet-lock.js';
import { withPart } from '../questions/ask-required.js';
import { filePatch, fileRequest } from './config-file-request.js';
import { type KnownFleet, knownOf, knownRegion, refOf, tryToRead } from './known-fleet.js';
import type { Session } from './session.js';

/** What describes a fleet, by flag, variable and file. */
export type RequestOptions = OptionsOf<FleetOptionName> &
  Pick<Given, 'typed'> &
  Partial<OptionsOf<'config' | 'trustContext' | 'yes'>>;

export interface ResolvedFleet {
  readonly fleet: Fleet;
  readonly known: KnownFleet;
}

/** What was specified about a fleet before any question. */
export interface RequestSources {
  /** By flag, environment and file. */
  readonly given: FleetRequest;
  /** Defaults from the environment for unspecified values. */
  readonly suggested: Pick<FleetRequest, 'region' | 'vpc'>;
  /** What was given, over what the fleet is described as. */
  readonly known: FleetRequest;
  /** The fleet that the region and the name lead to, where these were given. */
  readonly found: KnownFleet | undefined;
}

/** @throws Problem `invalid-value`, `config-unreadable`, `record-malformed`, `another-fleet` */
export async function loadRequest(session: Session, options: RequestOptions): Promise<RequestSources> {
  const given = await explicitRequest(session, options);
  const region = given.region ?? (await usualRegion(session, given.fleet ?? defaults.fleet));
  const suggested = { ...suggestion(session), region };
  const found = region === undefined ? undefined : await tryToRead(() => foundFor(session, given, region));
  return { given, suggested, found, known: overFound(given, found) };
}

/** The fleet that the command is about. @throws Problem `missing-value`, `invalid-value`, `config-unreadable` */
export async function resolveWantedFleet(
  session: Session,
  options: RequestOptions,
  said?: RequestSources,
): Promise<ResolvedFleet> {
  const { known, suggested, found } = said ?? (await loadRequest(session, options));
  const mayAsk = options.yes !== true;
  const located = await withPart(session, 'region', withSuggested(known, suggested), mayAsk);
  const looked = found ?? (await foundFor(session, located, located.region ?? ''));
  const request = await withPart(session, 'vpc', found === undefined ? overFound(located, looked) : located, mayAsk);
  return await fleetFrom(session, request, looked);
}

/** A suggested VPC is for a fleet that makes none. */
export function withSuggested(known: FleetRequest, { region, vpc }: RequestSources['suggested']): FleetRequest {
  return mergeRequests(known, known.createVpc === undefined ? { region, vpc } : { region });
}

/**
 * The fleet that a request describes, with its id and its former members.
 * @param found what is known of it, where that was looked for already
 * @throws Problem `missing-value`, `invalid-value`, `fleet-not-found` for an id that no fleet has
 */
export async function fleetFrom(
  session: Session,
  request: FleetRequest,
  found: KnownFleet | undefined,
): Promise<ResolvedFleet> {
  const plain = resolveFleet(request);
  const { name, parent } = plain;
  const isFound = found?.name === name && found.region === parent.region;
  const known = isFound ? found : await foundFor(session, request, parent.region);
  await removeLeftKeys(session, known.paths);
  const before = known.request ?? known.traced;
  if (known.foreignAuthors !== undefined) session.ui.note(foreignFleetNote(name, known.foreignAuthors));
  const fleet = { ...plain, id: before === undefined ? await newId(session, known) : resolveFleet(before).id };
  noteDroppedTags(session, before?.tags ?? {}, fleet.tags);
  const former = before === undefined ? [] : formerMembers(fleet, before);
  const names = before === undefined ? [] : formerApiNames(fleet, before);
  return { fleet: { ...fleet, former, formerApiNames: names }, known };
}

/** Tags that are given replace all from before. */
function noteDroppedTags({ ui }: Session, before: OwnTags, now: OwnTags): void {
  const dropped = Object.fromEntries(Object.entries(before).filter(([key]) => !(key in now)));
  const words = tagWords(dropped);
  if (words.length === 0) return;
  ui.note(
    `no longer requested: ${counted(words.length, 'tag')} (${words.join(', ')}); --tag names all that new things get, and what is there keeps its own`,
  );
}

/** What a fleet of this name and region was described as. @throws Problem `record-malformed`, `another-fleet` */
export async function descriptionOf(session: Session, name: string, region: string): Promise<FleetRequest | undefined> {
  const { request } = await knownOf(session, await refOf(session, { name, region }));
  return request && withoutId(request);
}

/** Which fleet a command is about that does not make one. */
export async function resolveFleetRef(session: Session, options: RequestOptions): Promise<FleetRef> {
  const said = await explicitRequest(session, options);
  const name = said.fleet ?? defaults.fleet;
  const known = said.region ?? (await usualRegion(session, name));
  const { region = '' } = await withPart(session, 'region', { region: known }, true);
  const ref = await refOf(session, { name, region, id: said.id });
  await removeLeftKeys(session, ref.paths);
  return ref;
}

/** The region in which this machine knows the fleet takes precedence over the default region of other tools. */
async function usualRegion(session: Session, name: string): Promise<string | undefined> {
  return (await knownRegion(session, name)) ?? suggestion(session).region;
}

async function foundFor(session: Session, { fleet, id }: FleetRequest, region: string): Promise<KnownFleet> {
  return await knownOf(session, await refOf(session, { name: fleet ?? defaults.fleet, region, id }));
}

/** What was given, over what the fleet is described as; as it is when it is not. */
function overFound(given: FleetRequest, found: KnownFleet | undefined): FleetRequest {
  if (found?.request === undefined) return given;
  return mergeRequests({ ...given, fleet: found.name, region: found.region }, withoutId(found.request));
}

/** The id is the fleet's that is found in the end: a request may come to name another. */
function withoutId({ id: _, ...request }: FleetRequest): FleetRequest {
  return request;
}

/** For an unknown fleet; it is stored once a run starts creating the fleet. */
async function newId({ clients, ui }: Session, { name, region, id, paths }: KnownFleet): Promise<string> {
  const { account } = await clients.whoCalls(region);
  if (id !== undefined) throw notFound({ name, region, id });
  for (const other of await accountsElsewhere(clients.world, { name, region, account }))
    ui.note(
      `this machine knows a fleet ${name} in ${region} in account ${other}; this one is a different fleet, in account ${account}`,
    );
  const reserved = (await clients.world.files.read(paths.reservedId))?.trim();
  return isIdIn(reserved, name, { account, region }) ? reserved : fleetIdOf(clients.world.newId(), { account, region });
}

function suggestion({ clients }: Session): RequestSources['suggested'] {
  return checkRequest(rawSuggestion(clients.world.environment.vars), (part) => variableOf(part));
}

/** Where a suggestion comes from, for errors. */
function variableOf(part: string): string {
  return part === 'vpc' ? 'KARMADA_EKS_DEFAULT_VPC' : 'AWS_REGION';
}

/** What stands in the file that is named; the fleet is described with its contents, so that every later run has the same. */
async function withPatch(session: Session, given: Record<string, unknown>): Promise<Record<string, unknown>> {
  const { clusterConfigPatch: file } = given;
  return typeof file !== 'string' ? given : { ...given, clusterConfigPatch: await filePatch(session, file) };
}

/** The values set by flag, environment and file. @throws Problem `invalid-value`, `config-unreadable` */
export async function explicitRequest(session: Session, options: RequestOptions): Promise<FleetRequest> {
  const { environment } = session.clients.world;
  const typed = checkRequest(await withPatch(session, requestOptions(options)), (path) =>
    sourceOfPath(path, options.typed, environment.vars),
  );
  const file = options.config;
  const request = file !== undefined ? mergeRequests(typed, await fileRequest(session, file)) : typed;
  // Naming a context is consent to use it.
  for (const context of [...contextsIn(request), ...(options.trustContext ?? [])]) session.clients.agreed.add(context);
  const { crds, imagePullSecret } = request;
  return {
    ...request,
    ...(crds === undefined ? {} : { crds: await existing(session, '--crds', crds) }),
    ...(imagePullSecret === undefined || imagePullSecret === 'none'
      ? {}
      : { imagePullSecret: await existing(session, '--image-pull-secret', imagePullSecret) }),
  };
}

/** The absolute path of a file. @throws Problem `invalid-value` where there is none */
async function existing({ clients }: Session, flag: string, file: string): Promise<string> {
  const { environment, files } = clients.world;
  const path = resolve(environment.workingDir, file);
  if ((await files.list(dirname(path))).includes(path)) return path;
  throw new Problem('invalid-value', {
    what: `${flag}: ${path} does not exist`,
    next: [`set an existing file, or omit ${flag}`],
  });
}
