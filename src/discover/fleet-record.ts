/** What this machine remembers of a fleet: what was asked for, and in which account. The truth is in AWS. */
import { z } from 'zod';
import { Problem } from '../errors/problem.js';
import type { Fleet } from '../fleet/fleet.js';
import type { FleetPaths } from '../fleet/paths.js';
import { requestOf } from '../fleet/resolve.js';
import { requestSchema } from '../fleet/schema.js';
import type { Files } from '../world/files.js';
import type { MadeCluster } from './made-clusters.js';

const madeSchema = z.array(z.object({ cluster: z.string(), region: z.string(), since: z.number().optional() }));

const recordSchema = z.looseObject({
  version: z.literal(1),
  account: z.string(),
  request: requestSchema,
  made: madeSchema.optional(),
});

/** Read from `fleet.json` in the fleet's folder. */
export type FleetRecord = z.infer<typeof recordSchema>;

/** @throws Problem `record-malformed` */
export async function readRecord(files: Files, paths: FleetPaths): Promise<FleetRecord | undefined> {
  const text = await files.read(paths.record);
  return text === undefined ? undefined : parseRecord(text, paths.record);
}

/** Without `made` the clusters stay remembered that were. */
export async function writeRecord(
  files: Files,
  paths: FleetPaths,
  fleet: Fleet,
  account: string,
  made?: readonly MadeCluster[],
): Promise<void> {
  const clusters = made ?? (await madeIn(files, paths));
  const record: FleetRecord = { version: 1, account, request: requestOf(fleet), made: [...clusters] };
  await files.write(paths.record, `${JSON.stringify(record, undefined, 2)}\n`);
}

/** The clusters that the fleet made, as far as this machine remembers. @throws Problem `record-malformed` */
export async function madeIn(files: Files, paths: FleetPaths): Promise<readonly MadeCluster[]> {
  const { made = [] } = (await readRecord(files, paths)) ?? {};
  return made.map(({ cluster, region, since }) => ({ cluster, region, since }));
}

/** @throws Problem `wrong-account` when the record was made in another account. */
export function refuseOtherAccount(record: FleetRecord | undefined, account: string, fleet: string): void {
  if (record === undefined || record.account === account) return;
  throw new Problem('wrong-account', {
    what: `fleet ${fleet} was made in account ${record.account}, but the credentials are of account ${account}`,
    next: [`use credentials of account ${record.account} (AWS_PROFILE)`, 'or choose another name: --fleet'],
  });
}

function parseRecord(text: string, path: string): FleetRecord {
  try {
    return recordSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new Problem('record-malformed', {
      what: `${path} cannot be read`,
      next: [`remove ${path}: the fleet is then found by its tags in AWS`],
      cause,
    });
  }
}
