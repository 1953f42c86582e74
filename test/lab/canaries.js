/** Things of others in the lab's account that resemble the fleet's by name, prefix and tag: they must be as they were at the end. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const region = 'us-west-2';
const tag = 'karmada-eks/fleet';

/** One of each kind that AWS itself lets be made without a cluster. */
export async function plantCanaries({ env, fleet, vpcs }) {
  const [subnet] = vpcs[region].private;
  // A fleet of this name in another account, one whose name begins alike, and one of an earlier version of this program.
  const marks = [`zzzzzzzzzzzz.999988887777.${region}`, `${fleet}-2.${region}`];
  for (const [index, value] of marks.entries()) {
    const mark = `{Key=${tag},Value=${value}},{Key=karmada-eks/name,Value=${fleet}}`;
    const tagged = (type, more = '') => ['--tag-specifications', `ResourceType=${type},Tags=[${mark}${more}]`];
    const owned = `,{Key=kubernetes.io/cluster/${fleet}-parent-2,Value=owned}`;
    const volume = ['--size', '7', '--volume-type', 'gp3', '--availability-zone', `${region}a`];
    await aws(env, ['ec2', 'create-volume', ...volume, ...tagged('volume', owned)]);
    const cni = `,{Key=cluster.k8s.amazonaws.com/name,Value=${fleet}-parent-2}`;
    await aws(env, ['ec2', 'create-network-interface', '--subnet-id', subnet, ...tagged('network-interface', cni)]);
    const group = ['--group-name', `${fleet}-canary-${index}`, '--description', 'canary', '--vpc-id', vpcs[region].vpc];
    await aws(env, ['ec2', 'create-security-group', ...group, ...tagged('security-group', owned)]);
    const role = ['--role-name', `eksctl-${fleet}-parent-2-canary-${index}`, '--assume-role-policy-document', '{}'];
    await aws(env, ['iam', 'create-role', ...role, '--tags', `Key=${tag},Value=${value}`]);
  }
  for (const cluster of [`${fleet}-parent-2`, `${fleet}-push2`])
    await aws(env, ['logs', 'create-log-group', '--log-group-name', `/aws/eks/${cluster}/cluster`]);
}

async function aws(env, args) {
  await run('aws', [...args, '--region', region, '--output', 'text'], { env, maxBuffer: 1e8 });
}
