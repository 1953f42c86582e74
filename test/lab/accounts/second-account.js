/** Members in a second account: the real AWS SDK and the real AWS CLI assume its role. A cluster that has no nodes is a push member. */
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
const arnOf = ({ name }) => `arn:aws:eks:${region}:${account}:cluster/${name}`;

export function secondAccount(session) {
  const { env, step, cli, run: once, expect, vpcs, lab } = session;
  const aws = async (args, as = env) =>
    JSON.parse((await run('aws', [...args, '--output', 'json'], { env: as })).stdout);
  const clusters = async (as) => (await aws(['eks', 'list-clusters', '--region', region], as)).clusters.sort().join();
  let there = {};
  const areThere = async () => {
    const found = await clusters(there);
    expect(found === 'shop,stock', `the second account has ${found}`);
  };
  return {
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
        await areThere();
        const here = await clusters(env);
        expect(!/shop|stock/.test(here), `the first account has ${here}`);
      }),
    whileUp: async () => {
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
      await step('unjoin: the cluster is there', async () => {
        await cli(['unjoin', shop.name, '--yes']);
        await areThere();
      });
    },
    afterDown: () =>
      step('down left the clusters of the second account', async () => {
        await areThere();
        for (const cluster of [shop, stock]) {
          lab.handOver(cluster.name, region, '123456789012');
          const { kubectl } = kubernetesApi(env, adminKubeconfig(env, cluster));
          const left = await kubectl(['get', 'namespaces', '-o', 'name']);
          expect(!left.includes('karmada'), `${cluster.name} still has ${left}`);
        }
      }),
  };
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
