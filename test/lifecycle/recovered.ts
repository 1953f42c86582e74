/** A fleet whose parent is gone, with a backup of it: eksctl deleted the cluster, and with it Karmada. */
import type { Account } from '../../src/rehearsal/account.js';
import { connect } from '../../src/rehearsal/machine/connect.js';
import { otherRegion } from './fleet.js';
import { file } from './restored.js';

export const elsewhere = `recover ${file} --region ${otherRegion} --vpc main --yes`;
export const samePlace = `recover ${file} --yes`;

/** By somebody who meant another one. */
export async function loseParent(account: Account): Promise<Account> {
  const { world } = connect(account);
  const { signal } = new AbortController();
  const args = [
    'delete',
    'cluster',
    '--name=karmada-parent',
    '--region=us-west-2',
    '--wait',
    '--disable-nodegroup-eviction',
    '--timeout=60m',
  ];
  const ended = await world.exec({ tool: 'eksctl', args, timeoutMs: 3_600_000, signal });
  if (ended.kind !== 'exited' || ended.code !== 0) throw new TypeError(JSON.stringify(ended));
  await account.clock.sleep(600_000);
  return account;
}
