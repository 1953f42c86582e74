/** Somebody who may write into the parent, and what they make of the fleet's description there. */
import { expect } from 'vitest';
import type { Account } from '../../src/rehearsal/account.js';
import type { KubeObjectState } from '../../src/rehearsal/state.js';
import { region } from './fleet.js';
import { joinable } from './joinable.js';

type Described = Record<string, unknown> & { revision: number; members: object[] };

/** The ConfigMap that describes the fleet. */
export function markIn(account: Account): KubeObjectState {
  const objects = account.state.apis[`eks/${region}/karmada-parent`]?.objects;
  return objects?.['configmaps/karmada-system/karmada-eks'] ?? expect.unreachable('no description');
}

/** Changes the description, under the next revision. */
export function describeAnew(account: Account, change: (described: Described) => object): void {
  const data = markIn(account)['data'] as Record<string, string>;
  const described = JSON.parse(data['fleet.json'] ?? '{}') as Described;
  data['fleet.json'] = JSON.stringify(change({ ...described, revision: described.revision + 1 }));
}

/** The description has a member that is a context of the user's kubeconfig, and that nobody here asked for. */
export async function planted(): Promise<Account> {
  const account = await joinable();
  describeAnew(account, (described) => ({
    ...described,
    members: [...described.members, { name: 'edge', mode: 'push', context: 'kind-edge' }],
  }));
  return account;
}
