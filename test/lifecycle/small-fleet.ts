/** The fleet that most tests begin with: it is made once a file, and given anew to each test. */
import { beforeAll } from 'vitest';
import { type Account, restore, snapshot } from '../../src/rehearsal/account.js';
import { newMachine, smallUp, succeed } from './fleet.js';

/** Makes the fleet of `smallUp` before the tests of a file; each call of the answer gives it as it was then. */
export function smallFleet(): () => Account {
  let made = '';
  beforeAll(async () => {
    made = await madeFleet();
  }, 60_000);
  return () => restore(made);
}

/** A snapshot of the account with the fleet of `smallUp`. */
export async function madeFleet(): Promise<string> {
  const account = newMachine();
  await succeed(account, smallUp);
  return snapshot(account);
}
