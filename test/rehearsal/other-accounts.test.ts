/** Several accounts in one simulated AWS: each has its own things, and roles lead to them or not. */
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DescribeClusterCommand, ListClustersCommand } from '@aws-sdk/client-eks';
import { ListOpenIDConnectProvidersCommand, ListRolesCommand } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { expect, it } from 'vitest';
import { addTrustedRole, assume, regionKey } from '../../src/rehearsal/account/other-accounts.js';
import { newAccount, restore, snapshot } from '../../src/rehearsal/account.js';
import { addExistingCluster } from '../../src/rehearsal/existing-clusters.js';
import { builtIn, createObject } from '../../src/rehearsal/kube/api-server/store.js';
import { settleApis } from '../../src/rehearsal/kube/settle.js';
import { connect } from '../../src/rehearsal/machine/connect.js';
import { addVpc } from '../../src/rehearsal/vpcs.js';
import { eksctlCommands, inPlace } from '../../src/tools/eksctl/commands.js';
import type { AwsPlace } from '../../src/world/place.js';
import { config, exited, rigOn } from './rig.js';

const region = 'us-west-2';
const other = '444455556666';

function place(given: Partial<NonNullable<AwsPlace['account']>> = {}): AwsPlace {
  const role = `arn:aws:iam::${other}:role/fleets`;
  return { region, account: { id: other, role, session: 'karmada-eks-demo', ...given } };
}

function twoAccounts() {
  const account = newAccount();
  addTrustedRole(account, { account: other, role: 'fleets' });
  const made = [region, regionKey(other, region)].map((key) => {
    const { vpc, publicSubnets } = addVpc(account, { region: key, name: 'main' });
    const subnetIds = publicSubnets.map(({ id }) => id);
    return addExistingCluster(account, { region: key, name: 'twin', vpcId: vpc.id, subnetIds });
  });
  return { account, made };
}

it('keeps the things of two accounts apart, whatever their names', async () => {
  const { account, made } = twoAccounts();
  const { aws } = connect(account).world;
  const [here, there] = await Promise.all(
    [region, place()].map(async (each) => await aws.eks(each).send(new DescribeClusterCommand({ name: 'twin' }))),
  );
  expect([here?.cluster?.arn, there?.cluster?.arn]).toEqual([
    'arn:aws:eks:us-west-2:111122223333:cluster/twin',
    'arn:aws:eks:us-west-2:444455556666:cluster/twin',
  ]);
  expect(here?.cluster?.endpoint).not.toBe(there?.cluster?.endpoint);
  expect(made.map(({ vpcId }) => vpcId)).toEqual([here, there].map((each) => each?.cluster?.resourcesVpcConfig?.vpcId));
  account.state.oidcProviders.push('arn:aws:iam::111122223333:oidc-provider/x');
  const providers = await aws.iam(place()).send(new ListOpenIDConnectProvidersCommand({}));
  expect(providers.OpenIDConnectProviderList).toEqual([]);
});

it('tells who calls there', async () => {
  const { account } = twoAccounts();
  const answer = await connect(account).world.aws.sts(place()).send(new GetCallerIdentityCommand({}));
  expect(answer).toMatchObject({
    Account: other,
    Arn: `arn:aws:sts::${other}:assumed-role/fleets/karmada-eks-demo`,
  });
});

it.each([
  ['of a role that is not there', place({ role: `arn:aws:iam::${other}:role/none` })],
  ['of an account that is not there', place({ role: 'arn:aws:iam::999999999999:role/fleets' })],
  ['without the external ID', place({ role: `arn:aws:iam::${other}:role/strict` })],
  ['with another external ID', place({ role: `arn:aws:iam::${other}:role/strict`, externalId: 'other' })],
  ['of a role that trusts somebody else', place({ role: `arn:aws:iam::${other}:role/theirs` })],
])('refuses the use %s, in the same words', async (_, where) => {
  const { account } = twoAccounts();
  addTrustedRole(account, { account: other, role: 'strict', externalId: 'right' });
  addTrustedRole(account, { account: other, role: 'theirs', principals: ['arn:aws:iam::111122223333:user/other'] });
  const asked = connect(account).world.aws.eks(where).send(new ListClustersCommand({}));
  await expect(asked).rejects.toMatchObject({
    name: 'AccessDenied',
    message: `User: arn:aws:iam::111122223333:user/you is not authorized to perform: sts:AssumeRole on resource: ${where.account?.role}`,
  });
});

it('admits the right external ID, and goes on from a snapshot', async () => {
  const { account } = twoAccounts();
  addTrustedRole(account, { account: other, role: 'strict', externalId: 'right' });
  const copy = restore(snapshot(account));
  const where = place({ role: `arn:aws:iam::${other}:role/strict`, externalId: 'right' });
  const { clusters } = await connect(copy).world.aws.eks(where).send(new ListClustersCommand({}));
  expect(clusters).toEqual(['twin']);
});

