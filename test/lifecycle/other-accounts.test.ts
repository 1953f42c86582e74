/** Members of other accounts: their clusters exist, a role leads to them, and a namesake here is never meant. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { IamPolicy } from '../../src/iam/iam-policy.js';
import { addTrustedRole, regionKey, type TrustedRole } from '../../src/rehearsal/account/other-accounts.js';
import { type Account, restore } from '../../src/rehearsal/account.js';
import { addExistingCluster } from '../../src/rehearsal/existing-clusters.js';
import { addVpc } from '../../src/rehearsal/vpcs.js';
import { triesMore } from './cases.js';
import { cli, type Ended } from './cli.js';
import { changes, down, fleetFolder, kubeconfigPath, newMachine, readyStatus, region, succeed } from './fleet.js';
import { memberIn } from './joinable.js';
import { loseParent, samePlace } from './recovered.js';
import { backedUp, settled } from './restored.js';
import { madeFleet } from './small-fleet.js';

const other = '444455556666';
const key = regionKey(other, region);
const roleArn = `arn:aws:iam::${other}:role/fleets`;
const arnOfShop = `arn:aws:eks:${region}:${other}:cluster/shop`;
const fields = `cluster=shop,existing=true,account=${other},role=fleets`;

let made = '';
beforeAll(async () => {
  made = await madeFleet();
}, 60_000);

/** A fleet, and in both accounts a cluster `shop` in the same region; the role of the other account leads there. */
function twoShops(trust: Partial<TrustedRole> = {}): Account {
  const account = restore(made);
  addTrustedRole(account, { account: other, role: 'fleets', ...trust });
  for (const each of [region, key]) addShop(account, each);
  return account;
}

function addShop(account: Account, where: string): void {
  const { vpc, privateSubnets } = addVpc(account, { region: where, name: 'vpc-of-shop' });
  const subnetIds = privateSubnets.slice(0, 2).map(({ id }) => id);
  const cluster = addExistingCluster(account, { region: where, name: 'shop', vpcId: vpc.id, subnetIds });
  if (where === key) Object.assign(cluster, { accessEntries: [roleArn], creatorArn: undefined });
}

/** All objects of the API of `shop`, here or there. */
function shop({ state }: Account, where: string): readonly string[] {
  return Object.keys(state.apis[`eks/${where}/shop`]?.objects ?? {});
}

function eksOf({ state }: Account): string {
  return JSON.stringify([region, key].map((each) => state.regions[each]?.clusters['shop']));
}

describe.each(['push', 'pull'])('a %s member of another account', (mode) => {
  it('joins, is Ready, leaves, and its namesake here is never touched', async () => {
    const account = twoShops();
    const before = [shop(account, region), shop(account, key), eksOf(account)];
    const joined = await succeed(account, `join --cluster ${arnOfShop} --role fleets --mode ${mode} --yes`);
    expect(joined.stderr).toContain(`EKS cluster shop in ${region} of account ${other} → member shop (${mode})`);
    expect(memberIn(account, 'shop')).toMatchObject({ spec: { provider: 'aws', region } });
    expect(shop(account, key).some((name) => name.includes('karmada'))).toBe(true);
    expect(shop(account, region)).toEqual(before[0]);
    const { clusters } = await readyStatus(account);
    expect(clusters).toContainEqual(expect.objectContaining({ member: 'shop', region, account: other }));
    expect((await succeed(account, 'status')).stdout).toContain(`Ready · ${region} of account ${other} · `);
    expect((await succeed(account, 'up --yes')).stdout).toBe('fleet karmada is up to date: nothing to do\n');
    expect((await succeed(account, `join --member name=shop,${fields} --yes`)).stdout).toBe(
      'already in fleet karmada: shop; nothing to do\n',
    );
    expect((await succeed(account, 'join --context shop --yes')).stdout).toBe(
      'already in fleet karmada: shop; nothing to do\n',
    );
    await succeed(account, 'unjoin shop --yes --remove-workloads');
    expect([shop(account, region), eksOf(account)]).toEqual([before[0], before[2]]);
    expect(shop(account, key).filter((name) => name.includes('karmada'))).toEqual([]);
  });

  it.runIf(triesMore)('is left where it is by down, with its namesake', async () => {
    const account = twoShops();
    const before = [shop(account, region), eksOf(account)];
    await succeed(account, `join --member name=shop,${fields},mode=${mode} --yes`);
    await succeed(account, `${down} --remove-workloads --remove-leftovers`);
    expect([shop(account, region), eksOf(account)]).toEqual(before);
    expect(shop(account, key).filter((name) => name.includes('karmada'))).toEqual([]);
  });
});

const join = `join --cluster ${arnOfShop} --role fleets --yes`;

