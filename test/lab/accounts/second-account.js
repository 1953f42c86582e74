/**
 * Members in a second account: the real AWS SDK and the real AWS CLI assume its role. Two clusters exist, of which the one without nodes is
 * a push member, and two the real eksctl creates there, with sessions of the role that it asks karmada-eks for.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { adminKubeconfig, kubernetesApi } from '../kubernetes-api.js';
import { addNodes, makeWithoutNodes } from '../made-by-hand.js';
import { region } from './existing-parent.js';

const run = promisify(execFile);
const account = '444455556666';
const role = `arn:aws:iam::${account}:role/fleets`;
const shop = { name: 'shop', region };
const stock = { name: 'stock', region };

/** One is taken away with unjoin, one with down. */
const created = ['made', 'made-too'];
const arnOf = ({ name }) => `arn:aws:eks:${region}:${account}:cluster/${name}`;

export function secondAccount(session) {
  const { env, step, cli, run: once, expect, vpcs, lab } = session;
  const aws = async (args, as = env) =>
    JSON.parse((await run('aws', [...args, '--output', 'json'], { env: as })).stdout);
  const existing = [`cluster ${shop.name}`, `cluster ${stock.name}`];
  let [there, here] = [{}, []];
  const hasOnly = async (wanted) => {
    const found = await thingsIn(aws, there);
    const clusters = found.filter((thing) => thing.startsWith('cluster ')).join();
    expect(clusters === [...wanted].sort().join(), `the second account has ${found}`);
    return found;
  };
  const memberOf = (name) => `name=${name},region=${region},vpc=theirs,account=${account},role=fleets`;
  return {
    words: created.flatMap((name) => ['--member', memberOf(name)]),
    make: async () => {
      const made = (cluster) => ({ env, vpc: vpcs[region], cluster, owner: cluster.name });
      await Promise.all([
        makeWithoutNodes(made(shop)),
        makeWithoutNodes(made(stock)).then(() => addNodes(made(stock))),
      ]);
    },
    before: () =>
      step('two of the clusters are of a second account', async () => {
        there = await assumed(aws, env);
        const vpc = await vpcIn(aws, there);
        for (const { name } of [shop, stock]) lab.handOver(name, region, account, vpc);
        lab.makeVpc('theirs', region, 'full', role);
        await hasOnly(existing);
        here = await thingsIn(aws, env);
        expect(!here.some((thing) => existing.includes(thing)), `the first account has ${here}`);
      }),
    whileUp: async () => {
      await step('two members were created there, and nothing of them here', async () => {
        const theirs = await hasOnly([...existing, ...created.map((name) => `cluster ${name}`)]);
        for (const stack of created.flatMap((name) => [`eksctl-${name}-cluster`, `eksctl-${name}-nodegroup-nodes`]))
          expect(theirs.includes(`stack ${stack}`), `${stack} is not there: ${theirs}`);
        expect(
          theirs.some((thing) => thing.startsWith('role eksctl-')),
          `no role is there: ${theirs}`,
        );
        const now = await thingsIn(aws, env);
        expect(now.join() === here.join(), `the first account has ${now}, and had ${here}`);
      });
      await step('join without a role is refused, and names what lacks', async () => {
        const { code, stderr } = await once(['join', '--cluster', arnOf(shop), '--yes']);
        expect(code === 2 && stderr.includes('--role NAME'), `it ended with ${code}: ${stderr}`);
      });
      await step('join as a push and as a pull member, by a role of that account: Ready', async () => {
        lab.clearCalls();
        for (const [cluster, mode] of [
          [shop, 'push'],
          [stock, 'pull'],
        ])
          await cli(['join', '--cluster', arnOf(cluster), '--role', 'fleets', '--mode', mode, '--yes']);
        const { stdout } = await cli(['status', '-o', 'json']);
        const status = JSON.parse(stdout);
        expect(status.ready, stdout);
        for (const { name } of [shop, stock]) {
          const member = status.members.find((each) => each.name === name);
          const cluster = status.clusters.find((each) => each.name === name);
          expect(member?.ready && cluster?.account === account, `${name}: ${stdout}`);
        }
        expect(lab.callCounts().includes('sts:AssumeRole'), 'no role was assumed');
      });
      await step('kubectl, by the contexts in the user’s kubeconfig: the AWS CLI assumes the role', async () => {
        for (const { name } of [shop, stock]) {
          lab.clearCalls();
          const { stdout } = await run('kubectl', ['--context', name, 'get', 'namespaces', '-o', 'name'], { env });
          expect(stdout.includes('namespace/karmada-'), stdout);
          expect(lab.callCounts().includes('sts:AssumeRole'), 'the AWS CLI assumed no role');
        }
      });
      await step('members rotate-token', () => cli(['members', 'rotate-token', '--yes']));
      await step('unjoin: the cluster is there, and with --delete-cluster one that was created is gone', async () => {
        const [first, second] = created;
        await cli(['unjoin', shop.name, '--yes']);
        await cli(['unjoin', first, '--yes', '--delete-cluster']);
        const theirs = await hasOnly([...existing, `cluster ${second}`]);
        expect(!theirs.some((thing) => thing.includes(`eksctl-${first}-cluster`)), `there are ${theirs}`);
      });
    },
    afterDown: () =>
      step('down left in the second account what was there before, and nothing else', async () => {
        const theirs = await hasOnly(existing);
        expect(theirs.join() === existing.join(), `there are ${theirs}`);
        for (const cluster of [shop, stock]) {
          lab.handOver(cluster.name, region, '123456789012');
          const { kubectl } = kubernetesApi(env, adminKubeconfig(env, cluster));
          const left = await kubectl(['get', 'namespaces', '-o', 'name']);
          expect(!left.includes('karmada'), `${cluster.name} still has ${left}`);
        }
      }),
  };
}

/** The clusters, stacks and roles of an account, but for roles that were made by hand. */
async function thingsIn(aws, as) {
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
