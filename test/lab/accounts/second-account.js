/**
 * Members in a second account: the real AWS SDK and the real AWS CLI assume its role. One cluster exists, without nodes, so it is a push member;
 * the other one the real eksctl creates there, with sessions of the role that it asks karmada-eks for.
 */
import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { makeByHand, makeWithoutNodes } from '../made-by-hand.js';
import { ownAddress } from '../session.js';

const run = promisify(execFile);
const region = 'us-west-2';
const account = '444455556666';
const role = `arn:aws:iam::${account}:role/fleets`;
const shop = { name: 'shop', region };
const made = 'made';
const arn = `arn:aws:eks:${region}:${account}:cluster/${shop.name}`;

export async function secondAccount(session) {
  const { env, step, cli, run: once, expect, fleet, vpcs, lab } = session;
  const parent = { name: `${fleet}-parent`, region };
  const aws = async (args, as = env) =>
    JSON.parse((await run('aws', [...args, '--output', 'json'], { env: as })).stdout);
  const clusters = async (as) => (await aws(['eks', 'list-clusters', '--region', region], as)).clusters.sort();
  mkdirSync(dirname(env.KUBECONFIG), { recursive: true });
  let there = {};
  await step('a parent with three real nodes, and a cluster in a second account', async () => {
    await makeByHand({ env, vpc: vpcs[region], cluster: parent, owner: parent.name });
    await makeWithoutNodes({ env, vpc: vpcs[region], cluster: shop, owner: 'shop' });
    there = await assumed(aws, env);
    lab.handOver(shop.name, region, account, await vpcIn(aws, there));
    const seen = [await clusters(env), await clusters(there)];
    expect(JSON.stringify(seen) === JSON.stringify([[parent.name], [shop.name]]), JSON.stringify(seen));
  });
  const wanted = ['--vpc', 'karmada-vpc', '--crds', env.KARMADA_CRDS, '--allow', ownAddress, '--use-existing'];
  await step('up: the parent alone', () => cli(['up', ...wanted, '--members', '0', '--yes']));
  await step('join without a role is refused, and names what lacks', async () => {
    const { code, stderr } = await once(['join', '--cluster', arn, '--yes']);
    expect(code === 2 && stderr.includes('--role NAME'), `it ended with ${code}: ${stderr}`);
  });
  await step('join as a push member, by its role: Ready', async () => {
    lab.clearCalls();
    await cli(['join', '--cluster', arn, '--role', 'fleets', '--mode', 'push', '--yes']);
    const status = JSON.parse((await cli(['status', '-o', 'json'])).stdout);
    const member = status.members.find(({ name }) => name === shop.name);
    const cluster = status.clusters.find(({ name }) => name === shop.name);
    expect(status.ready && member?.ready && cluster?.account === account, JSON.stringify(status));
    expect(lab.callCounts().includes('sts:AssumeRole'), 'no role was assumed');
  });
  await step('kubectl, by the context in the user’s kubeconfig: the AWS CLI assumes the role', async () => {
    lab.clearCalls();
    const { stdout } = await run('kubectl', ['--context', shop.name, 'get', 'namespaces', '-o', 'name'], { env });
    expect(stdout.includes('namespace/karmada-'), stdout);
    expect(lab.callCounts().includes('sts:AssumeRole'), 'the AWS CLI assumed no role');
  });
  await step('members rotate-token', () => cli(['members', 'rotate-token', '--yes']));
  await step('unjoin: the cluster is there', async () => {
    await cli(['unjoin', shop.name, '--yes']);
    expect((await clusters(there)).join() === shop.name, 'the cluster is gone');
  });
  await step('join a cluster that is created there: Ready, and nothing of it is here', async () => {
    lab.makeVpc('theirs', region, 'full', role);
    const before = await madeIn(aws, env);
    await cli(['join', '--member', `name=${made},region=${region},vpc=theirs,account=${account},role=fleets`, '--yes']);
    const status = JSON.parse((await cli(['status', '-o', 'json'])).stdout);
    const member = status.members.find(({ name }) => name === made);
    expect(status.ready && member?.ready, JSON.stringify(status));
    expect((await madeIn(aws, env)).join() === before.join(), `made here: ${await madeIn(aws, env)}`);
    const theirs = await madeIn(aws, there);
    for (const thing of [`cluster ${made}`, `stack eksctl-${made}-cluster`, `stack eksctl-${made}-nodegroup-nodes`])
      expect(theirs.includes(thing), `${thing} is not there: ${theirs}`);
    expect(
      theirs.some((thing) => thing.startsWith('role eksctl-')),
      `no role is there: ${theirs}`,
    );
  });
  await step('unjoin --delete-cluster: nothing of it is there, and the other cluster is', async () => {
    await cli(['unjoin', made, '--yes', '--delete-cluster']);
    const theirs = await madeIn(aws, there);
    expect(theirs.join() === `cluster ${shop.name}`, `there are ${theirs}`);
  });
  await step('join it again', () =>
    cli(['join', '--member', `name=${made},region=${region},vpc=theirs,account=${account},role=fleets`, '--yes']),
  );
  await step('down: what was created there is gone, and the cluster that existed is there', async () => {
    await cli(['down', '--yes', '--confirm', fleet, '--no-backup']);
    const theirs = await madeIn(aws, there);
    expect(theirs.join() === `cluster ${shop.name}`, `there are ${theirs}`);
    lab.handOver(shop.name, region, '123456789012');
  });
}

/** The clusters, stacks and roles of an account, but for roles that were made by hand. */
async function madeIn(aws, as) {
  const at = ['--region', region];
  const { clusters } = await aws(['eks', 'list-clusters', ...at], as);
  const { Stacks } = await aws(['cloudformation', 'describe-stacks', ...at], as);
  const { Roles } = await aws(['iam', 'list-roles', ...at], as);
  return [
    ...clusters.map((name) => `cluster ${name}`),
    ...Stacks.map(({ StackName }) => `stack ${StackName}`),
    ...Roles.flatMap(({ RoleName }) => (RoleName.startsWith('eksctl-') ? [`role ${RoleName}`] : [])),
  ].sort();
}

/** The environment of who has assumed the role. */
async function assumed(aws, env) {
  const words = ['sts', 'assume-role', '--role-arn', role, '--role-session-name', 'scene', '--region', region];
  const { Credentials: given } = await aws(words);
  const keys = { AWS_ACCESS_KEY_ID: given.AccessKeyId, AWS_SECRET_ACCESS_KEY: given.SecretAccessKey };
  return { ...env, ...keys, AWS_SESSION_TOKEN: given.SessionToken };
}

/** A VPC of the second account with a subnet in each of two zones. */
async function vpcIn(aws, there) {
  const ec2 = async (...words) => await aws(['ec2', ...words, '--region', region], there);
  const { Vpc } = await ec2('create-vpc', '--cidr-block', '10.9.0.0/16');
  const subnets = [];
  for (const [index, zone] of ['a', 'b'].entries()) {
    const place = ['--cidr-block', `10.9.${index}.0/24`, '--availability-zone', `${region}${zone}`];
    subnets.push((await ec2('create-subnet', '--vpc-id', Vpc.VpcId, ...place)).Subnet.SubnetId);
  }
  return { vpc: Vpc.VpcId, subnets };
}
