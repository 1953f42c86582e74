/** A member whose cluster the fleet makes in another account, through a role there; a namesake here or there is never meant. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { IamPolicy } from '../../src/iam/iam-policy.js';
import { addTrustedRole, regionKey, type TrustedRole } from '../../src/rehearsal/account/other-accounts.js';
import { type Account, restore, snapshot } from '../../src/rehearsal/account.js';
import { addExistingCluster } from '../../src/rehearsal/existing-clusters.js';
import { addVpc } from '../../src/rehearsal/vpcs.js';
import { passAll, triesMore, upTo } from './cases.js';
import { cli, type Ended } from './cli.js';
import { changes, down, fleetFolder, newMachine, readyStatus, region, smallUp, succeed } from './fleet.js';
import { memberIn } from './joinable.js';
import { loseParent } from './recovered.js';
import { madeFleet } from './small-fleet.js';

const other = '444455556666';
const key = regionKey(other, region);
const roleArn = `arn:aws:iam::${other}:role/fleets`;
const fields = `vpc=theirs,account=${other},role=fleets`;
const up = `up --region ${region} --vpc main --yes --member name=one --member name=shop,${fields}`;
const join = `join --member name=shop,${fields} --yes`;

/** A role of another account, which has a VPC; here is a cluster of the member's name. */
function withOther(account: Account, trust: Partial<TrustedRole> = {}): Account {
  addTrustedRole(account, { account: other, role: 'fleets', ...trust });
  addVpc(account, { region: key, name: 'theirs' });
  addShop(account, region);
  return account;
}

/** A cluster of somebody else's with the member's name. */
function addShop(account: Account, where: string): void {
  const { vpc, privateSubnets } = addVpc(account, { region: where, name: 'vpc-of-shop' });
  const subnetIds = privateSubnets.slice(0, 2).map(({ id }) => id);
  addExistingCluster(account, { region: where, name: 'shop', vpcId: vpc.id, subnetIds });
}

/** What of clusters there is in the other account. */
function there({ state }: Account): readonly string[] {
  const { clusters = {}, stacks = [], volumes = [], instances = [], logGroups = [] } = state.regions[key] ?? {};
  const own = state.accounts?.[other];
  return [
    ...Object.keys(clusters),
    ...stacks.flatMap(({ name, status }) => (status === 'DELETE_COMPLETE' ? [] : [name])),
    ...[...volumes, ...instances].map(({ id }) => id),
    ...logGroups.map(({ name }) => name),
    ...(own?.roles ?? []),
    ...(own?.oidcProviders ?? []),
  ];
}

/** The namesake in the fleet's own account. */
function namesake({ state }: Account): string {
  return JSON.stringify([
    state.regions[region]?.clusters['shop'],
    Object.keys(state.apis[`eks/${region}/shop`]?.objects ?? {}),
  ]);
}

function untrusted(account: Account): void {
  delete account.state.accounts?.[other]?.trusts['fleets'];
}

let made = '';
let plain = '';
beforeAll(async () => {
  const account = withOther(newMachine());
  await succeed(account, up);
  made = snapshot(account);
  plain = await madeFleet();
}, 60_000);

it('is made there and joined, and down takes it away again', async () => {
  const account = restore(made);
  const before = namesake(account);
  const { clusters } = await readyStatus(account);
  expect(clusters).toContainEqual(expect.objectContaining({ member: 'shop', region, account: other }));
  expect(account.state.regions[key]?.clusters['shop']).toMatchObject({
    status: 'ACTIVE',
    creatorArn: `arn:aws:sts::${other}:assumed-role/fleets/karmada-eks-karmada`,
  });
  expect((await succeed(account, 'up --yes')).stdout).toBe('fleet karmada is up to date: nothing to do\n');
  const { stdout } = await succeed(account, down);
  expect(stdout).toContain(`EKS cluster shop in ${region} of account ${other} with its nodes, roles and stacks`);
  expect(there(account)).toEqual([]);
  expect(namesake(account)).toBe(before);
});

