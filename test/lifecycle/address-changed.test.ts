/** This machine has another address than the one that was let in: every command that needs the Karmada API says so, and how to be let in. */
import { expect, it } from 'vitest';
import { said } from '../cli/output.js';
import { triesMore } from './cases.js';
import { cli } from './cli.js';
import { changes, newMachine, region, smallUp, succeed } from './fleet.js';

const moved = { publicAddress: '203.0.113.200' } as const;
const open = '192.0.2.10/32, 198.51.100.1/32';
const letIn = `1. let this machine in: karmada-eks up --fleet karmada --region us-west-2
        2. or run the command on a machine that is let in`;

it('that --allow does not have is refused before anything is created, by plan, up and doctor', async () => {
  const words = `--region ${region} --vpc main --allow 203.0.113.0/24 --member name=one`;
  for (const verb of ['plan', 'up --yes', 'doctor']) {
    const account = newMachine();
    const refused = await cli(account, `${verb} ${words}`, { publicAddress: '1.2.3.4' });
    expect(refused.stdout + refused.stderr, verb).toContain(
      'this machine’s address 1.2.3.4 is not in --allow, and Karmada is installed and managed through its API',
    );
    expect(refused.stdout + refused.stderr, verb).toContain('add it: --allow 1.2.3.4/32 (repeatable)');
    expect(changes(refused)).toEqual([]);
  }
  const plan = await cli(newMachine(), `plan ${words} --allow 1.2.3.4/32`, { publicAddress: '1.2.3.4' });
  expect(plan.code, plan.stderr).toBe(0);
});

it('is the reason that clusters, demo, certs renew and join give, and status and doctor show it', async () => {
  const account = newMachine();
  await succeed(account, smallUp);
  for (const words of [
    'clusters',
    'demo',
    'access list',
    'certs renew --yes',
    `join --yes --member name=late --region ${region}`,
  ]) {
    const failed = await cli(account, words, moved);
    expect(failed.code, words).not.toBe(0);
    expect(changes(failed), words).toEqual([]);
    expect(said(failed), words).toContain(`this machine’s address 203.0.113.200 is not let in: it is open to ${open}`);
    expect(said(failed), words).toContain(letIn);
  }
  const { stdout } = await cli(account, 'status', moved);
  expect(stdout).toContain('does not respond');
  expect(stdout).toContain(
    'this machine, 203.0.113.200, is not let in; to let it in: karmada-eks up --fleet karmada --region us-west-2\n',
  );
});

it.runIf(triesMore)('is let in by up, after which all works', async () => {
  const account = newMachine();
  await succeed(account, smallUp);
  await succeed(account, `up --yes --region ${region}`, moved);
  expect(JSON.parse((await succeed(account, 'status -o json', moved)).stdout)).toMatchObject({ ready: true });
  await succeed(account, 'demo', moved);
});
