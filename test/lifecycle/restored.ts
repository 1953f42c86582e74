/** A fleet with a workload in its members and a backup, and what may become of it: etcd loses its data, people change things. */
import type { Account } from '../../src/rehearsal/account.js';
import { cli } from './cli.js';
import { succeed } from './fleet.js';
import { applyTo, running, shopObjects } from './workloads.js';

export const file = '/home/you/karmada.tar';
export const restoring = `restore ${file} --yes --confirm karmada`;

/** `web` with three replicas in both members, and a backup of that. */
export async function backedUp(account: Account): Promise<Account> {
  await applyTo(account, 'karmada-apiserver', shopObjects(['one', 'two']));
  await succeed(account, `backup --to ${file}`);
  return account;
}

/** Six replicas instead of three, and `late`, which the backup does not know. */
export async function movedOn(account: Account): Promise<Account> {
  const [, policy, web] = shopObjects(['one', 'two']) as readonly Record<string, object>[];
  const late = (object: Record<string, object> | undefined): object =>
    JSON.parse(JSON.stringify(object).replaceAll('web', 'late')) as object;
  const grown = { ...web, spec: { ...web?.['spec'], replicas: 6 } };
  await applyTo(account, 'karmada-apiserver', [grown, late(policy), late(web)]);
  return await settled(account);
}

/** Uids of pods and Deployments in both members. */
export function inMembers(account: Account): readonly string[] {
  return ['one', 'two'].flatMap((name) => running(account, name, 'shop').map((each) => `${name} ${each}`));
}

/** How many replicas each of the two members has of a Deployment. */
export function replicasIn({ state }: Account, name: string): readonly unknown[] {
  return ['one', 'two'].map((member) => {
    const found = state.apis[`eks/us-west-2/${member}`]?.objects[`deployments/shop/${name}`];
    return (found?.['spec'] as { replicas?: number } | undefined)?.replicas;
  });
}

/** Every claim of etcd is deleted, as in the lab; the StatefulSet makes others. */
export async function loseEtcd(account: Account): Promise<void> {
  const parent = account.state.apis['eks/us-west-2/karmada-parent'];
  for (const key of Object.keys(parent?.objects ?? {}))
    if (/^(persistentvolumeclaims|pods)\/karmada-system\/(etcd-data-)?etcd-\d$/.test(key)) delete parent?.objects[key];
  delete account.state.apis['karmada/us-west-2/karmada-parent'];
  await settled(account);
  await settled(account);
}

/** Two minutes later: the controllers have done what they had to do. */
export async function settled(account: Account): Promise<Account> {
  await cli(account, 'status');
  await account.clock.sleep(120_000);
  await cli(account, 'status');
  return account;
}
