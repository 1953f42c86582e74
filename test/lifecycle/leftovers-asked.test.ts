/** The question at the end of `down` on a terminal: what it says, and what follows from each answer. */
import { expect, it } from 'vitest';
import type { Account } from '../../src/rehearsal/account.js';
import { ctrlC } from '../commands/up/scripted-ask.js';
import { resourceIds } from '../rehearsal/resources.js';
import { asked } from './asked-down.js';
import { region } from './fleet.js';
import { before, goneFleet, more } from './leftover-fleet.js';
import { plantOne } from './leftover-things.js';

const question = '1 resource of fleet karmada is left: 0.0022 USD per hour, 1.60 per month (730 hours)';

async function withVolume(): Promise<Account> {
  const account = await goneFleet();
  plantOne(account, 'volume');
  return account;
}

it('removes after a yes', async () => {
  const account = await withVolume();
  const { code, text } = await asked(account, [[question, 'y']]);
  expect(code).toBe(0);
  expect(text).toContain('fleet karmada deleted');
  expect(resourceIds(account)).toEqual(before);
});

it('changes nothing after a no, and reports how to remove it later', async () => {
  const account = await withVolume();
  const { code, text } = await asked(account, [[question, 'n']]);
  expect(code).toBe(5);
  expect(text.replace(/\s+/g, ' ')).toContain('karmada-eks down --remove-leftovers --fleet karmada --region us-west-2');
  expect(more(account)).toHaveLength(1);
});

it('changes nothing when the question is left', async () => {
  const account = await withVolume();
  await expect(asked(account, [[question, ctrlC]])).rejects.toMatchObject({ code: 'interrupted' });
  expect(more(account)).toHaveLength(1);
});

it.each([
  [
    'somebody else’s',
    (tags: Record<string, string>) => Object.assign(tags, { 'karmada-eks/fleet': 'karmada.eu-west-1' }),
  ],
  ['only perhaps the fleet’s', (tags: Record<string, string>) => delete tags['kubernetes.io/cluster/stray']],
])('asks once more whose each is when it is its turn, and leaves what is %s by then', async (_, change) => {
  const account = await withVolume();
  const meanwhile = (): void => {
    for (const { tags } of account.region(region).volumes) change(tags);
  };
  await asked(account, [[question, 'y']], { meanwhile });
  expect(more(account)).toHaveLength(1);
});
