/** The simulated EKS: versions by date, what is not found, access. */
import {
  DescribeAddonCommand,
  DescribeClusterCommand,
  DescribeClusterVersionsCommand,
  DescribeNodegroupCommand,
  ListAccessEntriesCommand,
  ListAddonsCommand,
  ListClustersCommand,
  ListNodegroupsCommand,
  TagResourceCommand,
} from '@aws-sdk/client-eks';
import { expect, it } from 'vitest';
import { newAccount } from '../../../src/rehearsal/account.js';
import { addExistingCluster } from '../../../src/rehearsal/existing-clusters.js';
import { region, rig, rigOn } from '../rig.js';

async function versionsAt(date: string): Promise<Record<string, string | undefined>> {
  const eks = rigOn(newAccount({ now: Date.parse(date) })).world.aws.eks(region);
  const first = await eks.send(new DescribeClusterVersionsCommand({}));
  const rest = first.nextToken
    ? await eks.send(new DescribeClusterVersionsCommand({ nextToken: first.nextToken }))
    : { clusterVersions: [] };
  const all = [...(first.clusterVersions ?? []), ...(rest.clusterVersions ?? [])];
  return Object.fromEntries(all.map((row) => [row.clusterVersion, row.versionStatus]));
}

it('lists the versions of the day with the state of their support', async () => {
  expect(await versionsAt('2026-11-22T12:00:00Z')).toEqual({
    '1.36': 'STANDARD_SUPPORT',
    '1.35': 'STANDARD_SUPPORT',
    '1.34': 'STANDARD_SUPPORT',
    '1.33': 'EXTENDED_SUPPORT',
    '1.32': 'EXTENDED_SUPPORT',
    '1.31': 'EXTENDED_SUPPORT',
  });
  const later = await versionsAt('2026-12-03T00:00:00Z');
  expect(later['1.34']).toBe('EXTENDED_SUPPORT');
  expect(later).not.toHaveProperty(['1.31']);
});

it('does not find what is not there', async () => {
  const { world, account, vpc } = rig();
  const subnetIds = vpc.privateSubnets.map((subnet) => subnet.id);
  addExistingCluster(account, { region, name: 'old', vpcId: vpc.vpc.id, subnetIds });
  const eks = world.aws.eks(region);
  const missing = { name: 'ResourceNotFoundException', $metadata: { httpStatusCode: 404 } };
  await expect(eks.send(new DescribeClusterCommand({ name: 'x' }))).rejects.toMatchObject({
    ...missing,
    message: 'No cluster found for name: x.',
  });
  const clusterName = 'old';
  await expect(eks.send(new DescribeNodegroupCommand({ clusterName, nodegroupName: 'x' }))).rejects.toMatchObject(
    missing,
  );
  await expect(eks.send(new DescribeAddonCommand({ clusterName, addonName: 'x' }))).rejects.toMatchObject(missing);
});

it('describes a cluster that somebody else made', async () => {
  const { world, account, vpc } = rig();
  const subnetIds = vpc.privateSubnets.map((subnet) => subnet.id);
  addExistingCluster(account, {
    region,
    name: 'old',
    vpcId: vpc.vpc.id,
    subnetIds,
    authenticationMode: 'CONFIG_MAP',
  });
  const eks = world.aws.eks(region);
  const clusterName = 'old';
  expect((await eks.send(new ListClustersCommand({}))).clusters).toEqual(['old']);
  expect((await eks.send(new ListNodegroupsCommand({ clusterName }))).nodegroups).toEqual(['ng']);
  expect((await eks.send(new ListAddonsCommand({ clusterName }))).addons).toEqual(['coredns', 'kube-proxy', 'vpc-cni']);
  await expect(eks.send(new ListAccessEntriesCommand({ clusterName }))).rejects.toMatchObject({
    name: 'InvalidRequestException',
  });
  const { cluster } = await eks.send(new DescribeClusterCommand({ name: 'old' }));
  await eks.send(new TagResourceCommand({ resourceArn: cluster?.arn, tags: { fleet: 'demo' } }));
  expect((await eks.send(new DescribeClusterCommand({ name: 'old' }))).cluster?.tags).toEqual({ fleet: 'demo' });
});
