/** What this machine remembers of a fleet: what was asked for, and in which account. The truth is in AWS. */
import { z } from 'zod';
import { Problem } from '../errors/problem.js';
import type { Fleet } from '../fleet/fleet.js';
import type { FleetPaths } from '../fleet/paths.js';
import { requestOf } from '../fleet/resolve.js';
import { requestSchema } from '../fleet/schema.js';
import type { Files } from '../world/files.js';

const recordSchema = z.looseObject({ version: z.literal(1), account: z.string(), request: requestSchema });

/** Read from `fleet.json` in the fleet's folder. */
export type FleetRecord = z.infer<typeof recordSchema>;

/** @throws Problem `record-malformed` */
export async function readRecord(files: Files, paths: FleetPaths): Promise<FleetRecord | undefined> {
  const text = await files.read(paths.record);
  return text === undefined ? undefined : parseRecord(text, paths.record);
}

export async function writeRecord(files: Files, paths: FleetPaths, fleet: Fleet, account: string): Promise<void> {
  const record: FleetRecord = { version: 1, account, request: requestOf(fleet) };
  await files.write(paths.record, `${JSON.stringify(record, undefined, 2)}\n`);
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
