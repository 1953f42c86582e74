/** Chance as the rehearsal has it: the same account, moment and process draw the same ids. */
import { createHash } from 'node:crypto';
import type { NewId } from '../../world/new-id.js';
import type { Account } from '../account.js';

/** Draws without changing the account, as real chance does: a plan must leave no trace. */
export function rehearsedIds({ state, now }: Account, pid: number): NewId {
  let drawn = 0;
  return () => {
    drawn += 1;
    const seed = `${state.accountId} ${now()} ${pid} ${drawn}`;
    return createHash('sha256').update(seed).digest('hex').slice(0, 12);
  };
}
