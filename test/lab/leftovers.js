/** What a fleet leaves when a cluster is deleted behind its back: listed with its price, removed when that is said. */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { changesIn } from './session.js';

const run = promisify(execFile);
const region = 'us-west-2';
const tag = 'karmada-eks/fleet';

/** In the place of a plain `down`: the fleet is gone afterwards, and all that is listed with it. */
export async function downWithLeftovers({ env, fleet, folder, vpcs, step, audited, cli, run: once, lab, expect }) {
  const member = `${fleet}-push`;
  await step('behind its back: a member with its load balancer, and a thing of each kind', async () => {
    const kubeconfig = join(folder, 'leftovers-kubeconfig');
    writeFileSync(kubeconfig, (await cli(['kubeconfig', '--print'])).stdout, { mode: 0o600 });
    await leaveBalancer({ env, kubeconfig, member });
    await deleteCluster(env, member);
    await leaveThings({ env, fleet, member, vpc: vpcs[region] });
  });
  await audited('down: lists what is left with its price, and leaves it', async () => {
    const words = ['down', '--yes', '--confirm', fleet];
    const refused = await once(words);
    const id = /--fleet-id (\S+)/.exec(refused.stderr)?.[1];
    expect(
      refused.code === 3 && id !== undefined,
      `down without a record ended with ${refused.code}: ${refused.stderr}`,
    );
    const ended = await once([...words, '--fleet-id', id]);
    expect(ended.code === 5, `down ended with ${ended.code}: ${ended.stderr}`);
    for (const line of ended.stderr.split('\n').filter((each) => each.includes(' done:')))
      console.log(`       ${line}`);
    lab.clearCalls();
    const again = await once(['down', '--yes', '--confirm', fleet, '--json']);
    expect(again.code === 5, `down again ended with ${again.code}: ${again.stderr}`);
    const changed = changesIn(lab.callCounts());
    expect(changed.length === 0, `down called ${changed.join(', ')}`);
    expectListed(JSON.parse(again.stdout.trim().split('\n').at(-1)), expect);
  });
  await audited(
    'down --remove-leftovers: removes what is surely the fleet’s, and leaves what only its tag says',
    async () => {
      const ended = await once(['down', '--yes', '--confirm', fleet, '--remove-leftovers']);
      expect(ended.code === 5, `down ended with ${ended.code}: ${ended.stdout}\n${ended.stderr}`);
      const role = `eksctl-${fleet}-left`;
      expect(ended.stdout.includes(role), `the role is not listed: ${ended.stdout}`);
      await aws(env, ['iam', 'delete-role-policy', '--role-name', role, '--policy-name', 'left']);
      await aws(env, ['iam', 'delete-role', '--role-name', role]);
      // A volume whose claim nobody knows may hold data: it stays, and its owner deletes it.
      const volume = /delete-volume --region \S+ --volume-id (\S+)/.exec(ended.stderr)?.[1];
      expect(volume !== undefined, `the volume is not left: ${ended.stderr}`);
      await aws(env, ['ec2', 'delete-volume', '--volume-id', volume]);
      const again = await once(['down', '--yes', '--confirm', fleet, '--remove-leftovers']);
      expect(again.code === 0, `down ended with ${again.code}: ${again.stdout}\n${again.stderr}`);
      for (const line of ended.stderr.split('\n').filter((each) => each.includes(' done:')))
        console.log(`       ${line}`);
    },
  );
}

/**
 * One of each kind but clusters, stacks and rules; gp3 is 0.08 USD per GiB and month, a Network Load Balancer 0.0225 and a public address
 * 0.005 per hour.
 */
function expectListed({ leftovers, usdPerMonth, unknown }, expect) {
  for (const { kind, name, detail, usdPerMonth: usd } of leftovers) {
    console.log(`       ${kind} ${name} (${detail}): ${usd ?? 'unknown'} USD a month`);
  }
  const kinds = [...new Set(leftovers.map(({ kind }) => kind))].sort().join();
  const wanted = 'IAM role,OIDC provider,load balancer,log group,network interface,security group,target group,volume';
  expect(kinds === wanted, `the kinds are ${kinds}`);
  const usd = 5 * 0.08 + 730 * (0.0225 + 3 * 0.005);
  expect(Math.abs(usdPerMonth - usd) < 0.01, `all of it is ${usdPerMonth} USD a month, expected ${usd}`);
  expect(unknown.length === 0, `unknown: ${unknown.join()}`);
}

