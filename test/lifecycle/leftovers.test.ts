/** What a fleet leaves: found by whose it surely is, listed with what it costs, removed with consent, nothing else touched. */
import { describe, expect, it } from 'vitest';
import { addExistingCluster } from '../../src/rehearsal/existing-clusters.js';
import { said } from '../cli/output.js';
import { resourceIds } from '../rehearsal/resources.js';
import { passAll, upTo } from './cases.js';
import { cli } from './cli.js';
import { changes, down, region, succeed } from './fleet.js';
import { before, goneFleet, more, told } from './leftover-fleet.js';
import {
  addInterface,
  fleetTags,
  marksOf,
  type PlainKind,
  plant,
  plantAll,
  plantOne,
  type Tags,
} from './leftover-things.js';

const kinds = Object.keys(plant) as PlainKind[];
const remove = `${down} --remove-leftovers`;

describe.each(kinds)('a %s that carries the fleet’s tag and is of a cluster that the fleet made', (kind) => {
  it('is listed with its cost, changes nothing without consent, and goes with it', async () => {
    const account = await goneFleet();
    const id = plantOne(account, kind);
    const listed = await cli(account, `${down} --json`);
    expect(listed.code).toBe(5);
    expect(told(listed).leftovers).toMatchObject([{ kind }]);
    expect(changes(listed)).toEqual([]);
    expect(resourceIds(account)).toContain(id);
    const removed = await succeed(account, remove);
    expect(removed.stdout).toContain('fleet karmada deleted');
    expect(resourceIds(account)).toEqual(before);
  });
});

describe.each(kinds.filter((kind) => kind !== 'log group'))('a %s that carries the fleet’s tag alone', (kind) => {
  it('is listed as perhaps the fleet’s, and is never removed with the rest', async () => {
    const account = await goneFleet();
    const id = plant[kind](account, { cluster: 'nobody', tags: fleetTags(account) });
    const planted = more(account);
    const listed = told(await cli(account, `${down} --json`)).leftovers;
    expect(listed).toMatchObject([{ kind, whose: 'perhaps', evidence: 'perhaps this fleet (tag only)' }]);
    plantOne(account, 'volume');
    const removed = await cli(account, remove);
    expect(removed.code).toBe(5);
    expect(planted).toContain(id);
    expect(more(account)).toEqual(planted);
  });
});

const marks = Object.entries(marksOf('one')) as [PlainKind, Tags][];

describe.each(marks)('a %s of a cluster that the fleet made and that is gone', (kind, tags) => {
  it('is the fleet’s by the mark of AWS', async () => {
    const account = await goneFleet();
    plant[kind](account, { cluster: 'one', tags });
    expect(told(await cli(account, `${down} --json`)).leftovers).toMatchObject([{ kind }]);
    await succeed(account, remove);
    expect(resourceIds(account)).toEqual(before);
  });
});

it('leaves what carries another fleet’s tag, a name that begins alike, another cluster’s mark, or none', async () => {
  const account = await goneFleet();
  const here = account.region(region);
  const subnetIds = here.subnets.map(({ id }) => id);
  addExistingCluster(account, { region, name: 'shop', vpcId: here.vpcs[0]?.id ?? '', subnetIds });
  const others = [`karmada-2.${region}`, 'karmada.eu-west-1', `karmada`];
  for (const kind of kinds) {
    for (const fleet of others) plant[kind](account, { cluster: `one-${fleet}`, tags: { 'karmada-eks/fleet': fleet } });
    plant[kind](account, { cluster: 'one-more', tags: {} });
  }
  for (const cluster of ['one-2', 'on', 'shop', 'home']) {
    for (const [kind, tags] of Object.entries(marksOf(cluster)) as [PlainKind, Tags][])
      plant[kind](account, { cluster, tags });
  }
  for (const [kind, tags] of marks) {
    if (kind === 'log group') continue;
    // Another fleet’s tag is stronger than the name of a cluster, and so is a cluster that is there.
    plant[kind](account, { cluster: 'one', tags: { ...tags, 'karmada-eks/fleet': `karmada-2.${region}` } });
    plant[kind](account, { cluster: 'one', tags: { ...tags, 'kubernetes.io/cluster/shop': 'owned' } });
  }
  const there = resourceIds(account);
  const gone = await succeed(account, remove);
  expect(gone.stdout).toContain('no tagged resources remain');
  expect(changes(gone)).toEqual([]);
  expect(resourceIds(account)).toEqual(there);
});

