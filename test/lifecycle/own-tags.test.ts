/** The user's own tags: on everything that a fleet creates in AWS, kept by joins, told where something existing lacks them. */
import { beforeAll, expect, it } from 'vitest';
import { partsOf } from '../../src/rehearsal/account/role-parts.js';
import { type Account, restore, snapshot } from '../../src/rehearsal/account.js';
import { findObject } from '../../src/rehearsal/kube/api-server/store.js';
import { cli } from './cli.js';
import { changes, newMachine, region, succeed } from './fleet.js';

const up = `up --region ${region} --vpc main --yes --member name=one`;
const tags = ' --tag team=shop --tag cost-centre=42/7';
const own = { team: 'shop', 'cost-centre': '42/7' };

let account: Account;
let untagged: string;
beforeAll(async () => {
  const machine = newMachine();
  await succeed(machine, up);
  untagged = snapshot(machine);
  account = newMachine();
  await succeed(account, `${up}${tags}`);
});

it('are shown in the plan', async () => {
  const plan = await succeed(newMachine(), `${up.replace('up', 'plan').replace(' --yes', '')}${tags}`);
  expect(plan.stdout).toMatch(/tags +cost-centre=42\/7, team=shop\n/);
});

it('are on clusters, node groups, add-ons, nodes, volumes, load balancer, stacks and roles', () => {
  const { clusters, instances, volumes, loadBalancers, targetGroups = [], stacks } = account.region(region);
  const groups = Object.values(clusters).flatMap(({ nodeGroups }) => Object.values(nodeGroups));
  const addons = Object.values(clusters).flatMap((cluster) => Object.values(cluster.addons));
  expect(addons.map(({ name }) => name)).toContain('metrics-server');
  const things = [clusters, groups, addons, instances, volumes, loadBalancers, targetGroups, stacks].map(Object.values);
  expect(things.map(({ length }) => length > 0)).toEqual(things.map(() => true));
  for (const thing of things.flat()) expect(thing).toMatchObject({ tags: own });
  const etcd = volumes.filter(({ tags }) => tags['kubernetes.io/created-for/pvc/name'] !== undefined);
  expect(etcd).toHaveLength(3);
  const { roles } = account.state;
  expect(roles.length).toBeGreaterThan(0);
  for (const role of roles) expect(partsOf(account.state, role).tags).toMatchObject(own);
});

it('change nothing the second time, and are those of members that come later', async () => {
  const again = await succeed(account, `${up}${tags}`);
  expect(again.stderr).not.toContain('drift');
  expect(changes(again)).toEqual([]);
  await succeed(account, 'join --yes --member name=late');
  expect(account.region(region).clusters['late']?.tags).toMatchObject(own);
});

it('are told when they are requested no longer: those that are given replace all', async () => {
  const told = `no longer requested: 1 tag (cost-centre=42/7)`;
  const fewer = await succeed(account, `plan --region ${region} --vpc main --member name=one --tag team=shop`);
  expect(fewer.stderr).toContain(told);
  const same = await succeed(account, `plan --region ${region}`);
  expect(same.stderr).not.toContain('no longer requested');
});

it('are told where something existing lacks them, and new volumes get them', async () => {
  const machine = restore(untagged);
  const again = await succeed(machine, `${up}${tags}`);
  const lacking = 'without tags cost-centre=42/7, team=shop; this is not changed in an existing';
  for (const line of [
    `one: ${lacking} cluster`,
    `karmada-parent: ${lacking} cluster`,
    `load balancer ${lacking} load balancer`,
  ])
    expect(again.stderr).toContain(`drift: ${line}`);
  expect(changes(again).filter((key) => key.includes('eksctl'))).toEqual([]);
  const parent = machine.state.apis[`eks/${region}/karmada-parent`];
  const storageClass = parent && findObject(parent, 'storageclasses', '', 'ebs-sc');
  expect(storageClass).toMatchObject({ parameters: { tagSpecification_1: 'cost-centre=42/7' } });
});

it.each(['kmsKeyId', ''])(
  'do not replace a StorageClass that has a key or what somebody put on it: %s',
  async (key) => {
    const machine = restore(untagged);
    const parent = machine.state.apis[`eks/${region}/karmada-parent`] ?? expect.unreachable('no parent');
    const found = findObject(parent, 'storageclasses', '', 'ebs-sc') ?? expect.unreachable('no class');
    const { annotations, labels } = found.metadata;
    const parameters = found['parameters'] as object;
    if (key !== '') Object.assign(found, { parameters: { ...parameters, [key]: 'arn:aws:kms:us-west-2:1:key/1' } });
    else {
      found.metadata.annotations = { ...annotations, 'storageclass.kubernetes.io/is-default-class': 'true' };
      found.metadata.labels = { ...labels, team: 'storage' };
      const more = { iops: '6000', tagSpecification_1: 'owner=them' };
      Object.assign(found, {
        parameters: { ...parameters, ...more },
        allowVolumeExpansion: false,
        mountOptions: ['noatime'],
      });
    }
    const before = structuredClone(found);
    const again = await succeed(machine, `${up}${tags}`);
    expect(findObject(parent, 'storageclasses', '', 'ebs-sc')).toEqual(before);
    const kept =
      key === ''
        ? 'label team, annotation storageclass.kubernetes.io/is-default-class, parameter iops, parameter tagSpecification_1, allowVolumeExpansion, mountOptions'
        : 'parameter kmsKeyId';
    expect(again.stderr).toContain(
      `not replaced, to keep ${kept}; to have it created anew: kubectl delete storageclass ebs-sc, then up`,
    );
  },
);

it('are refused before anything is created', async () => {
  const machine = newMachine();
  const refused = await cli(machine, `${up} --tag aws:team=shop --tag shop`);
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('--tag: expected KEY=VALUE, got "shop"')]);
  const reserved = await cli(machine, `${up} --tag karmada-eks/fleet=mine`);
  expect(reserved.stderr).toContain('--tag: karmada-eks/fleet: the key is reserved');
  expect(machine.region(region).clusters).toEqual({});
});
