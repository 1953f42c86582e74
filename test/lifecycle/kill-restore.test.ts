/** A restore that was killed is resumed by the same command, and nothing in a member is lost by that; meanwhile everything tells so. */
import { beforeAll, expect, it } from 'vitest';
import { type Account, restore, snapshot } from '../../src/rehearsal/account.js';
import { passAll, upTo } from './cases.js';
import { cli, type Ended, type Interruptions } from './cli.js';
import { down, readyStatus, succeed } from './fleet.js';
import { backedUp, inMembers, loseEtcd, movedOn, restoring, settled } from './restored.js';
import { madeFleet } from './small-fleet.js';

const limit = { timeout: 900_000 };
let olderPoint = '';
let lostEtcd = '';
let undisturbed: Ended;
let afterLoss: Ended;

beforeAll(async () => {
  const account = await backedUp(restore(await madeFleet()));
  const lost = restore(snapshot(account));
  olderPoint = snapshot(await movedOn(account));
  await loseEtcd(lost);
  lostEtcd = snapshot(lost);
  undisturbed = await succeed(restore(olderPoint), restoring);
  afterLoss = await succeed(lost, `${restoring} --no-backup`);
}, 60_000);

it('is resumed after a kill at every event', limit, async () => {
  await passAll('restore killed at event', 6, upTo(undisturbed.events.length), (killAt) =>
    killedAndResumed(olderPoint, restoring, { killAt }),
  );
});

it('is resumed after a kill at the end of every command', limit, async () => {
  await passAll('restore killed at the end of command', 6, upTo(undisturbed.commands.length), (killAfterCommand) =>
    killedAndResumed(olderPoint, restoring, { killAfterCommand }),
  );
});

it('is resumed where etcd had lost everything', limit, async () => {
  await passAll('restore of a lost etcd killed at event', 4, upTo(afterLoss.events.length), (killAt) =>
    killedAndResumed(lostEtcd, `${restoring} --no-backup`, { killAt }),
  );
});

it('is known everywhere while Karmada is stopped', async () => {
  const account = await killedHalfway();
  const status = await cli(account, 'status');
  expect(status.code).toBe(8);
  expect(status.stdout).toContain('! the restore of /home/you/karmada.tar (2026-');
  expect(status.stdout).toContain(
    'is unfinished: Karmada is stopped; workloads in members keep running; resume it: karmada-eks restore /home/you/karmada.tar --fleet karmada --region us-west-2',
  );
  const found = await cli(account, 'status -o json');
  expect(JSON.parse(found.stdout)).toMatchObject({ ready: false, restoring: { file: '/home/you/karmada.tar' } });
  const doctor = await cli(account, 'doctor --region us-west-2 --vpc main');
  expect(doctor.stdout).toContain('the restore of /home/you/karmada.tar');
  for (const words of ['up --yes', 'plan', 'backup', 'certs renew --yes']) {
    const before = snapshot(account);
    const { code, stderr } = await cli(account, words);
    expect(code, words).toBe(3);
    expect(stderr, words).toContain('restore-unfinished');
    expect(stderr, words).toContain('resume it: karmada-eks restore /home/you/karmada.tar --fleet karmada');
    expect(JSON.stringify(restore(before).state.apis), words).toBe(JSON.stringify(account.state.apis));
  }
});

it('is no obstacle for another backup, or for down', async () => {
  const account = await killedHalfway();
  const half = snapshot(account);
  await succeed(account, restoring.replace('karmada.tar', 'other.tar'));
  await settled(account);
  await readyStatus(account);
  const other = restore(half);
  const { stderr } = await succeed(other, `${down} --keep-workloads`);
  expect(stderr).toContain('what Karmada held before that is backed up in ');
  expect(other.state.regions['us-west-2']?.clusters).toEqual({});
});

/** Killed once etcd is being written. */
async function killedHalfway(): Promise<Account> {
  const account = restore(olderPoint);
  account.state.files['/home/you/other.tar'] = account.state.files['/home/you/karmada.tar'] ?? '';
  const first = undisturbed.commands.findIndex(({ key }) => key.includes('port-forward')) + 1;
  expect(first).toBeGreaterThan(0);
  const stopped = undisturbed.commands.findLastIndex(({ key }) => key.includes('port-forward'));
  expect((await cli(account, restoring, { killAfterCommand: stopped })).code).toBe('killed');
  return account;
}

async function killedAndResumed(made: string, words: string, kill: Interruptions): Promise<void> {
  const account = restore(made);
  const before = inMembers(account);
  expect((await cli(account, words, kill)).code).toBe('killed');
  await succeed(account, words);
  await settled(account);
  await readyStatus(account);
  expect(inMembers(account)).toEqual(before);
  const objects = account.state.apis['karmada/us-west-2/karmada-parent']?.objects ?? {};
  expect(objects['deployments/shop/web']?.['spec']).toMatchObject({ replicas: 3 });
  expect(objects['deployments/shop/late']).toBeUndefined();
}
