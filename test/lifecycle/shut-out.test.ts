/** A machine that the load balancer of the Karmada API does not let in: what Karmada holds is not taken for nothing because of that. */
import { describe, expect, it } from 'vitest';
import type { Account } from '../../src/rehearsal/account.js';
import { said } from '../cli/output.js';
import { diagnosed, told } from '../doctor/diagnosed.js';
import { triesMore } from './cases.js';
import { cli } from './cli.js';
import { changes, down, region, succeed } from './fleet.js';
import { joinable, karmadaIn } from './joinable.js';
import { backedUp, movedOn, restoring, settled } from './restored.js';
import { smallFleet } from './small-fleet.js';
import { applyTo, running, shopObjects } from './workloads.js';

const moved = { publicAddress: '1.2.3.5' } as const;
const fleet = smallFleet();

it.runIf(triesMore)('does not restore: it would replace what it cannot show', async () => {
  const account = await movedOn(await backedUp(fleet()));
  const refused = await cli(account, restoring, moved);
  expect(refused.code).toBe(3);
  expect(changes(refused)).toEqual([]);
  expect(said(refused)).toMatchInlineSnapshot(`
    "✖ the Karmada API of fleet karmada does not respond to this machine; nothing was changed
      why:  this machine’s address 1.2.3.5 is not let in: it is open to 192.0.2.10/32, 198.51.100.1/32
      next: 1. let this machine in: karmada-eks up --fleet karmada --region us-west-2
            2. or run the command on a machine that is let in
      code: address-shut-out
    exit 3"
  `);
});

describe.runIf(triesMore)('down, with a cluster that is kept', () => {
  async function shared(): Promise<Account> {
    const account = await joinable();
    await succeed(account, 'join --cluster shop --yes');
    await applyTo(account, 'karmada-apiserver', shopObjects(['one', 'two', 'shop']));
    return await settled(account);
  }

  it('is refused: what Karmada put into that cluster is neither counted nor taken out', async () => {
    const account = await shared();
    const refused = await cli(account, down, moved);
    expect(refused.code).toBe(3);
    expect(changes(refused)).toEqual([]);
    expect(said(refused)).toMatchInlineSnapshot(`
      "✖ the Karmada API of fleet karmada does not respond to this machine; nothing was changed
        why:  this machine’s address 1.2.3.5 is not let in: it is open to 192.0.2.10/32, 198.51.100.1/32; what it put into shop, which is kept, cannot be seen
        next: 1. let this machine in: karmada-eks up --fleet karmada --region us-west-2
              2. or run the command on a machine that is let in
        code: address-shut-out
      exit 3"
    `);
    const asks = await cli(account, down);
    expect(said(asks)).toContain('--remove-workloads');
    await succeed(account, `up --yes --fleet karmada --region ${region}`, moved);
    await succeed(account, `${down} --remove-workloads`, moved);
    expect(karmadaIn(account)).toEqual([]);
  });

  it('goes on where Karmada does not run any more', async () => {
    const account = await shared();
    const { objects = {} } = account.state.apis[`eks/${region}/karmada-parent`] ?? {};
    for (const key of Object.keys(objects))
      if (/^(deployments|replicasets|pods)\/karmada-system\/k/.test(key)) delete objects[key];
    const before = running(account, 'shop', 'shop');
    // Once Karmada is gone, the audit takes all that has its mark for lost.
    const ended = await succeed(account, down, { ...moved, alone: true });
    expect(ended.stderr).toContain(
      'workloads in shop were not counted, because Karmada cannot reach it; they are kept',
    );
    expect(running(account, 'shop', 'shop')).toEqual(before);
    expect(before).not.toEqual([]);
    expect(karmadaIn(account)).toEqual([]);
  });
});

it.runIf(triesMore)('does not keep a fleet without kept clusters from being taken down', async () => {
  await succeed(fleet(), down, moved);
});

it.runIf(triesMore)('does not prune in silence: up lets it in first', async () => {
  const account = fleet();
  const one = `up --region ${region} --vpc main --yes --member name=one`;
  const refused = await cli(account, `${one} --prune`, moved);
  expect(refused.code).toBe(3);
  expect(changes(refused)).toEqual([]);
  expect(said(refused)).toMatchInlineSnapshot(`
    "✖ two cannot be removed: the Karmada API of fleet karmada does not respond to this machine; nothing was changed
      why:  this machine’s address 1.2.3.5 is not let in: it is open to 192.0.2.10/32, 198.51.100.1/32
      next: 1. run the same command without --prune first: it lets this machine in
            2. then run it with --prune
      code: address-shut-out
    exit 3"
  `);
  await succeed(account, one, moved);
  const { stdout } = await succeed(account, `${one} --prune`, moved);
  expect(stdout).toContain('two is no longer in fleet karmada');
});

it.runIf(triesMore)('is told by doctor who is let in, and how it is', async () => {
  const found = await diagnosed(fleet(), [], moved);
  expect(told(found, 'source-ranges')).toMatchInlineSnapshot(
    `"the Karmada API does not respond to this machine | this machine’s address 1.2.3.5 is not let in: it is open to 192.0.2.10/32, 198.51.100.1/32 | let this machine in: karmada-eks up --fleet karmada --region us-west-2"`,
  );
  expect(JSON.stringify(found.findings)).not.toContain('admits 1.2.3.5');
});
