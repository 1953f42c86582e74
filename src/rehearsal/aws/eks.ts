/** The simulated EKS: what it reports about clusters, node groups, add-ons and access. Here only eksctl creates them. */
import type * as EKS from '@aws-sdk/client-eks';
import { regionalArn } from '../account/arns.js';
import type { ClusterState } from '../state.js';
import { type AwsCall, AwsError, listing, operation, type Service } from './answer.js';
import { showAddon, showCluster, showNodeGroup } from './eks-shapes.js';
import { describeClusterVersions } from './eks-versions.js';

export const eks: Service = {
  DescribeClusterVersionsCommand: describeClusterVersions,

  ListClustersCommand: operation((input: EKS.ListClustersCommandInput, { region }) => {
    return listing('clusters', Object.keys(region.clusters).sort(), input.nextToken, 'nextToken');
  }),

  DescribeClusterCommand: operation((input: EKS.DescribeClusterCommandInput, call) => {
    return { cluster: showCluster(findCluster(call, input.name), call.region) };
  }),

  ListNodegroupsCommand: operation((input: EKS.ListNodegroupsCommandInput, call) => {
    const names = Object.keys(findCluster(call, input.clusterName).nodeGroups).sort();
    return listing('nodegroups', names, input.nextToken, 'nextToken');
  }),

  DescribeNodegroupCommand: operation((input: EKS.DescribeNodegroupCommandInput, call) => {
    const cluster = findCluster(call, input.clusterName);
    const group = cluster.nodeGroups[input.nodegroupName ?? ''];
    if (group === undefined) throw notFound(`No node group found for name: ${input.nodegroupName}.`);
    const arn = arnOf(call, `nodegroup/${cluster.name}/${group.name}/0`);
    return { nodegroup: showNodeGroup(cluster, group, arn) };
  }),

  ListAddonsCommand: operation((input: EKS.ListAddonsCommandInput, call) => {
    const names = Object.keys(findCluster(call, input.clusterName).addons).sort();
    return listing('addons', names, input.nextToken, 'nextToken');
  }),

  DescribeAddonCommand: operation((input: EKS.DescribeAddonCommandInput, call) => {
    const cluster = findCluster(call, input.clusterName);
    const addon = cluster.addons[input.addonName ?? ''];
    if (addon === undefined) throw notFound(`No addon: ${input.addonName} found in cluster: ${cluster.name}`);
    return { addon: showAddon(cluster, addon, arnOf(call, `addon/${cluster.name}/${addon.name}/0`)) };
  }),

  ListAccessEntriesCommand: operation((input: EKS.ListAccessEntriesCommandInput, call) => {
    const cluster = findCluster(call, input.clusterName);
    if (cluster.authenticationMode === 'CONFIG_MAP') {
      const modes = "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP]";
      throw new AwsError('InvalidRequestException', `${modes} to perform this operation.`);
    }
    return listing('accessEntries', cluster.accessEntries, input.nextToken, 'nextToken');
  }),

  TagResourceCommand: operation((input: EKS.TagResourceCommandInput, call) => {
    const cluster = Object.values(call.region.clusters).find((candidate) => candidate.arn === input.resourceArn);
    if (cluster === undefined) throw notFound(`Resource not found: ${input.resourceArn}`);
    Object.assign(cluster.tags, input.tags);
    return {};
  }),
};

function findCluster({ region }: AwsCall, name: string | undefined): ClusterState {
  const cluster = region.clusters[name ?? ''];
  if (cluster === undefined) throw notFound(`No cluster found for name: ${name}.`);
  return cluster;
}

function notFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message, 404);
}

function arnOf({ simulation, regionName }: AwsCall, resource: string): string {
  return regionalArn('eks', regionName, simulation.state.accountId, resource);
}
