/** Karmada's keys are in the parent only: what `init` writes on this machine goes, whatever happens. */
import { expect, it } from 'vitest';
import { type Account, restore, snapshot } from '../../src/rehearsal/account.js';
import { connect } from '../../src/rehearsal/machine/connect.js';
import { keysLeft } from '../faults/secrets-in-play.js';
import { inThisRun } from '../lifecycle/cases.js';
import { cli } from '../lifecycle/cli.js';
import { fleetFolder, newMachine, region, succeed } from '../lifecycle/fleet.js';
import { runWithFiles } from '../lifecycle/with-files.js';

const up = `up --region ${region} --vpc main --members 1 --yes`;
const named = `--fleet karmada --region ${region}`;
const removal = `file remove ${fleetFolder}/init`;
const oldKey = `${fleetFolder}/pki/ca.key`;

let killed: string | undefined;

/** A machine on which `up` was killed when init had just ended, with the CA's key that an older release kept. */
async function killedAfterInit(): Promise<Account> {
  if (killed === undefined) {
    const { commands } = await succeed(newMachine(), up);
    const init = commands.findIndex(({ key }) => key.startsWith('exec kubectl-karmada init'));
    const account = newMachine();
    expect((await cli(account, up, { killAfterCommand: init + 1 })).code).toBe('killed');
    account.state.files[oldKey] = '-----BEGIN RSA PRIVATE KEY-----\nold\n';
    killed = snapshot(account);
  }
  const account = restore(killed);
  expect(keysLeft(account).filter((path) => path.startsWith(`${fleetFolder}/init/`)).length).toBeGreaterThan(3);
  return account;
}

it('are not on this machine once a fleet is up', async () => {
  const account = newMachine();
  await succeed(account, up);
  expect(keysLeft(account)).toEqual([]);
  expect(Object.keys(account.state.files).filter((path) => /\/(pki|init)\//.test(path))).toEqual([]);
});

it('are gone as soon as init has ended, not when the run has', async () => {
  const account = newMachine();
  const published = `${fleetFolder}/kubeconfigs/karmada-apiserver.json`;
  const ended = await runWithFiles(account, up, {
    killAt: ({ operation, path, done }) => !done && operation === 'write' && path === published,
  });
  expect(ended.code).toBe('killed');
  expect(keysLeft(account)).toEqual([]);
});

it.each(inThisRun(['fail', 'no-effect', 'hang'] as const))(
  'are gone when their removal once ends with: %s',
  async (kind) => {
    // The first is before anything is done, the second right after init.
    for (const skip of [0, 1]) {
      const account = newMachine();
      await cli(account, up, { faults: [{ call: removal, kind, skip }] });
      expect(keysLeft(account), `after ${skip}`).toEqual([]);
    }
  },
);

it('that cannot be removed are reported, and the next run removes them', async () => {
  const account = newMachine();
  const ended = await cli(account, up, { faults: [{ call: removal, kind: 'fail', skip: 1, times: -1 }] });
  expect(ended.code).toBe(4);
  expect(ended.stderr.slice(ended.stderr.indexOf('✖'))).toMatchInlineSnapshot(`
    "✖ could not remove /home/you/.local/share/karmada-eks/fleets/111122223333/us-west-2/karmada/init
      why:  ENOSPC: no space left on device
      next: 1. the disk is full; free some space
            2. run the same command again; it continues from where it stopped
      code: file-failed
    "
  `);
  expect(keysLeft(account)).not.toEqual([]);
  await succeed(account, up);
  expect(keysLeft(account)).toEqual([]);
});

it.each([
  ['up', up],
  ['plan', `plan --region ${region} --vpc main --members 1`],
  ['status', `status ${named}`],
  ['doctor', `doctor ${named}`],
  ['kubeconfig', `kubeconfig ${named}`],
  ['join', `join --member name=two,vpc=main ${named} --yes`],
  ['unjoin', `unjoin member1 ${named} --yes`],
  ['demo', `demo ${named}`],
  ['down', `down ${named} --yes --confirm karmada`],
  ['support-bundle', `support-bundle ${named}`],
])('that a killed run left are removed by %s', async (_, words) => {
  const account = await killedAfterInit();
  await cli(account, words);
  expect(keysLeft(account)).toEqual([]);
});

it('stay while another run of this machine may still need them', async () => {
  const account = await killedAfterInit();
  const before = keysLeft(account);
  const held = await connect(account).world.files.lock(`${fleetFolder}/lock`);
  await cli(account, `status ${named}`);
  expect(keysLeft(account)).toEqual(before);
  await held?.release();
});

it('are reported by status when they cannot be removed', async () => {
  const account = await killedAfterInit();
  const { stderr } = await cli(account, `status ${named}`, { faults: [{ call: removal, kind: 'fail' }] });
  expect(stderr).toContain(
    `warning: could not delete Karmada keys left by an earlier run: ${fleetFolder}/init, ${fleetFolder}/pki`,
  );
});
