/** A fleet that is half made is taken away as well as a whole one, and survives being killed again and again. */
import { beforeAll, expect, it } from 'vitest';
import { resourceIds } from '../rehearsal/resources.js';
import { passAll, triesMore, upTo } from './cases.js';
import { cli, type Ended } from './cli.js';
import { down, expectGone, newMachine, readyStatus, smallUp, succeed } from './fleet.js';

const limit = { timeout: 900_000 };
let undisturbed: Ended;

beforeAll(async () => {
  undisturbed = await succeed(newMachine(), smallUp);
});

it('is deleted by down after a kill at every event of up', limit, async () => {
  await passAll('down after up was killed at event', 100, upTo(undisturbed.events.length), async (killAt) => {
    const account = newMachine();
    const before = resourceIds(account);
    expect((await cli(account, smallUp, { killAt })).code).toBe('killed');
    await succeed(account, down);
    expectGone(account, before);
  });
});

it.runIf(triesMore)('is deleted by down where Karmada answers, but has no members API yet', limit, async () => {
  const at = (type: string): number =>
    undisturbed.events.findIndex((event) => event.type === type && 'id' in event && event.id === 'init-karmada');
  let without = 0;
  for (let killAt = at('step-started') + 2; killAt <= at('step-done'); killAt += 1) {
    const account = newMachine();
    const before = resourceIds(account);
    await cli(account, smallUp, { killAt });
    const { calls } = await succeed(account, down);
    if (calls.some(({ key }) => key.includes('apiservices v1alpha1.cluster.karmada.io'))) without += 1;
    expectGone(account, before);
  }
  expect(without).toBeGreaterThan(0);
});

it.runIf(triesMore)('is made whole after being killed at every seventh event of each of its runs', limit, async () => {
  const account = newMachine();
  const before = resourceIds(account);
  let runs = 0;
  for (let code: Ended['code'] = 'killed'; code === 'killed'; runs += 1) {
    ({ code } = await cli(account, smallUp, { killAt: 7 + runs }));
    expect(runs).toBeLessThan(100);
  }
  console.info(`made whole in run ${runs}, all before it killed`);
  expect(runs).toBeGreaterThan(5);
  await readyStatus(account);
  await succeed(account, down);
  expectGone(account, before);
});