it('leaves what an older cluster of the same name has left', async () => {
  const account = await goneFleet();
  const owned = { 'kubernetes.io/cluster/one': 'owned' };
  plant.volume(account, { cluster: 'one', tags: owned });
  plant['load balancer'](account, { cluster: 'one', tags: owned });
  plant['log group'](account, { cluster: 'one', tags: {} });
  const long = account.now() - 365 * 86_400_000;
  const here = account.region(region);
  for (const thing of [...here.volumes, ...here.loadBalancers, ...here.logGroups]) thing.createdAt = long;
  const there = resourceIds(account);
  await succeed(account, remove);
  expect(resourceIds(account)).toEqual(there);
});

it.each([
  ['was there before', -365 * 86_400_000],
  ['came after the end of the fleet’s cluster of that name', 86_400_000],
])('leaves the roles and OIDC providers of a cluster that %s, whatever tags they carry', async (_, apart) => {
  const account = await goneFleet();
  const tags = { ...fleetTags(account), 'alpha.eksctl.io/cluster-name': 'one' };
  plant['IAM role'](account, { cluster: 'one', tags });
  plant['OIDC provider'](account, { cluster: 'one', tags });
  const { iamCreated = {} } = account.state;
  for (const name of Object.keys(iamCreated)) iamCreated[name] = account.now() + apart;
  const there = resourceIds(account);
  expect((await succeed(account, remove)).stdout).toContain('no tagged resources remain');
  expect(resourceIds(account)).toEqual(there);
});

it('shows what each costs and what all cost, and how to remove them', async () => {
  const account = await goneFleet();
  plantAll(account);
  const ended = await cli(account, down);
  expect(ended.stdout.replaceAll(/\b0{10}\w+/g, (id) => '0'.repeat(id.length))).toMatchInlineSnapshot(`
    "WHAT                   NAME                                                         REGION      USD/HOUR   USD/MONTH   STATE                                                      OWNER
    CloudFormation stack   eksctl-stray-addon-left                                      us-west-2   0.0000     0.00        CREATE_COMPLETE                                            this fleet (tag and record)
    load balancer          a-00000000000000000                                          us-west-2   0.0325     23.73       in vpc-00000000000000000, 2 public addresses               this fleet (tag, cluster stray and record)
    target group           k8s-00000000000000000                                        us-west-2   0.0000     0.00                                                                   this fleet (tag, cluster stray and record)
    volume                 vol-00000000000000000                                        us-west-2   0.0022     1.60        20 GiB, gp3, available                                     this fleet (tag, cluster stray and record)
    network interface      eni-00000000000000000                                        us-west-2   0.0000     0.00        aws-K8S-i-0123456789abcdef0, in subnet-00000000000000000   this fleet (tag, cluster stray and record)
    security group         sg-00000000000000000                                         us-west-2   0.0000     0.00        left-sg-00000000000000000                                  this fleet (tag, cluster stray and record)
    log group              /aws/eks/stray/cluster                                       us-west-2   0.0000     0.00        0 bytes                                                    this fleet (cluster stray and record)
    IAM role               eksctl-stray-cluster-ServiceRole-left                        global      0.0000     0.00                                                                   this fleet (tag, cluster stray and record)
    OIDC provider          oidc.eks.us-west-2.amazonaws.com/id/oidc-00000000000000000   global      0.0000     0.00                                                                   this fleet (tag, cluster stray and record)
    total                                                                                           0.0347     25.33
    "
  `);
  expect(said(ended)).toMatchInlineSnapshot(`
    "✖ 9 resources of fleet karmada are left: 0.0347 USD per hour, 25.33 per month (730 hours)
      next: delete them: karmada-eks down --remove-leftovers --fleet karmada --region us-west-2
      code: leftovers
    exit 5"
  `);
});

