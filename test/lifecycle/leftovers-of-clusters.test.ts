/** What clusters leave: rules in a parent that stays, and clusters of the fleet that neither its record nor its parent knows. */
import { expect, it } from 'vitest';
import { removeCluster } from '../../src/rehearsal/account/clusters.js';
import { type Account, newAccount } from '../../src/rehearsal/account.js';
import { addExistingCluster } from '../../src/rehearsal/existing-clusters.js';
import { removeApi } from '../../src/rehearsal/kube/api.js';
import { addVpc } from '../../src/rehearsal/vpcs.js';
import { resourceIds } from '../rehearsal/resources.js';
import { cli } from './cli.js';
import { changes, down, fleetFolder, fleetId, newMachine, region, smallUp, succeed } from './fleet.js';
import { told } from './leftover-fleet.js';
import { addBalancer, plant } from './leftover-things.js';

const remove = `${down} --remove-leftovers`;

/** The parent and both members existed; the rules that are not the cloud controller's are somebody's. */
function adoptable(): Account {
  const account = newAccount();
  const { vpc, privateSubnets } = addVpc(account, { region, name: 'main' });
  const subnetIds = privateSubnets.map(({ id }) => id);
  for (const name of ['karmada-parent', 'one', 'two'])
    addExistingCluster(account, { region, name, vpcId: vpc.id, subnetIds });
  for (const group of account.region(region).securityGroups) {
    group.rules = [{ id: `sgr-own-${group.id}`, description: 'mine', source: '10.0.0.0/8', port: 22 }];
  }
  return account;
}

/** Without the providers, which stay with clusters that stay. */
function things(account: Account): readonly string[] {
  return resourceIds(account).filter((id) => !id.startsWith('oidc-provider'));
}

/** A load balancer of the parent whose Service is gone, with the rules that the cloud controller made for it. */
function leaveBalancer(account: Account, tags: Readonly<Record<string, string>>): string {
  const service = { 'kubernetes.io/service-name': 'karmada-system/karmada-service-loadbalancer' };
  const name = addBalancer(account, { 'kubernetes.io/cluster/karmada-parent': 'owned', ...service, ...tags });
  const groups = account.region(region).securityGroups;
  const group = groups.find((each) => each.tags['aws:eks:cluster-name'] === 'karmada-parent');
  group?.rules?.push(
    ...['client', 'health', 'mtu'].map((purpose) => ({
      id: `sgr-${purpose}-${name}`,
      description: `kubernetes.io/rule/nlb/${purpose}=${name}`,
      source: '0.0.0.0/0',
      port: 30_000,
    })),
  );
  return name;
}

it('are the rules of the fleet’s load balancer in an adopted parent, and no others', async () => {
  const account = adoptable();
  const before = things(account);
  await succeed(account, `${smallUp} --use-existing`);
  const others = [leaveBalancer(account, {}), leaveBalancer(account, { 'karmada-eks/fleet': `karmada-2.${region}` })];
  const left = leaveBalancer(account, { 'karmada-eks/fleet': fleetId(account) });
  const listed = await cli(account, `${down} --json`);
  expect(listed.code).toBe(5);
  expect(told(listed).leftovers.map(({ kind, detail }) => `${kind}: ${detail}`)).toEqual([
    expect.stringMatching(/^load balancer: /),
    ...['client', 'health', 'mtu'].map((purpose) => `security group rule: kubernetes.io/rule/nlb/${purpose}=${left}`),
  ]);
  await succeed(account, remove);
  const after = things(account);
  expect(before.filter((id) => !after.includes(id))).toEqual([]);
  const rules = (name: string) => after.filter((id) => id.includes('security-group-rule') && id.endsWith(name));
  expect([left, ...others].map((name) => rules(name).length)).toEqual([0, 3, 3]);
});

it('is a cluster that carries the tag and that nobody remembers, with its price, nodes and stacks', async () => {
  const account = newMachine();
  const before = resourceIds(account);
  await succeed(account, smallUp);
  const path = `${fleetFolder}/fleet.json`;
  const record = JSON.parse(account.state.files[path] ?? '') as {
    request: { revision: number; members: { name: string }[] };
  };
  // As on a machine whose record is newer than the parent’s description.
  record.request.members = record.request.members.filter(({ name }) => name === 'one');
  record.request.revision += 1;
  account.state.files[path] = JSON.stringify(record);
  const listed = await cli(account, `${down} --json`);
  expect(listed.code).toBe(5);
  const { leftovers, usdPerHour } = told(listed);
  expect(leftovers.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    'EKS cluster two',
    ...account
      .region(region)
      .stacks.flatMap(({ name, status }) => (status === 'DELETE_COMPLETE' ? [] : [`CloudFormation stack ${name}`])),
  ]);
  // A control plane, three m5.large, three root volumes of 80 GiB.
  expect(usdPerHour).toBeCloseTo(0.1 + 3 * 0.096 + (3 * 80 * 0.08) / 730, 5);
  const removed = await succeed(account, remove);
  expect(changes(removed)).toContain('exec eksctl delete cluster two');
  expect(resourceIds(account)).toEqual(before);
});

it('are the fleet’s when the cluster was deleted behind its back and nobody but its stack remembers it', async () => {
  const account = newMachine();
  const before = resourceIds(account);
  await succeed(account, smallUp);
  removeCluster(account, region, 'two');
  removeApi(account, `eks/${region}/two`);
  plant.volume(account, { cluster: 'two', tags: { 'kubernetes.io/cluster/two': 'owned' } });
  plant['log group'](account, { cluster: 'two', tags: {} });
  const path = `${fleetFolder}/fleet.json`;
  const { made: _, ...rest } = JSON.parse(account.state.files[path] ?? '') as Record<string, unknown>;
  account.state.files[path] = JSON.stringify(rest);
  const listed = await cli(account, `${down} --json`);
  expect(told(listed).leftovers.map(({ kind }) => kind)).toEqual(['volume', 'log group', 'OIDC provider']);
  await succeed(account, remove);
  expect(resourceIds(account)).toEqual(before);
});