it('is planned as it will be made, and its record names the account', async () => {
  const account = withOther(restore(plain));
  const planned = await succeed(
    account,
    `plan ${smallUp.replace(/^up |--yes /g, '')} --member name=shop,${fields} --commands`,
  );
  expect(planned.stdout).toContain(`in ${region} of account ${other}, private subnets of VPC theirs in 3 zones`);
  expect(planned.stdout).toContain(`# as role ${roleArn}`);
  const record = JSON.parse(restore(made).state.files[`${fleetFolder}/fleet.json`] ?? '{}') as { made: object[] };
  expect(record.made).toContainEqual(
    expect.objectContaining({
      cluster: 'shop',
      region,
      account: expect.objectContaining({ id: other, role: roleArn }),
    }),
  );
});

describe('is refused before the first change', () => {
  const refused = async (account: Account, words: string, code: number): Promise<Ended> => {
    const before = there(account);
    const ended = await cli(account, words);
    expect([ended.code, changes(ended)]).toEqual([code, []]);
    expect(there(account)).toEqual(before);
    return ended;
  };

  it('where the role does not trust the caller', async () => {
    const account = withOther(restore(plain), { principals: ['arn:aws:iam::111122223333:user/other'] });
    expect((await refused(account, join, 3)).stderr).toContain(`you may not assume role ${roleArn}`);
  });

  it.each([
    [
      'the role is of a third account',
      `vpc=theirs,account=${other},role=arn:aws:iam::777788889999:role/x`,
      /is of account 7+8+9+, not of 4+5+6+/,
    ],
    ['no VPC is named', `account=${other},role=fleets`, /needs a VPC of that account: vpc=…/],
    ['the account is the own one', 'vpc=main,account=111122223333,role=fleets', /which is the fleet’s own/],
  ])('where %s', async (_, said, words) => {
    const account = withOther(restore(plain));
    addTrustedRole(account, { account: '111122223333', role: 'fleets' });
    const ended = await cli(account, `join --member name=shop,${said} --yes`);
    expect([ended.code === 0, changes(ended)]).toEqual([false, []]);
    expect(ended.stderr).toMatch(words);
  });

  it('where the VPC is of the fleet’s own account', async () => {
    const account = withOther(restore(plain));
    const own = account.state.regions[region]?.vpcs[0]?.id ?? '';
    const { stderr } = await refused(account, join.replace('vpc=theirs', `vpc=${own}`), 3);
    expect(stderr).toContain(`no VPC ${own} in ${region} of account ${other}`);
    expect(stderr).toContain(`set a VPC of account ${other}: vpc=… of the member`);
  });

  it('where a cluster there has the name already, which stays whoever made it', async () => {
    const account = withOther(newMachine());
    addShop(account, key);
    // It may even admit the role.
    account.state.regions[key]?.clusters['shop']?.accessEntries.push(roleArn);
    const { stderr } = await refused(account, up, 3);
    expect(stderr).toContain(
      `EKS cluster shop in ${region} of account ${other} exists and does not belong to fleet karmada`,
    );
  });

  it('where a quota of that account is too low', async () => {
    const account = withOther(restore(plain));
    Object.assign(account.state.accounts?.[other] ?? {}, { quotas: { 'L-1216C47A': 5 } });
    const { stderr } = await refused(account, join, 3);
    expect(stderr).toContain(`vCPUs of On-Demand Standard instances in ${region} of account ${other} is too low`);
    expect(stderr).toContain(`(with credentials of account ${other})`);
  });

  it('where a permissions boundary or a KMS key is of the fleet’s own account', async () => {
    const account = withOther(newMachine());
    const mine = 'arn:aws:iam::111122223333:policy/boundary';
    const ours = `arn:aws:kms:${region}:111122223333:key/volumes`;
    const { stderr } = await refused(account, `${up} --permissions-boundary ${mine} --kms-key ${ours}`, 3);
    expect(stderr).toContain(`permissions boundary ${mine} cannot be used for shop`);
    expect(stderr).toContain(`it is not of account ${other}, in which the roles are`);
    expect(stderr).toContain(`no KMS key is set for ${region} of account ${other}`);
  });

  it('where the only KMS key is of the other account', async () => {
    const theirs = `arn:aws:kms:${region}:${other}:key/volumes`;
    const { stderr } = await refused(withOther(newMachine()), `${up} --kms-key ${theirs}`, 2);
    expect(stderr).toContain(`no KMS key is set for ${region}\n`);
    expect(stderr).toContain(`add a key of the fleet’s own account in ${region}: --kms-key arn:aws:kms:${region}:…`);
  });

  it('where the member is another cluster already, of a third account', async () => {
    const account = restore(made);
    addTrustedRole(account, { account: '777788889999', role: 'fleets' });
    addVpc(account, { region: regionKey('777788889999', region), name: 'theirs' });
    const { stderr } = await refused(account, up.replace(other, '777788889999'), 3);
    expect(stderr).toContain(`member shop is EKS cluster shop in ${region} of account ${other}, and would become`);
  });

  it('where the configuration says that what the fleet made existed before', async () => {
    const account = restore(made);
    const { stderr } = await refused(account, `${up},existing=true`, 2);
    expect(stderr).toContain(`EKS cluster shop in ${region} of account ${other} did not exist before fleet karmada`);
    expect(stderr).toContain('omit existing=true of member shop');
  });

  it('where only the cluster is named', async () => {
    const account = withOther(restore(plain));
    const arn = `arn:aws:eks:${region}:${other}:cluster/shop`;
    const { stderr } = await refused(account, `join --cluster ${arn} --role fleets --create --yes`, 2);
    expect(stderr).toContain('to create it a VPC of that account is needed');
  });
});