describe('is refused before the first change', () => {
  const refusedRun = async (account: Account, words: string): Promise<Ended> => {
    const ended = await cli(account, words);
    expect([ended.code, changes(ended)]).toEqual([ended.code === 2 ? 2 : 3, []]);
    expect(memberIn(account, 'shop')).toBeUndefined();
    return ended;
  };

  it.each([
    ['the role does not trust the caller', { principals: ['arn:aws:iam::111122223333:user/other'] }, join],
    ['the external ID is missing', { externalId: 'right' }, join],
    ['the external ID is another', { externalId: 'right' }, `${join} --external-id wrong`],
    ['there is no such role', {}, `join --cluster ${arnOfShop} --role none --yes`],
  ])('where %s, with what is to be done', async (_, trust, words) => {
    const { stderr } = await refusedRun(twoShops(trust), words);
    expect(stderr).toContain('arn:aws:iam::111122223333:user/you may not assume role arn:aws:iam::444455556666:role/');
    expect(stderr).toContain(
      '{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:user/you"},"Action":"sts:AssumeRole"}',
    );
    expect(stderr).toContain('external ID');
    expect(stderr).toContain('role-refused');
  });

  it.each([
    [
      'the role is of another account',
      `account=${other},role=arn:aws:iam::777788889999:role/x`,
      /role is of account 7+8+9+/,
    ],
    ['there is no role', `account=${other}`, /another account needs a role of it/],
    ['there is no account', 'role=fleets', /a role needs its account/],
    ['the account is no account', 'account=12,role=fleets', /twelve digits/],
    ['the account is the own one', 'account=111122223333,role=fleets', /which is the fleet’s own/],
  ])('where %s', async (_, said, words) => {
    const account = twoShops();
    addTrustedRole(account, { account: '111122223333', role: 'fleets' });
    const { stderr } = await refusedRun(account, `join --member name=shop,cluster=shop,existing=true,${said} --yes`);
    expect(stderr).toMatch(words);
  });

  it('where the cluster would have to be made, and no VPC is named', async () => {
    const { stderr } = await refusedRun(twoShops(), `join --member name=shop,account=${other},role=fleets --yes`);
    expect(stderr).toContain('a cluster that is created in another account needs a VPC of that account: vpc=…');
  });

  it('where the cluster is not there, though its namesake is here', async () => {
    const account = twoShops();
    delete account.state.regions[key]?.clusters['shop'];
    const { stderr } = await refusedRun(account, join);
    expect(stderr).toContain(`EKS has no cluster shop in ${region} of account ${other}`);
  });

  it('where no role is named', async () => {
    const { stderr } = await refusedRun(twoShops(), `join --cluster ${arnOfShop} --yes`);
    expect(stderr).toContain('name a role of that account that may be assumed: --role NAME');
  });
});

it('joins with an external ID, which kubectl alone could not give', async () => {
  const account = twoShops({ externalId: 'right' });
  await succeed(account, `${join} --external-id right`);
  await readyStatus(account);
  await succeed(account, 'up --yes');
  const user = JSON.parse(account.state.files[`${fleetFolder}/kubeconfigs/shop.json`] ?? '{}');
  expect(JSON.stringify(user)).toContain('--role-arn');
  expect(account.state.files[kubeconfigPath]).not.toContain('shop');
});

it('has a policy that assumes exactly its role, and one for the role in its own account', async () => {
  const account = twoShops();
  await succeed(account, join);
  const { stdout, stderr } = await succeed(account, 'plan --iam-policy');
  const { Statement } = JSON.parse(stdout) as IamPolicy;
  const others = Statement.filter(({ Action }) => Action.some((each) => each.startsWith('sts:')));
  expect(others).toEqual([{ Sid: 'OtherAccounts', Effect: 'Allow', Action: ['sts:AssumeRole'], Resource: [roleArn] }]);
  expect(stdout).not.toContain('cluster/shop');
  const [, told = ''] = new RegExp(`in account ${other}, role ${roleArn} needs this policy: (.*)`).exec(stderr) ?? [];
  const policy = JSON.parse(told) as IamPolicy;
  expect(policy.Statement[0]?.Resource).toContain(arnOfShop);
  const lives = ['up --yes', 'status', 'doctor', 'unjoin shop --yes --remove-workloads'];
  for (const words of lives) {
    const { calls } = await succeed(account, words);
    const asked = calls.flatMap(({ key: call }) => (call.includes(key) ? (/^aws (\S+)/.exec(call)?.[1] ?? []) : []));
    const allowed = policy.Statement.flatMap(({ Action }) => Action);
    expect(asked.filter((action) => action !== 'sts:GetCallerIdentity' && !allowed.includes(action))).toEqual([]);
  }
});

it('both namesakes are members, each its own', async () => {
  const account = twoShops();
  await succeed(account, `join --member name=here,cluster=shop,existing=true --member name=there,${fields} --yes`);
  const endpoints = ['here', 'there'].map((name) => memberIn(account, name)?.['spec'] as { apiEndpoint: string });
  const clusters = [region, key].map((each) => account.state.regions[each]?.clusters['shop']?.endpoint);
  expect(endpoints.map(({ apiEndpoint }) => apiEndpoint)).toEqual(clusters);
  await succeed(account, 'members rotate-token --yes');
  await succeed(account, 'unjoin here --yes --remove-workloads');
  expect([memberIn(account, 'here'), memberIn(account, 'there')?.metadata.name]).toEqual([undefined, 'there']);
  await readyStatus(account);
});