it('tells apart what is perhaps the fleet’s, with what to do', async () => {
  const account = await goneFleet();
  plant['IAM role'](account, { cluster: 'nobody', tags: fleetTags(account) });
  plantOne(account, 'target group');
  const ended = await cli(account, down);
  expect(said(ended)).toMatchInlineSnapshot(`
    "✖ 1 resource of fleet karmada is left: 0.0000 USD per hour, 0.00 per month (730 hours)
      next: delete them: karmada-eks down --remove-leftovers --fleet karmada --region us-west-2
      code: leftovers
    ✖ 1 resource is perhaps part of fleet karmada and will not be deleted
      why:  IAM role eksctl-nobody-cluster-ServiceRole-left: perhaps this fleet (tag only)
      next: 1. if you know that the fleet created it, delete it in the console of its service
            2. if it belongs to somebody else, remove its tag karmada-eks/fleet so that it is no longer listed
      code: leftovers
    exit 5"
  `);
});

it('sums what has a price and names what has none', async () => {
  const account = await goneFleet();
  plantOne(account, 'volume');
  plantOne(account, 'volume');
  plantOne(account, 'load balancer');
  plantOne(account, 'log group');
  for (const group of account.region(region).logGroups) group.storedBytes = 4096;
  const { leftovers, usdPerHour, usdPerMonth, unknown } = told(await cli(account, `${down} --json`));
  expect(leftovers).toHaveLength(4);
  // 40 GiB of gp3 at 0.08 per month, a load balancer at 0.0225 and two addresses at 0.005 per hour; nothing knows the rate of logs.
  expect([usdPerHour, usdPerMonth]).toEqual([0.036884, 26.92532]);
  expect(unknown).toEqual(['log group /aws/eks/stray/cluster']);
  const shown = await cli(account, down);
  expect(shown.stdout).toMatch(/\ntotal, at least +0\.0369 +26\.93\n/);
  expect(said(shown).split('\n')[0]).toMatchInlineSnapshot(
    `"✖ 4 resources of fleet karmada are left: at least 0.0369 USD per hour, 26.93 per month (730 hours); no price known for 1 of them, not included"`,
  );
});

it('continues after a kill at every event of the removal', { timeout: 600_000 }, async () => {
  const left = async () => {
    const account = await goneFleet();
    plantAll(account);
    return account;
  };
  const { events } = await succeed(await left(), remove);
  await passAll('removal of leftovers killed at event', 20, upTo(events.length), async (killAt) => {
    const account = await left();
    expect((await cli(account, remove, { killAt })).code).toBe('killed');
    await succeed(account, remove);
    expect(more(account)).toEqual([]);
  });
});

it('names what holds something, removes the rest, and continues when it is free', async () => {
  const account = await goneFleet();
  const held = plantOne(account, 'security group');
  plantOne(account, 'security group');
  plantOne(account, 'volume');
  const id = held.split(' ').at(-1) ?? '';
  addInterface(account, { id: 'eni-somebody', description: 'somebody’s', groups: [id] });
  const tried = await cli(account, `${remove} --json`);
  expect(tried.code).toBe(5);
  expect(told(tried).leftovers).toMatchObject([{ kind: 'security group', id }]);
  expect(tried.stdout).toContain('"code":"leftover-not-removed"');
  expect(tried.stdout).toContain(`${id}: DependencyViolation: resource ${id} has a dependent object`);
  expect(more(account)).toEqual([`${region} network-interface eni-somebody`, held]);
  account.region(region).networkInterfaces = account
    .region(region)
    .networkInterfaces.filter((eni) => eni.id !== 'eni-somebody');
  await succeed(account, remove);
  expect(resourceIds(account)).toEqual(before);
});

it('refuses a variable instead of the flag', async () => {
  const account = await goneFleet();
  plantOne(account, 'volume');
  const vars = { KARMADA_EKS_REMOVE_LEFTOVERS: 'true' };
  const there = resourceIds(account);
  expect(await cli(account, down, { vars })).toMatchObject({ code: 2, calls: [] });
  expect(resourceIds(account)).toEqual(there);
});
