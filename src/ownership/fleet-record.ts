/** This machine's record of a fleet: what was requested, and in which account. The truth is in AWS. */
import { z } from 'zod';
import { contextsIn } from '../clients/agreed-contexts.js';
import type { Clients } from '../clients/clients.js';
import { Problem } from '../errors/problem.js';
import type { Fleet } from '../fleet/fleet.js';
import type { FleetPaths } from '../fleet/paths.js';
import { requestOf, resolveFleet } from '../fleet/resolve.js';
import { type FleetRequest, storedRequestSchema } from '../fleet/schema.js';
import { jsonAs } from '../model/json-text.js';
import type { Files } from '../world/files.js';
import type { RememberedClusters, RememberedVolume } from './cluster-lifetimes.js';

const placeSchema = z.object({
  cluster: z.string(),
  region: z.string(),
  account: z
    .object({ id: z.string(), role: z.string(), externalId: z.string().optional(), session: z.string() })
    .optional(),
});
const madeSchema = z.array(placeSchema.extend({ since: z.number().optional(), until: z.number().optional() }));

const recordSchema = z.looseObject({
  version: z.literal(1),
  account: z.string(),
  request: storedRequestSchema,
  made: madeSchema.optional(),
  existed: z.array(placeSchema).optional(),
  /** Contexts of the user's kubeconfig that this machine agreed to use; records of older versions have none. */
  contexts: z.array(z.string()).optional(),
  volumes: z.array(z.object({ id: z.string(), policy: z.string() })).optional(),
  /** What this machine agreed to, where `request` has more or less: what others changed, and no run here asked about yet. */
  agreed: storedRequestSchema.optional(),
});

/** Read from `fleet.json` in the fleet's folder. */
export type FleetRecord = z.infer<typeof recordSchema>;

/** @throws Problem `record-malformed` */
export async function readRecord(files: Files, paths: FleetPaths): Promise<FleetRecord | undefined> {
  const text = await files.read(paths.record);
  return text === undefined ? undefined : parseRecord(text, paths.record);
}

/** What a record has besides the fleet. */
interface RecordDetails {
  /** Without it the clusters stay remembered that were. */
  readonly memory?: RememberedClusters;
  /** The fleet that this machine agreed to, by a run that did not ask about the rest; without it: all of the fleet. */
  readonly agreed?: Fleet | undefined;
}

/** Of the contexts those are kept that were agreed to. */
export async function writeRecord(
  { world, agreed: agreedContexts }: Pick<Clients, 'world' | 'agreed'>,
  paths: FleetPaths,
  fleet: Fleet,
  account: string,
  details: RecordDetails = {},
): Promise<void> {
  const { files } = world;
  const { made, existed, volumes } = details.memory ?? (await readRememberedClusters(files, paths, fleet));
  const lives = made.map(({ cluster, region, account, since, until }) => ({ cluster, region, account, since, until }));
  const request = requestOf(fleet);
  const contexts = contextsIn(request).filter((context) => agreedContexts.has(context));
  const kept = { made: lives, existed: [...existed], volumes: [...volumes] };
  const agreed = details.agreed && unlessSame(requestOf(details.agreed), request);
  const record: FleetRecord = { version: 1, account, request, ...kept, contexts, ...(agreed && { agreed }) };
  await files.write(paths.record, `${JSON.stringify(record, undefined, 2)}\n`);
}

/** Revisions and former members are nobody's to agree to. */
function unlessSame(agreed: FleetRequest, request: FleetRequest): FleetRequest | undefined {
  const [one, other] = [agreed, request].map(({ revision: _, former: __, ...rest }) => JSON.stringify(rest));
  return one === other ? undefined : agreed;
}

/** The fleet as this machine agreed to it; undefined where it has no record of the fleet. @throws Problem `record-malformed` */
export async function agreedFleet(files: Files, paths: FleetPaths, { id }: Fleet): Promise<Fleet | undefined> {
  const record = await readRecord(files, paths);
  const agreed = record && resolveFleet(record.agreed ?? record.request);
  return agreed?.id === id ? agreed : undefined;
}

/** What this machine remembers of the fleet's clusters; what another fleet of the name made is not this one's. @throws Problem `record-malformed` */
export async function readRememberedClusters(
  files: Files,
  paths: FleetPaths,
  fleet: Fleet,
): Promise<RememberedClusters> {
  const record = await readRecord(files, paths);
  if (record === undefined || resolveFleet(record.request).id !== fleet.id) {
    return { made: [], existed: [], volumes: [] };
  }
  const { made = [], existed = [], volumes = [] } = record;
  const lives = made.map(({ cluster, region, account, since, until }) => ({
    cluster,
    region,
    account,
    since,
    until,
    by: 'record' as const,
  }));
  return { made: lives, existed: existed.map((each) => ({ account: undefined, ...each })), volumes };
}

/** Changes what the record has of volumes, and nothing else; where there is no record of the fleet nothing is noted. */
export async function changeVolumes(
  files: Files,
  paths: FleetPaths,
  fleet: Fleet,
  change: (known: readonly RememberedVolume[]) => readonly RememberedVolume[],
): Promise<void> {
  const record = await readRecord(files, paths);
  if (record === undefined || resolveFleet(record.request).id !== fleet.id) return;
  const volumes = [...change(record.volumes ?? [])];
  await files.write(paths.record, `${JSON.stringify({ ...record, volumes }, undefined, 2)}\n`);
}

/** The contexts that this machine agreed to before, in this run too. */
export function agreeAsBefore({ agreed }: Pick<Clients, 'agreed'>, { contexts, request }: FleetRecord): void {
  for (const context of contexts ?? contextsIn(request)) agreed.add(context);
}

/** @throws Problem `wrong-account` when the record was made in another account. */
export function refuseOtherAccount(record: FleetRecord | undefined, account: string, fleet: string): void {
  if (record === undefined || record.account === account) return;
  throw new Problem('wrong-account', {
    what: `fleet ${fleet} was created in account ${record.account}, but the credentials are for account ${account}`,
    next: [`use credentials for account ${record.account} (--profile)`, 'or choose another name: --fleet'],
  });
}

/** The account that the text of a record names; undefined where none can be read. */
export function accountIn(text: string): string | undefined {
  return jsonAs(recordSchema.pick({ account: true }), text)?.account;
}

function parseRecord(text: string, path: string): FleetRecord {
  try {
    return recordSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new Problem('record-malformed', {
      what: `${path} cannot be read`,
      next: [`delete ${path}; the fleet is then found by its tags in AWS`],
      cause,
    });
  }
}
