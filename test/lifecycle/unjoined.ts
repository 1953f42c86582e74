/** What the tests of `unjoin` share: fleets with members of every kind, and what of Karmada is left of a member. */
import { expect } from 'vitest';
import type { Account } from '../../src/rehearsal/account.js';
import { addExistingCluster } from '../../src/rehearsal/existing-clusters.js';
import { addVpc } from '../../src/rehearsal/vpcs.js';
import { addPlainCluster, plainKubeconfig } from '../rehearsal/plain-clusters.js';
import { newMachine, region, succeed } from './fleet.js';

/** Where the user has the context of the cluster that is not in EKS. */
export const laptopKubeconfig = '/home/you/laptop.yaml';

/** What a process of the user finds in its environment. */
export const withLaptop = { vars: { KUBECONFIG: `/home/you/.kube/config:${laptopKubeconfig}` } } as const;

/** All kinds of members: of the fleet's own, adopted, and by a context; push and pull. */
const mixedUp = [
  `up --region ${region} --vpc main --yes --allow 203.0.113.10/32`,
  '--member name=own --member name=own-pull,mode=pull',
  '--member name=adopted,existing=true --member name=adopted-pull,existing=true,mode=pull',
  '--member name=laptop,context=laptop',
].join(' ');

/** An account in which two clusters exist, and a cluster elsewhere that the user has a context of. */
export function mixedMachine(): Account {
  const account = newMachine();
  const { vpc, privateSubnets } = addVpc(account, { region, name: 'others' });
  for (const name of ['adopted', 'adopted-pull']) {
    addExistingCluster(account, { region, name, vpcId: vpc.id, subnetIds: privateSubnets.map(({ id }) => id) });
  }
  const api = addPlainCluster(account, { name: 'laptop', server: 'https://192.0.2.7:6443', provider: 'kind' });
  account.state.files[laptopKubeconfig] = plainKubeconfig(api, 'laptop');
  return account;
}

/** The fleet of `mixedUp`. */
export async function mixedFleet(): Promise<Account> {
  const account = mixedMachine();
  await succeed(account, mixedUp, withLaptop);
  return account;
}

/** The keys of the objects in one API, `<plural>/<namespace>/<name>`. */
export function objectsOf(account: Account, key: string): readonly string[] {
  return Object.keys(account.state.apis[key]?.objects ?? {});
}

/** Expects nothing of Karmada in the clusters of these members, and nothing of them in Karmada. */
export function expectNoTrace(account: Account, names: readonly string[]): void {
  const left = names.flatMap((name) => [
    ...memberKeys(account, name).flatMap((key) => objectsOf(account, key).filter((each) => each.includes('karmada'))),
    ...keptByKarmada(account, name),
  ]);
  expect(left.join(), 'left of Karmada').toBe('');
}

function memberKeys(account: Account, name: string): readonly string[] {
  return Object.keys(account.state.apis).filter((key) => key.endsWith(`/${name}`) && !key.startsWith('karmada/'));
}

/** What the Karmada API holds of a member. */
export function keptByKarmada(account: Account, name: string): readonly string[] {
  return objectsOf(account, `karmada/${region}/karmada-parent`).filter((each) => isOf(each, name));
}

/** Signing requests go by themselves, an hour after they were granted (Kubernetes, csrcleaner). */
function isOf(key: string, member: string): boolean {
  const [plural = '', , name = ''] = key.split('/');
  if (plural === 'certificatesigningrequests') return false;
  return [member, `${member}-impersonator`, `karmada-es-${member}`].includes(name) || name.includes(`:${member}:`);
}

/** Who may reach the Karmada API. */
export function sourceRanges(account: Account): readonly string[] {
  const objects = account.state.apis[`eks/${region}/karmada-parent`]?.objects;
  const spec = objects?.['services/karmada-system/karmada-service-loadbalancer']?.['spec'];
  return (spec as { loadBalancerSourceRanges?: readonly string[] } | undefined)?.loadBalancerSourceRanges ?? [];
}