it('goes on for the hour of a session when the credentials end, and no longer', async () => {
  const { account } = twoAccounts();
  const { aws } = connect(account, { credentialsExpireAt: account.now() + 60_000 }).world;
  const ask = async (): Promise<unknown> => await aws.eks(place()).send(new ListClustersCommand({}));
  await ask();
  await account.clock.sleep(54 * 60_000);
  await expect(aws.eks(region).send(new ListClustersCommand({}))).rejects.toThrow(/expired/);
  await ask();
  await account.clock.sleep(2 * 60_000);
  await expect(ask()).rejects.toMatchObject({ name: 'ExpiredToken' });
});

/** A VPC of the other account, and eksctl there. */
function eksctlThere(options: Parameters<typeof rigOn>[1] = {}) {
  const account = newAccount();
  addTrustedRole(account, { account: other, role: 'fleets' });
  const vpc = addVpc(account, { region: regionKey(other, region), name: 'theirs' });
  const { run, world } = rigOn(account, options);
  const eksctl = async (command: Parameters<typeof inPlace>[1], where = place()) =>
    exited(await run(inPlace(where, command)));
  return { account, vpc, world, eksctl };
}

it('lets eksctl make and delete a cluster as the role, there and nowhere else', async () => {
  const { account, vpc, world, eksctl } = eksctlThere();
  expect(await eksctl(eksctlCommands.createCluster(config(vpc)))).toMatchObject({ code: 0 });
  const { cluster } = await world.aws.eks(place()).send(new DescribeClusterCommand({ name: 'demo' }));
  expect(cluster).toMatchObject({ arn: `arn:aws:eks:${region}:${other}:cluster/demo`, status: 'ACTIVE' });
  expect(account.state.regions[regionKey(other, region)]?.clusters['demo']).toMatchObject({
    creatorArn: `arn:aws:sts::${other}:assumed-role/fleets/karmada-eks-demo`,
  });
  const seen = async (where: AwsPlace | string) =>
    await Promise.all([
      world.aws.eks(where).send(new ListClustersCommand({})),
      world.aws.cloudformation(where).send(new DescribeStacksCommand({})),
      world.aws.iam(where).send(new ListRolesCommand({})),
      world.aws.iam(where).send(new ListOpenIDConnectProvidersCommand({})),
    ]).then(([{ clusters }, { Stacks }, { Roles }, { OpenIDConnectProviderList }]) =>
      [clusters, Stacks, Roles, OpenIDConnectProviderList].map((each) => each?.length),
    );
  expect(await seen(region)).toEqual([0, 0, 0, 0]);
  const [clusters, stacks, roles, providers] = await seen(place());
  expect([clusters, providers]).toEqual([1, 1]);
  expect([(stacks ?? 0) > 2, (roles ?? 0) > 2]).toEqual([true, true]);
  const deletion = eksctlCommands.deleteCluster({ name: 'demo', region });
  expect(await eksctl(deletion, { region, account: undefined })).toMatchObject({ code: 1 });
  expect(await eksctl(deletion)).toMatchObject({ code: 0 });
  expect(await seen(place())).toEqual([0, 0, 0, 0]);
  expect(Object.keys(account.state.apis)).toEqual([]);
});

it('gives eksctl no VPC of another account, and no role that does not trust the caller', async () => {
  const { vpc, eksctl, world } = eksctlThere();
  expect(await eksctl(eksctlCommands.createCluster(config(vpc)), { region, account: undefined })).toMatchObject({
    code: 1,
  });
  const refused = await eksctl(
    eksctlCommands.createCluster(config(vpc)),
    place({ role: `arn:aws:iam::${other}:role/none` }),
  );
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/AccessDenied: .*sts:AssumeRole/) });
  expect((await world.aws.eks(place()).send(new ListClustersCommand({}))).clusters).toEqual([]);
});

it('lets eksctl go on for the hour of its session when the credentials end', async () => {
  const { account, vpc, eksctl } = eksctlThere({ credentialsExpireAt: newAccount().now() + 60_000 });
  expect(await eksctl(eksctlCommands.createCluster(config(vpc)))).toMatchObject({ code: 0 });
  expect(await eksctl(eksctlCommands.deleteCluster({ name: 'demo', region }))).toMatchObject({ code: 1 });
  expect(account.state.regions[regionKey(other, region)]?.clusters['demo']).toMatchObject({ status: 'ACTIVE' });
});

it('keeps the load balancers of the first account there while the other one is looked at', () => {
  const { account } = twoAccounts();
  const { account: assumed } = place();
  const service = {
    metadata: { name: 'web', namespace: 'default' },
    spec: { type: 'LoadBalancer', ports: [{ port: 80 }] },
  };
  const api = account.state.apis[`eks/${region}/twin`];
  if (api === undefined || assumed === undefined) throw new Error('there is no cluster');
  createObject(api, builtIn('services'), service, account.now());
  const later = (): number => account.now() + 600_000;
  settleApis({ ...assume(account, assumed), now: later });
  const balancers = (key: string): number => account.state.regions[key]?.loadBalancers.length ?? 0;
  expect([balancers(region), balancers(regionKey(other, region))]).toEqual([1, 0]);
});
