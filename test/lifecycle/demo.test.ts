/** `demo` with a remainder that Karmada gives to whichever member of equal weight its hash names. */
import { beforeAll, expect, it } from 'vitest';
import { restore, snapshot } from '../../src/rehearsal/account.js';
import type { Fault } from '../../src/rehearsal/faults.js';
import { cli } from './cli.js';
import { newMachine, region, succeed } from './fleet.js';

let made: string;

beforeAll(async () => {
  const account = newMachine();
  await succeed(account, `up --region ${region} --vpc main --yes --members 4`);
  made = snapshot(account);
});

it('takes any order of the replicas left over, and shows what is', async () => {
  const account = restore(made);
  const orders = new Set<string>();
  // Each run makes a binding of its own, with another uid.
  for (let n = 0; n < 6; n += 1) {
    const { stdout } = await succeed(account, 'demo');
    const [, order = ''] = /nginx is divided (\S+)/.exec(stdout) ?? [];
    expect(['3/2/2/5', '2/2/3/5']).toContain(order);
    orders.add(order);
  }
  expect([...orders].sort()).toEqual(['2/2/3/5', '3/2/2/5']);
});

it('reports what was seen and what is wanted when that does not come', async () => {
  const account = restore(made);
  const idle: Fault = { call: 'exec kubectl apply*karmada-eks-demo*', kind: 'no-effect' };
  const { code, stderr } = await cli(account, 'demo', { faults: [idle] });
  expect(code).not.toBe(0);
  expect(stderr).toContain('the members run 0/0/0/0 replicas; expected 3/2/2/5, in any order among equal weights');
});