it('the plan says which clusters get which KMS key: a third account’s will do for the fleet’s own', async () => {
  const keys = ['777788889999', other].map((id) => `arn:aws:kms:${region}:${id}:key/volumes`);
  const words = `${up.replace(/^up/, 'plan').replace(' --yes', '')} --kms-key ${keys.join(' --kms-key ')}`;
  const { stdout } = await succeed(withOther(newMachine()), words);
  expect(stdout).toMatch(
    new RegExp(`volumes +of karmada-parent, one: encrypted with ${keys[0]}\n +of shop: encrypted with ${keys[1]}\n`),
  );
});

it.runIf(triesMore)('gets a KMS key of its own account, and no administrator of the fleet’s', async () => {
  const account = withOther(newMachine());
  const keys = ['111122223333', other].map((id) => `arn:aws:kms:${region}:${id}:key/volumes`);
  const admin = 'arn:aws:iam::111122223333:role/ops';
  await succeed(account, `${up} --kms-key ${keys.join(' --kms-key ')} --admin ${admin}`);
  const [mine, theirs] = [region, key].map(
    (each) => account.state.regions[each]?.clusters[each === key ? 'shop' : 'one'],
  );
  expect([mine, theirs].map((each) => each?.nodeGroups['nodes']?.volumeKey)).toEqual(keys);
  expect([mine, theirs].map((each) => each?.accessEntries.includes(admin))).toEqual([true, false]);
  expect((await succeed(account, 'up --yes')).stdout).toBe('fleet karmada is up to date: nothing to do\n');
});

it.runIf(triesMore)('lets in the NAT gateways of the parent’s VPC where endpoints are limited', async () => {
  const account = withOther(newMachine());
  await succeed(account, `${up} --public-access-cidr 192.0.2.0/24`);
  const nats = (account.state.regions[region]?.natGateways ?? [])
    .filter(({ vpcId }) => vpcId === account.state.regions[region]?.vpcs[0]?.id)
    .map(({ publicIp }) => `${publicIp}/32`);
  const allowed = account.state.regions[key]?.clusters['shop']?.publicAccessCidrs ?? [];
  expect(nats.length).toBeGreaterThan(0);
  expect(nats.every((nat) => allowed.includes(nat))).toBe(true);
});

describe.each(['push', 'pull'])('as a %s member', (mode) => {
  it.runIf(triesMore)('joins a fleet, leaves it, and goes where that was asked for', async () => {
    const account = withOther(restore(plain));
    const before = namesake(account);
    await succeed(account, join.replace('name=shop', `name=shop,mode=${mode}`));
    await readyStatus(account);
    await succeed(account, 'unjoin shop --yes --delete-cluster');
    expect(memberIn(account, 'shop')).toBeUndefined();
    expect(there(account)).toEqual([]);
    await readyStatus(account);
    // The role has no reason to be there any more.
    untrusted(account);
    const ended = await cli(account, down);
    expect(ended.code).toBe(5);
    expect(ended.stderr).toContain('another account could not be searched');
    expect(ended.stderr).toContain(`EKS cluster shop in ${region} of account ${other}`);
    addTrustedRole(account, { account: other, role: 'fleets' });
    expect((await succeed(account, down)).stdout).toContain('deleted: no tagged resources remain');
    expect(namesake(account)).toBe(before);
  });
});