describe('once it is a member', () => {
  const untrusted = (account: Account): void => {
    delete account.state.accounts?.[other]?.trusts['fleets'];
  };

  it.runIf(triesMore)('is told apart when its role is refused, and the others are as they are', async () => {
    const account = twoShops();
    await succeed(account, join);
    untrusted(account);
    const status = await cli(account, 'status');
    expect(status.stdout).toMatch(/one {4}Ready/);
    expect(status.stdout + status.stderr).toContain(`may not assume role ${roleArn}`);
    const { code, stderr, ...ended } = await cli(account, `${down} --remove-workloads`);
    expect([code, changes({ code, stderr, ...ended })]).toEqual([3, []]);
    expect(stderr).toContain('role-refused');
    addTrustedRole(account, { account: other, role: 'fleets' });
    await succeed(account, `${down} --remove-workloads --remove-leftovers`);
    expect(shop(account, key).filter((name) => name.includes('karmada'))).toEqual([]);
  });

  it('is known to a machine that has no record of the fleet', async () => {
    const account = twoShops({ externalId: 'right' });
    await succeed(account, `${join} --external-id right`);
    await succeed(account, `status --region ${region}`, { host: 'elsewhere' });
    const { stdout } = await succeed(account, `clusters --region ${region}`, { host: 'elsewhere' });
    expect(stdout).toContain('shop');
    const left = await succeed(account, `unjoin shop --yes --remove-workloads --region ${region}`, {
      host: 'elsewhere',
    });
    expect(left.stdout).toContain('shop is no longer in fleet karmada');
    expect(shop(account, region).some((name) => name.includes('karmada'))).toBe(false);
  });

  it.runIf(triesMore).each(['push', 'pull'])('goes on as a %s member of a parent that is recovered', async (mode) => {
    const account = twoShops();
    await succeed(account, `${join} --mode ${mode}`);
    await loseParent(await backedUp(account));
    await succeed(account, samePlace);
    await settled(account);
    await readyStatus(account);
    expect(shop(account, region).some((name) => name.includes('karmada'))).toBe(false);
  });
});

it('joins in the next run when the credentials ended meanwhile', async () => {
  const account = twoShops();
  const ended = await cli(account, join, { credentialsExpireAt: account.now() + 5_000 });
  expect([ended.code, ended.stderr.includes('credentials-expired')]).toEqual([4, true]);
  await succeed(account, join);
  await readyStatus(account);
});

it.runIf(triesMore)('the fleet’s own cluster of the same name is deleted, and theirs is not', async () => {
  const account = twoShops();
  delete account.state.regions[region]?.clusters['shop'];
  delete account.state.apis[`eks/${region}/shop`];
  const theirs = (): string => JSON.stringify(account.state.regions[key]?.clusters['shop']);
  const before = theirs();
  const both = `--member name=mine,cluster=shop --member name=theirs,${fields}`;
  await succeed(account, `join ${both} --yes`);
  const mine = (): unknown => account.state.regions[region]?.clusters['shop'];
  expect(mine()).toMatchObject({ status: 'ACTIVE' });
  await succeed(account, 'unjoin mine --yes --delete-cluster');
  expect([mine(), theirs()]).toEqual([undefined, before]);
  await readyStatus(account);
  const refused = await cli(account, 'unjoin theirs --yes --delete-cluster --remove-workloads');
  expect([refused.code === 0, changes(refused)]).toEqual([false, []]);
  await succeed(account, 'join --member name=mine,cluster=shop --yes');
  await succeed(account, `${down} --remove-workloads --remove-leftovers`);
  expect([mine(), theirs()]).toEqual([undefined, before]);
  expect(shop(account, key).filter((name) => name.includes('karmada'))).toEqual([]);
});

it('is planned from a file, with the parent that is not there yet', async () => {
  const account = newMachine();
  addTrustedRole(account, { account: other, role: 'fleets', externalId: 'right' });
  addShop(account, key);
  const member = `{ name: shop, existing: true, account: '${other}', role: ${roleArn}, externalId: right }`;
  account.state.files['/home/you/fleet.yaml'] = `region: ${region}\nvpc: main\nmembers: [${member}]\n`;
  const { stdout } = await succeed(account, 'plan --config /home/you/fleet.yaml');
  expect(stdout).toContain(`EKS cluster shop in ${region} of account ${other}, which exists`);
  const wrong = account.state.files['/home/you/fleet.yaml'].replace('right', 'wrong');
  account.state.files['/home/you/fleet.yaml'] = wrong;
  const refused = await cli(account, 'up --config /home/you/fleet.yaml --yes');
  expect([refused.code, changes(refused)]).toEqual([3, []]);
  expect(refused.stderr).toContain('role-refused');
});
