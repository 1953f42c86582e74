/** What there is in AWS in one region: clusters, node groups, add-ons, stacks, volumes of claims, load balancers and their rules. */
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DescribeSecurityGroupRulesCommand, DescribeVolumesCommand } from '@aws-sdk/client-ec2';
import {
  DescribeAddonCommand,
  DescribeClusterCommand,
  DescribeNodegroupCommand,
  ListAddonsCommand,
  ListClustersCommand,
  ListNodegroupsCommand,
} from '@aws-sdk/client-eks';
import {
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';

/** The tag of a volume that names the claim it was made for. */
const claimTag = 'kubernetes.io/created-for/pvc/name';

/** @param aws the port */
export async function regionState(aws, region) {
  const clients = { eks: aws.eks(region), ec2: aws.ec2(region), elbv2: aws.elbv2(region) };
  const clusters = {};
  for (const name of await pages(clients.eks, ListClustersCommand, {}, 'clusters', 'nextToken')) {
    clusters[name] = await eksCluster(clients, name);
  }
  const stacks = await pages(aws.cloudformation(region), DescribeStacksCommand, {}, 'Stacks', 'NextToken');
  const volumes = await pages(clients.ec2, DescribeVolumesCommand, {}, 'Volumes', 'NextToken');
  const claims = volumes.filter(({ Tags = [] }) => Tags.some(({ Key }) => Key === claimTag));
  return {
    clusters,
    stacks: Object.fromEntries(stacks.map((each) => [each.StackName, stackState(each)])),
    volumes: Object.fromEntries(claims.map(volumeState)),
    loadBalancers: await loadBalancers(clients.elbv2),
  };
}

async function eksCluster({ eks, ec2 }, name) {
  const { cluster } = await eks.send(new DescribeClusterCommand({ name }));
  const nodeGroups = {};
  for (const nodegroupName of await pages(
    eks,
    ListNodegroupsCommand,
    { clusterName: name },
    'nodegroups',
    'nextToken',
  )) {
    const { nodegroup } = await eks.send(new DescribeNodegroupCommand({ clusterName: name, nodegroupName }));
    const { status, scalingConfig, tags, subnets, instanceTypes } = nodegroup;
    nodeGroups[nodegroupName] = { status, scalingConfig, tags, subnets: setOf(subnets), instanceTypes };
  }
  const addons = {};
  for (const addonName of await pages(eks, ListAddonsCommand, { clusterName: name }, 'addons', 'nextToken')) {
    const { addon } = await eks.send(new DescribeAddonCommand({ clusterName: name, addonName }));
    addons[addonName] = { status: addon.status, issues: addon.health?.issues?.map(({ code }) => code) ?? [] };
  }
  const { status, version, tags, resourcesVpcConfig, accessConfig, upgradePolicy } = cluster;
  const { clusterSecurityGroupId, vpcId, publicAccessCidrs, endpointPublicAccess } = resourcesVpcConfig;
  return {
    ...{ status, version, tags, vpcId, publicAccessCidrs, endpointPublicAccess },
    ...{ authenticationMode: accessConfig.authenticationMode, supportType: upgradePolicy?.supportType },
    ...{ nodeGroups, addons, rules: await controllersRules(ec2, clusterSecurityGroupId) },
  };
}

/** Whom the cloud controller lets in at the nodes. */
async function controllersRules(ec2, group) {
  const input = { Filters: [{ Name: 'group-id', Values: [group] }] };
  const rules = await pages(ec2, DescribeSecurityGroupRulesCommand, input, 'SecurityGroupRules', 'NextToken');
  const its = rules.filter(({ Description }) => Description?.startsWith('kubernetes.io/rule/'));
  const shown = ({ IpProtocol, FromPort, ToPort, CidrIpv4, Description }) =>
    `${IpProtocol} ${FromPort} to ${ToPort} from ${CidrIpv4}: ${Description}`;
  return setOf(its.map(shown));
}

function stackState({ StackStatus, EnableTerminationProtection, Tags = [] }) {
  return { status: StackStatus, protected: EnableTerminationProtection, tags: tagsOf(Tags) };
}

function volumeState({ Size, Encrypted, Tags }) {
  const tags = tagsOf(Tags);
  return [tags[claimTag], { size: Size, encrypted: Encrypted, tags }];
}

async function loadBalancers(elbv2) {
  const found = await pages(elbv2, DescribeLoadBalancersCommand, {}, 'LoadBalancers', 'Marker', 'NextMarker');
  const states = [];
  for (const { LoadBalancerArn, Type, Scheme, AvailabilityZones } of found) {
    const subnets = setOf(AvailabilityZones.map(({ SubnetId }) => SubnetId));
    const parts = {
      tags: await tagsAt(elbv2, LoadBalancerArn),
      targetGroups: await targetGroups(elbv2, LoadBalancerArn),
    };
    states.push({ type: Type, scheme: Scheme, subnets, ...parts });
  }
  return states;
}

async function targetGroups(elbv2, LoadBalancerArn) {
  const { TargetGroups } = await elbv2.send(new DescribeTargetGroupsCommand({ LoadBalancerArn }));
  const groups = {};
  for (const { TargetGroupArn, TargetGroupName, ...group } of TargetGroups) {
    const { HealthCheckIntervalSeconds, HealthyThresholdCount, UnhealthyThresholdCount } = group;
    const { TargetHealthDescriptions } = await elbv2.send(new DescribeTargetHealthCommand({ TargetGroupArn }));
    groups[TargetGroupName] = {
      ...{ HealthCheckIntervalSeconds, HealthyThresholdCount, UnhealthyThresholdCount },
      ...{ targets: TargetHealthDescriptions.length, tags: await tagsAt(elbv2, TargetGroupArn) },
    };
  }
  return groups;
}

async function tagsAt(elbv2, arn) {
  const { TagDescriptions } = await elbv2.send(new DescribeTagsCommand({ ResourceArns: [arn] }));
  return tagsOf(TagDescriptions[0].Tags);
}

/** What has no order, so that it has none in the comparison either: ids are put in order after they have got names. */
function setOf(texts) {
  return Object.fromEntries(texts.map((text) => [text, true]));
}

function tagsOf(tags) {
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
}

async function pages(client, Command, input, field, token, next = token) {
  const found = [];
  let after;
  do {
    const answer = await client.send(new Command({ ...input, ...(after && { [token]: after }) }));
    found.push(...(answer[field] ?? []));
    after = answer[next];
  } while (after);
  return found;
}
