/** A fleet that was taken away but for one volume, so that its record is still there, and what `down` says of what is left. */
import { expect } from 'vitest';
import type { Leftover } from '../../src/leftovers/leftover.js';
import { type Account, restore, snapshot } from '../../src/rehearsal/account.js';
import { resourceIds } from '../rehearsal/resources.js';
import { cli, type Ended } from './cli.js';
import { down, fleetFolder, newMachine, region, smallUp, succeed } from './fleet.js';
import { plantOne } from './leftover-things.js';

/** What there was before the fleet. */
export const before = resourceIds(newMachine());

let kept: string | undefined;

/** Its clusters are gone, and nothing is left; this machine does not know that yet. */
export async function goneFleet(): Promise<Account> {
  if (kept === undefined) {
    const account = newMachine();
    await succeed(account, smallUp);
    plantOne(account, 'volume');
    expect((await cli(account, down)).code).toBe(5);
    account.region(region).volumes = [];
    expect(resourceIds(account)).toEqual(before);
    const path = `${fleetFolder}/fleet.json`;
    const record = JSON.parse(account.state.files[path] ?? '') as { made: object[] };
    // A cluster that it made and that no description has any more: no step knows of it.
    record.made.push({ cluster: 'stray', region, since: account.now() - 3_600_000 });
    account.state.files[path] = JSON.stringify(record);
    kept = snapshot(account);
  }
  return restore(kept);
}

/** What `--json` says at the end of `down`. */
export function told({ stdout }: Ended): {
  readonly leftovers: readonly Leftover[];
  readonly usdPerHour: number;
  readonly usdPerMonth: number;
  readonly unknown: readonly string[];
} {
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string } & ReturnType<typeof told>);
  const found = lines.find(({ type }) => type === 'down');
  if (found === undefined) expect.fail(`expected a line of type down, got ${stdout}`);
  return found;
}

/** Resources that are there and were not before. */
export function more(account: Account): readonly string[] {
  return resourceIds(account).filter((id) => !before.includes(id));
}
