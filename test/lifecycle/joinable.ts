/** A fleet that is up, and clusters of all kinds beside it that can join. */
import { type Account, restore } from '../../src/rehearsal/account.js';
import { addExistingCluster } from '../../src/rehearsal/existing-clusters.js';
import type { KubeObjectState } from '../../src/rehearsal/state.js';
import { addVpc } from '../../src/rehearsal/vpcs.js';
import { addPlainCluster, eksKubeconfig, plainKubeconfig } from '../rehearsal/plain-clusters.js';
import { resourceIds } from '../rehearsal/resources.js';
import type { RunOptions } from './cli.js';
import { newMachine, otherRegion, region } from './fleet.js';
import { madeFleet } from './small-fleet.js';

/** How the AWS CLI names the context of a cluster. */
export const arnOfProd = `arn:aws:eks:${otherRegion}:111122223333:cluster/Prod_EU`;

/** The user's own kubeconfig, and one with the clusters that may join. */
export const withContexts: RunOptions = { vars: { KUBECONFIG: '/home/you/.kube/config:/home/you/others.yaml' } };

const contexts = '/home/you/others.yaml';

let made: string | undefined;

/**
 * A fleet of a push member `one` and a pull member `two`; EKS clusters `shop` and, in another region, `Prod_EU`, each in a
 * VPC of its own; and `kind-edge`, which is not in EKS.
 */
export async function joinable(): Promise<Account> {
  made ??= await madeFleet();
  return withOthers(restore(made));
}

/** Adds the clusters that can join. */
export function withOthers(account: Account): Account {
  for (const [where, name] of [
    [region, 'shop'],
    [otherRegion, 'Prod_EU'],
  ] as const) {
    const { vpc, privateSubnets } = addVpc(account, { region: where, name: `vpc-of-${name}` });
    const subnetIds = privateSubnets.slice(0, 2).map(({ id }) => id);
    addExistingCluster(account, { region: where, name, vpcId: vpc.id, subnetIds });
  }
  const edge = {
    name: 'edge',
    server: 'https://203.0.113.50:6443',
    provider: 'kind',
    region: 'attic',
    zones: ['b', 'a'],
  };
  const api = addPlainCluster(account, edge);
  setContexts(account, [
    plainKubeconfig(api, 'kind-edge'),
    eksKubeconfig(account, { region: otherRegion, name: 'Prod_EU' }, arnOfProd),
  ]);
  return account;
}

/** Replaces the contexts of the user's second kubeconfig. */
export function setContexts(account: Account, kubeconfigs: readonly string[]): void {
  const parsed = kubeconfigs.map((text) => JSON.parse(text) as Record<'clusters' | 'contexts' | 'users', unknown[]>);
  const all = (section: 'clusters' | 'contexts' | 'users'): unknown[] => parsed.flatMap((each) => each[section]);
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: all('clusters'),
    contexts: all('contexts'),
    users: all('users'),
  };
  account.state.files[contexts] = JSON.stringify(config);
}

/** What Karmada knows of a member. */
export function memberIn(account: Account, name: string): KubeObjectState | undefined {
  return account.state.apis[`karmada/${region}/karmada-parent`]?.objects[`clusters//${name}`];
}

/** What of Karmada is in the clusters that are not the fleet's. */
export function karmadaIn(account: Account): readonly string[] {
  const others = Object.values(account.state.apis).filter(({ cluster }) =>
    ['shop', 'Prod_EU', 'edge'].includes(cluster),
  );
  return others.flatMap(({ key, objects }) =>
    Object.keys(objects).flatMap((name) => (name.includes('karmada') ? [`${key} ${name}`] : [])),
  );
}

/** The resources of the account that have to be left when the fleet is gone. */
export async function resourcesOfOthers(): Promise<readonly string[]> {
  const all = resourceIds(await joinable());
  const before = resourceIds(newMachine());
  const fleets = resourceIds(restore(made ?? '')).filter((id) => !before.includes(id));
  return all.filter((id) => !fleets.includes(id));
}
