/** Load balancers and volumes of a cluster's workloads: what AWS shows of them, and what eksctl's delete leaves. */
import { DescribeNetworkInterfacesCommand, DescribeVolumesCommand } from '@aws-sdk/client-ec2';
import { DescribeLoadBalancersCommand, DescribeTagsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { expect, it } from 'vitest';
import { eksctlCommands } from '../../../src/tools/eksctl/commands.js';
import { kubectlCommands } from '../../../src/tools/kubectl/commands.js';
import { resourceIds } from '../resources.js';
import { config, exited, type Rig, region, rig } from '../rig.js';

const access = { kubeconfig: '/home/you/kubeconfig', context: 'demo' };
const prefix = 'service.beta.kubernetes.io/aws-load-balancer';

async function rigWithLoadBalancer(): Promise<Rig> {
  const made = rig();
  await made.run(eksctlCommands.createCluster(config(made.vpc)));
  const server = made.account.region(region).clusters['demo']?.endpoint;
  const args = ['eks', 'get-token', '--output', 'json', '--cluster-name', 'demo', '--region', region];
  const kubeconfig = {
    contexts: [{ name: 'demo', context: { cluster: 'demo', user: 'demo' } }],
    clusters: [{ name: 'demo', cluster: { server } }],
    users: [{ name: 'demo', user: { exec: { command: 'aws', args } } }],
  };
  await made.world.files.write(access.kubeconfig, JSON.stringify(kubeconfig));
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: 'lb',
      namespace: 'default',
      annotations: {
        [`${prefix}-type`]: 'nlb',
        [`${prefix}-subnets`]: made.vpc.publicSubnets.map((subnet) => subnet.id).join(','),
      },
    },
    spec: { type: 'LoadBalancer', ports: [{ port: 443 }], selector: { app: 'x' } },
  };
  expect(exited(await made.run(kubectlCommands.apply(access, [service]))).stderr).toBe('');
  await made.world.clock.sleep(300_000);
  return made;
}

it('shows a load balancer, its tags and the addresses of its interfaces', async () => {
  const { world } = await rigWithLoadBalancer();
  const elb = world.aws.elbv2(region);
  const { LoadBalancers } = await elb.send(new DescribeLoadBalancersCommand({}));
  expect(LoadBalancers).toHaveLength(1);
  expect(LoadBalancers?.[0]).toMatchObject({ Type: 'network', State: { Code: 'active' } });
  const arn = LoadBalancers?.[0]?.LoadBalancerArn ?? '';
  const { TagDescriptions } = await elb.send(new DescribeTagsCommand({ ResourceArns: [arn] }));
  expect(TagDescriptions?.[0]?.Tags).toContainEqual({ Key: 'kubernetes.io/service-name', Value: 'default/lb' });
  const description = `ELB net/${LoadBalancers?.[0]?.LoadBalancerName}/*`;
  const interfaces = await world.aws
    .ec2(region)
    .send(new DescribeNetworkInterfacesCommand({ Filters: [{ Name: 'description', Values: [description] }] }));
  expect(interfaces.NetworkInterfaces?.filter((eni) => eni.Association?.PublicIp)).toHaveLength(3);
  await expect(elb.send(new DescribeLoadBalancersCommand({ Names: ['none'] }))).rejects.toMatchObject({
    name: 'LoadBalancerNotFoundException',
  });
});

it('goes with the cluster when eksctl deletes it; a volume of a claim stays', async () => {
  const { run, account, world } = await rigWithLoadBalancer();
  const volume = { id: 'vol-claim', sizeGiB: 5, zone: 'us-west-2a', encrypted: true, createdAt: account.now() };
  account.region(region).volumes.push({ ...volume, tags: { 'kubernetes.io/cluster/demo': 'owned' } });
  expect(exited(await run(eksctlCommands.deleteCluster({ name: 'demo', region }))).code).toBe(0);
  expect((await world.aws.elbv2(region).send(new DescribeLoadBalancersCommand({}))).LoadBalancers).toEqual([]);
  expect((await world.aws.ec2(region).send(new DescribeVolumesCommand({}))).Volumes).toHaveLength(1);
  const left = resourceIds(account).filter((id) => /load-balancer|network-interface|volume|security-group/.test(id));
  expect(left).toEqual(['us-west-2 volume vol-claim']);
});
