/** What clusters leave: rules in a parent that stays, and clusters of the fleet that neither its record nor its parent knows. */
import { expect, it } from 'vitest';
import { removeCluster } from '../../src/rehearsal/account/clusters.js';
import { type Account, newAccount } from '../../src/rehearsal/account.js';
import { addExistingCluster } from '../../src/rehearsal/existing-clusters.js';
import { removeApi } from '../../src/rehearsal/kube/api.js';
import { addVpc } from '../../src/rehearsal/vpcs.js';
import { resourceIds } from '../rehearsal/resources.js';
import { triesMore } from './cases.js';
import { cli } from './cli.js';
import { changes, down, fleetFolder, fleetId, newMachine, otherRegion, region, smallUp, succeed } from './fleet.js';
import { told } from './leftover-fleet.js';
import { addBalancer, fleetTags, plant } from './leftover-things.js';

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

const described = (purpose: string): string => `kubernetes.io/rule/nlb/${purpose}`;

/** Rules in the group of the parent's nodes, as the cloud controller makes them. */
function addRules(account: Account, name: string, source: string, port = 30_000): void {
  const groups = account.region(region).securityGroups;
  const rules = groups.find((each) => each.tags['aws:eks:cluster-name'] === 'karmada-parent')?.rules;
  for (const purpose of ['client', 'health'])
    rules?.push({ id: `sgr-${purpose}-${name}`, description: described(`${purpose}=${name}`), source, port });
  if (rules?.some((rule) => rule.port === 'icmp' && rule.source === source)) return;
  rules?.push({ id: `sgr-mtu-${source}`, description: described('mtu'), source, port: 'icmp' });
}

/** A load balancer of the parent whose Service is gone, with its rules. */
function leaveBalancer(account: Account, tags: Readonly<Record<string, string>>, source: string): string {
  const service = { 'kubernetes.io/service-name': 'karmada-system/karmada-service-loadbalancer' };
  const name = addBalancer(account, { 'kubernetes.io/cluster/karmada-parent': 'owned', ...service, ...tags });
  addRules(account, name, source);
  return name;
}

it('are the rules of the fleet’s load balancer in an adopted parent, and no others', async () => {
  const account = adoptable();
  const before = things(account);
  await succeed(account, `${smallUp} --use-existing`);
  const others = [
    leaveBalancer(account, {}, '192.0.2.1/32'),
    leaveBalancer(account, { 'karmada-eks/fleet': `karmada-2.${region}` }, '192.0.2.2/32'),
  ];
  const left = leaveBalancer(account, { 'karmada-eks/fleet': fleetId(account) }, '192.0.2.3/32');
  const listed = await cli(account, `${down} --json`);
  expect(listed.code).toBe(5);
  expect(told(listed).leftovers.map(({ kind, detail }) => `${kind}: ${detail}`)).toEqual([
    expect.stringMatching(/^load balancer: /),
    ...[`client=${left}`, `health=${left}`, 'mtu'].map(
      (purpose) => `security group rule: ${described(purpose)} from 192.0.2.3/32`,
    ),
  ]);
  await succeed(account, remove);
  const after = things(account);
  expect(before.filter((id) => !after.includes(id))).toEqual([]);
  const rules = (name: string) => after.filter((id) => id.includes('security-group-rule') && id.endsWith(name));
  expect([left, ...others].map((name) => rules(name).length)).toEqual([0, 2, 2]);
  expect([1, 2, 3].map((last) => rules(`192.0.2.${last}/32`).length)).toEqual([1, 1, 0]);
});

it('is no rule for packet sizes that clients of another load balancer need', async () => {
  const account = adoptable();
  await succeed(account, `${smallUp} --use-existing`);
  leaveBalancer(account, {}, '192.0.2.1/32');
  const left = leaveBalancer(account, { 'karmada-eks/fleet': fleetId(account) }, '192.0.2.1/32');
  await succeed(account, remove);
  const after = things(account).filter((id) => id.includes('security-group-rule'));
  expect(after.some((id) => id.endsWith('sgr-mtu-192.0.2.1/32'))).toBe(true);
  expect(after.some((id) => id.endsWith(left))).toBe(false);
});

it('are no rules when the load balancer was deleted before its Service: that proves whose they are', async () => {
  const account = adoptable();
  const before = things(account);
  await succeed(account, `${smallUp} --use-existing`);
  addRules(account, 'a0', '198.51.100.1/32');
  const [balancer] = account.region(region).loadBalancers.filter(({ api }) => api.endsWith('/karmada-parent'));
  if (balancer !== undefined) balancer.deletedAt = account.now();
  // A Karmada that works and that nobody reaches would be repaired first.
  delete account.state.apis[`eks/${region}/karmada-parent`]?.objects['deployments/karmada-system/karmada-apiserver'];
  const added = () => things(account).filter((id) => id.includes('security-group-rule') && !before.includes(id));
  expect(added()).toHaveLength(9);
  await succeed(account, remove);
  // Its client is that of another load balancer too.
  expect(added().map((id) => id.replace(/.* /, '').replace(/^sgr-[0-9a-f]{17}$/, 'mtu'))).toEqual([
    'mtu',
    'sgr-client-a0',
    'sgr-health-a0',
  ]);
});

it('are perhaps rules at the node port of the Karmada API whose load balancer was deleted first; none is deleted', async () => {
  const account = adoptable();
  await succeed(account, `${smallUp} --use-existing`);
  addRules(account, 'a0', '192.0.2.4/32', 31_443);
  addRules(account, 'a1', '192.0.2.5/32', 30_000);
  const listed = await cli(account, `${down} --remove-leftovers --json`);
  const perhaps = told(listed).leftovers.filter(({ whose }) => whose === 'perhaps');
  expect(perhaps.map(({ detail, evidence }) => `${detail}: ${evidence}`)).toEqual(
    [described('client=a0'), described('health=a0'), described('mtu')].map(
      (text) => `${text} from 192.0.2.4/32: perhaps: node port 31443 only; its load balancer was deleted`,
    ),
  );
  const after = things(account).filter((id) => /sgr-(client|health|mtu)/.test(id));
  expect(after).toHaveLength(6);
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

it.runIf(triesMore)(
  'are the fleet’s when the cluster was deleted behind its back and nobody but its stack remembers it',
  async () => {
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
  },
);

it.runIf(triesMore)(
  'are not the roles of a cluster of the same name before it, though the fleet has other regions',
  async () => {
    const account = newMachine();
    await succeed(account, `${smallUp} --member name=far,region=${otherRegion}`);
    const tags = { ...fleetTags(account), 'alpha.eksctl.io/cluster-name': 'one' };
    const role = plant['IAM role'](account, { cluster: 'one', tags });
    const { iamCreated = {} } = account.state;
    iamCreated['eksctl-one-cluster-ServiceRole-left'] = account.now() - 400 * 24 * 3_600_000;
    const { stdout } = await succeed(account, remove);
    expect(stdout).not.toContain('ServiceRole-left');
    expect(resourceIds(account)).toContain(role);
  },
);