/** A Service of somebody's workload: its load balancer has the cluster's mark, not the fleet's tag. */
async function leaveBalancer({ env, kubeconfig, member }) {
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: 'left',
      namespace: 'default',
      annotations: { 'service.beta.kubernetes.io/aws-load-balancer-type': 'nlb' },
    },
    spec: { type: 'LoadBalancer', ports: [{ port: 80 }], selector: { app: 'left' } },
  };
  const kubectl = [`--kubeconfig=${kubeconfig}`, `--context=${member}`];
  const applying = run('kubectl', [...kubectl, 'apply', '-f', '-'], { env });
  applying.child.stdin.end(JSON.stringify(service));
  await applying;
  const hostname = ['get', 'service', 'left', '-o', 'jsonpath={.status.loadBalancer.ingress[0].hostname}'];
  const host = await until(async () => (await run('kubectl', [...kubectl, ...hostname], { env })).stdout);
  const name = host.slice(0, host.split('.')[0].lastIndexOf('-'));
  const filter = ['--filters', `Name=description,Values=ELB net/${name}/*`];
  const query = ['--query', 'NetworkInterfaces[].NetworkInterfaceId'];
  await until(() => aws(env, ['ec2', 'describe-network-interfaces', ...filter, ...query]));
}

/** As in the console of EKS: its stacks, its OIDC provider and what it made for its Services stay. */
async function deleteCluster(env, name) {
  const groups = await aws(env, ['eks', 'list-nodegroups', '--cluster-name', name, '--query', 'nodegroups']);
  for (const group of groups.split('\t')) {
    const of = ['--cluster-name', name, '--nodegroup-name', group];
    await aws(env, ['eks', 'delete-nodegroup', ...of]);
    await aws(env, ['eks', 'wait', 'nodegroup-deleted', ...of]);
  }
  await aws(env, ['eks', 'delete-cluster', '--name', name]);
  await aws(env, ['eks', 'wait', 'cluster-deleted', '--name', name]);
}

/** With the marks of the fleet, of the VPC CNI, and of EKS, which names its log groups after their cluster. */
async function leaveThings({ env, fleet, member, vpc }) {
  const query = ['--query', `cluster.tags."${tag}"`];
  const mark = await aws(env, ['eks', 'describe-cluster', '--name', `${fleet}-parent`, ...query]);
  const marked = `Key=${tag},Value=${mark}`;
  // The tag alone is no proof: what the drivers and controllers of the member made names it too.
  const owned = `${marked}},{Key=kubernetes.io/cluster/${member},Value=owned`;
  const tagged = (type, mark) => ['--tag-specifications', `ResourceType=${type},Tags=[{${mark}}]`];
  const volume = ['--size', '5', '--volume-type', 'gp3', '--availability-zone', `${region}a`];
  await aws(env, ['ec2', 'create-volume', ...volume, ...tagged('volume', owned)]);
  const [subnet] = vpc.private;
  const cni = tagged('network-interface', `Key=cluster.k8s.amazonaws.com/name,Value=${member}`);
  await aws(env, ['ec2', 'create-network-interface', '--subnet-id', subnet, '--description', 'aws-K8S-i-1', ...cni]);
  const group = ['--group-name', 'left', '--description', 'left', '--vpc-id', vpc.vpc];
  await aws(env, ['ec2', 'create-security-group', ...group, ...tagged('security-group', owned)]);
  const role = ['--role-name', `eksctl-${fleet}-left`];
  await aws(env, ['iam', 'create-role', ...role, '--assume-role-policy-document', '{}', '--tags', marked]);
  const statement = { Effect: 'Deny', Action: 's3:*', Resource: '*' };
  const policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await aws(env, ['iam', 'put-role-policy', ...role, '--policy-name', 'left', '--policy-document', policy]);
  await aws(env, ['logs', 'create-log-group', '--log-group-name', `/aws/eks/${member}/cluster`]);
}

async function aws(env, args) {
  const { stdout } = await run('aws', [...args, '--region', region, '--output', 'text'], { env, maxBuffer: 1e8 });
  return stdout.trim();
}

/** What `look` finds, once it finds something. */
async function until(look) {
  for (let tries = 0; tries < 60; tries += 1) {
    const found = await look();
    if (found !== '') return found;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error('nothing was found in 30 s');
}