it('has a policy for its role that is as confined as the fleet’s own', async () => {
  const account = withOther(newMachine());
  const words = up.replace(/^up |--yes /g, '');
  const { stdout } = await succeed(account, `plan ${words} --iam-policy -o json`);
  expect(stdout).not.toContain(other.concat(':cluster'));
  const { stdout: whole } = await succeed(account, `plan ${words} -o json`);
  const { iamPolicy, iamOfAccounts } = JSON.parse(whole) as {
    iamPolicy: IamPolicy;
    iamOfAccounts: { account: string; role: string; policy: IamPolicy }[];
  };
  expect(iamOfAccounts.map((each) => [each.account, each.role])).toEqual([[other, roleArn]]);
  const statement = ({ Statement }: IamPolicy, sid: string) => Statement.find(({ Sid }) => Sid === sid);
  const theirs = iamOfAccounts[0]?.policy ?? iamPolicy;
  expect(statement(theirs, 'Clusters')?.Resource).toEqual([`arn:aws:eks:${region}:${other}:cluster/shop`]);
  expect(statement(iamPolicy, 'Clusters')?.Resource).toEqual(
    ['karmada-parent', 'one'].map((name) => `arn:aws:eks:${region}:111122223333:cluster/${name}`),
  );
  expect(JSON.stringify(theirs)).not.toContain('111122223333:');
  for (const { Sid, Condition } of theirs.Statement)
    expect(statement(iamPolicy, Sid)?.Condition === undefined, Sid).toBe(Condition === undefined);
});

it.runIf(triesMore)('keeps its role in the policies while something of it may be there', async () => {
  const account = restore(made);
  const sids = async (): Promise<readonly string[]> => {
    const { stdout } = await succeed(account, 'plan -o json');
    const { iamPolicy, iamOfAccounts: [theirs] = [] } = JSON.parse(stdout) as {
      iamPolicy: IamPolicy;
      iamOfAccounts?: { role: string; policy: IamPolicy }[];
    };
    expect(iamPolicy.Statement.find(({ Sid }) => Sid === 'OtherAccounts')?.Resource).toEqual([roleArn]);
    expect(theirs?.role).toBe(roleArn);
    return theirs?.policy.Statement.map(({ Sid }) => Sid) ?? [];
  };
  const whole = await sids();
  const kept = await succeed(account, 'unjoin shop --yes --json');
  expect(kept.stderr).toContain(`EKS cluster shop in ${region} of account ${other} is kept`);
  expect(kept.stdout).toContain(
    `"staying":[{"member":"shop","cluster":"shop","region":"${region}","account":"${other}"}]`,
  );
  expect((await succeed(account, 'status')).stdout.replaceAll(/\s+/g, ' ')).toContain(
    `EKS cluster shop in ${region} of account ${other} is no longer a member`,
  );
  expect(await sids()).toEqual(whole);
  const gone = await succeed(account, 'unjoin shop --delete-cluster --yes');
  expect(gone.stdout).toContain(`EKS cluster shop in ${region} of account ${other} is deleted`);
  expect(await sids()).toEqual(whole);
});

