/** `backup --keep`: a backup that may be the last one that helps is not deleted. */
import { expect, it } from 'vitest';
import type { Account } from '../../src/rehearsal/account.js';
import { cli } from './cli.js';
import { fleetFolder, succeed } from './fleet.js';
import { loseEtcd } from './restored.js';
import { smallFleet } from './small-fleet.js';

const fleet = smallFleet();
const folder = `${fleetFolder}/backups`;

function backupsOf({ state }: Account): readonly string[] {
  return Object.keys(state.files).filter((path) => path.startsWith(`${folder}/`));
}

it('deletes no backup that holds more than the new one, taken after Karmada lost its data', async () => {
  const account = fleet();
  await succeed(account, 'backup');
  const [good = ''] = backupsOf(account);
  await loseEtcd(account);
  const { code, stderr, stdout } = await cli(account, 'backup --keep 1 --yes');
  expect(code).toBe(4);
  expect(stdout).toContain('backup of Karmada 1.18.2: ');
  expect(stderr).toContain('backups-kept');
  expect(stderr).toContain(`has no members, and ${good} may have some`);
  expect(backupsOf(account)).toHaveLength(2);
  await succeed(account, `backup verify ${good}`);
});
