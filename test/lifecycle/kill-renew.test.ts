/** `certs renew` killed (kill -9) wherever it can be: `certs check` finds what is half done, and the same command completes it. */
import { beforeAll, expect, it } from 'vitest';
import { type Account, restore, snapshot } from '../../src/rehearsal/account.js';
import { readyFleet } from '../commands/status/machines.js';
import { passAll, upTo } from './cases.js';
import { cli, type Ended, type Interruptions } from './cli.js';
import { succeed } from './fleet.js';

const limit = { timeout: 900_000 };
const renew = 'certs renew --yes';
const day = 24 * 3_600_000;
let undisturbed: Ended;

/** Old enough that the agent has renewed its own certificate without using it. */
async function agedFleet(days: number): Promise<Account> {
  const account = await readyFleet();
  account.state.now += days * day;
  return account;
}

beforeAll(async () => {
  undisturbed = await succeed(await agedFleet(340), renew);
}, 60_000);

it('is completed after a kill at every event', limit, async () => {
  await passAll('certs renew killed at event', 15, upTo(undisturbed.events.length), (killAt) =>
    killedAndRenewed({ killAt }),
  );
});

it('is completed after a kill at the end of every command', limit, async () => {
  await passAll('certs renew killed at the end of command', 15, upTo(undisturbed.commands.length), (killAfterCommand) =>
    killedAndRenewed({ killAfterCommand }),
  );
});

it('is completed after a kill of one that came after the end', limit, async () => {
  await passAll(
    'certs renew after the end killed at the end of command',
    15,
    upTo(undisturbed.commands.length),
    (killAfterCommand) => killedAndRenewed({ killAfterCommand }, 366),
  );
});

it('is found by certs check when it was killed between two Secrets', async () => {
  const account = await agedFleet(1);
  const first = undisturbed.commands.findIndex(({ key }) => key.endsWith('Secret/karmada-cert')) + 1;
  expect((await cli(account, renew, { killAfterCommand: first })).code).toBe('killed');
  const { code, stdout } = await cli(account, 'certs check');
  expect(code).toBe(8);
  expect(stdout).toContain('older than in karmada-cert   ');
  expect(stdout).toMatch(/ {3}not read since it was renewed {3}pods of karmada-aggregated-apiserver, /);
  const made = account.state.apis['eks/us-west-2/karmada-parent']?.objects['secrets/karmada-system/karmada-cert'];
  const before = JSON.stringify(made?.['data']);
  const half = snapshot(account);
  const { stdout: told, stderr } = await succeed(account, renew);
  expect(JSON.stringify(made?.['data']), 'what was begun is completed, not begun anew').toBe(before);
  expect(told).toContain('the renewal of the certificates of fleet karmada that was interrupted is complete');
  expect(stderr).toContain('copies of the former admin certificate, wherever they are, go on working until 2027-11-22');
  await succeed(account, 'certs check');
  const other = restore(half);
  await succeed(other, `${renew} --cert-validity 2000h`);
  expect((await succeed(other, 'certs check')).stdout).toMatch(/karmada +2027-02-1\d/);
});

async function killedAndRenewed(kill: Interruptions, days = 340): Promise<void> {
  const account = await agedFleet(days);
  expect((await cli(account, renew, kill)).code).toBe('killed');
  await succeed(account, renew);
  await succeed(account, 'certs check');
  await succeed(account, 'status --wait');
}