describe('when its role is lost', () => {
  it('down touches nothing, tells what is there, and goes on when it is back', async () => {
    const account = restore(made);
    untrusted(account);
    const before = [there(account), account.state.files[`${fleetFolder}/fleet.json`]];
    const ended = await cli(account, down);
    expect([ended.code, changes(ended)]).toEqual([3, []]);
    expect(ended.stderr).toContain(`may not assume role ${roleArn}; nothing was deleted, here and in account ${other}`);
    expect(ended.stderr).toContain(`EKS cluster shop in ${region} of account ${other} of member shop`);
    expect(ended.stderr).toContain('let it trust this identity');
    expect([there(account), account.state.files[`${fleetFolder}/fleet.json`]]).toEqual(before);
    const status = await cli(account, 'status');
    expect(status.stdout).toMatch(/one {4}Ready/);
    addTrustedRole(account, { account: other, role: 'fleets' });
    await succeed(account, down);
    expect(there(account)).toEqual([]);
  });

  it.each(['unjoin shop --yes', `${up.replace(/ --member name=shop.*/, '')} --prune`])(
    '%s says so, and how it can leave without',
    async (words) => {
      const account = restore(made);
      untrusted(account);
      const ended = await cli(account, words);
      expect([ended.code, changes(ended)]).toEqual([3, []]);
      expect(ended.stderr).toContain('code: role-refused');
      expect(ended.stderr).toContain(`may not assume role ${roleArn}`);
      expect(ended.stderr).toContain('let it trust this identity');
      expect(ended.stderr).toContain(`karmada-eks unjoin shop --force --fleet karmada --region ${region}; it keeps`);
    },
  );

  it('doctor says it once, with how the member can leave', async () => {
    const account = restore(made);
    untrusted(account);
    const { stdout } = await cli(account, 'doctor');
    expect(stdout.split('may not assume role')).toHaveLength(2);
    expect(stdout).toContain(`or remove shop without it: karmada-eks unjoin shop --force --fleet karmada`);
    const before = await cli(newMachine(), `plan ${up.replace(/^up |--yes /g, '')}`);
    expect(before.stderr).toContain('code: role-refused');
    expect(before.stderr).not.toContain('unjoin');
  });

  it.runIf(triesMore)('a cluster that only the record has is not taken for deleted', async () => {
    const account = restore(made);
    const record = `${fleetFolder}/fleet.json`;
    await succeed(account, 'unjoin shop --yes');
    // As a version left it that gave the name to another cluster: described nowhere, and without an end.
    const { request, ...rest } = JSON.parse(account.state.files[record] ?? '{}') as { request: object };
    account.state.files[record] = JSON.stringify({ ...rest, request: { ...request, former: [], revision: 99 } });
    untrusted(account);
    const ended = await cli(account, down);
    expect([ended.code, changes(ended)], ended.stderr).toEqual([3, []]);
    expect(ended.stderr).toContain(`nothing was deleted, here and in account ${other}`);
    expect(ended.stderr).toContain(`EKS cluster shop in ${region} of account ${other}, its nodes`);
    addTrustedRole(account, { account: other, role: 'fleets' });
    await succeed(account, `${down} --remove-leftovers`);
    expect(there(account)).toEqual([]);
  });

  it('another role that the cluster does not know is told as that, with the access entry to add', async () => {
    const account = restore(made);
    untrusted(account);
    addTrustedRole(account, { account: other, role: 'second' });
    const second = `arn:aws:iam::${other}:role/second`;
    const began = account.now();
    const { code, stderr } = await cli(account, up.replace('role=fleets', 'role=second'));
    expect(code).toBe(4);
    expect(account.now() - began).toBeLessThan(2 * 60_000);
    expect(stderr).toContain(`the Kubernetes API of shop does not admit ${second}: Unauthorized`);
    expect(stderr).toContain(
      `aws eks create-access-entry --region ${region} --cluster-name shop --principal-arn ${second} (with credentials of account ${other})`,
    );
    expect(stderr).toContain('aws eks associate-access-policy');
    account.state.regions[key]?.clusters['shop']?.accessEntries.push(second);
    await succeed(account, up.replace('role=fleets', 'role=second'));
  });

  it.runIf(triesMore)('another role of the account does as well', async () => {
    const account = restore(made);
    untrusted(account);
    addTrustedRole(account, { account: other, role: 'second' });
    // EKS admits the role that made the cluster, and nobody else.
    account.state.regions[key]?.clusters['shop']?.accessEntries.push(`arn:aws:iam::${other}:role/second`);
    await succeed(account, up.replace('role=fleets', 'role=second'));
    await succeed(account, down);
    expect(there(account)).toEqual([]);
  });

  it.runIf(triesMore)('a member that was removed by force is not forgotten', async () => {
    const account = restore(made);
    untrusted(account);
    const refused = await cli(account, 'unjoin shop --yes --delete-cluster --force');
    expect([refused.code === 0, there(account).includes('shop')]).toEqual([false, true]);
    await succeed(account, 'unjoin shop --yes --force');
    const ended = await cli(account, down);
    expect([ended.code, changes(ended)]).toEqual([3, []]);
    expect(ended.stderr).toContain(`EKS cluster shop in ${region} of account ${other} of member shop`);
    addTrustedRole(account, { account: other, role: 'fleets' });
    await succeed(account, down);
    expect(there(account)).toEqual([]);
  });
});

it('what down leaves there is found, and goes where that was agreed to', async () => {
  const account = restore(made);
  const name = '/aws/eks/shop/cluster';
  account.state.regions[key]?.logGroups.push({ name, createdAt: account.now(), storedBytes: 1 });
  account.state.regions[region]?.logGroups.push({ name, createdAt: account.now(), storedBytes: 1 });
  const ended = await cli(account, down);
  expect(ended.code).toBe(5);
  expect(ended.stdout).toMatch(new RegExp(`log group +${name} +${region} of account ${other} `));
  await succeed(account, `${down} --remove-leftovers`);
  expect(there(account)).toEqual([]);
  expect(account.state.regions[region]?.logGroups.map((group) => group.name)).toContain(name);
});

it.runIf(triesMore)('goes with the fleet when it is no longer in the configuration', async () => {
  const account = restore(made);
  await succeed(account, up.replace(` --member name=shop,${fields}`, ''));
  expect(there(account)).toContain('shop');
  await succeed(account, down);
  expect(there(account)).toEqual([]);
});

it.runIf(triesMore)('is found by a machine without a record, through the parent', async () => {
  const account = restore(made);
  const { request } = JSON.parse(account.state.files[`${fleetFolder}/fleet.json`] ?? '{}') as {
    request: { id: string };
  };
  await succeed(account, `${down} --region ${region} --fleet-id ${request.id}`, { host: 'elsewhere' });
  expect(there(account)).toEqual([]);
});

it('is told where nothing leads to it any more: neither a record nor the parent', async () => {
  const account = await loseParent(restore(made));
  const id = account.state.regions[key]?.clusters['shop']?.tags['karmada-eks/fleet'] ?? '';
  const { stderr } = await cli(account, `${down} --region ${region} --fleet-id ${id}`, { host: 'elsewhere' });
  expect(stderr).toContain(`the fleet may have clusters in ${region} of account ${other}, to which tags do not lead`);
  expect(stderr).toContain(`karmada-eks/fleet=${id}`);
  expect(there(account)).toContain('shop');
});

it.runIf(triesMore)(
  'is made to the end after a kill at any change, and taken away after another',
  async () => {
    const count = async (start: () => Account, words: string): Promise<number> =>
      (await succeed(start(), words)).commands.length;
    const fresh = (): Account => withOther(newMachine());
    const full = (): Account => restore(made);
    await passAll('kills of up after a change', 10, upTo(await count(fresh, up)), async (killAfterCommand) => {
      const account = fresh();
      await cli(account, up, { killAfterCommand });
      await succeed(account, up);
      await readyStatus(account);
      await succeed(account, down);
      expect(there(account)).toEqual([]);
    });
    await passAll('kills of up, then down', 10, upTo(await count(fresh, up)), async (killAfterCommand) => {
      const account = fresh();
      await cli(account, up, { killAfterCommand });
      await succeed(account, `${down} --remove-leftovers`);
      expect(there(account)).toEqual([]);
    });
    await passAll('kills of down after a change', 5, upTo(await count(full, down)), async (killAfterCommand) => {
      const account = full();
      await cli(account, down, { killAfterCommand });
      await succeed(account, `${down} --remove-leftovers`);
      expect(there(account)).toEqual([]);
    });
  },
  600_000,
);

it.runIf(triesMore)('is made to the end when the credentials end meanwhile, by the next run', async () => {
  const account = withOther(newMachine());
  const ended = await cli(account, up, { credentialsExpireAt: account.now() + 600_000 });
  expect(ended.code).toBe(4);
  await succeed(account, up);
  await readyStatus(account);
});
