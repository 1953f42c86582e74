/** EC2 resources with given tags, and their deletion; what no longer exists is not an error. */
import {
  DeleteNetworkInterfaceCommand,
  DeleteSecurityGroupCommand,
  DeleteVolumeCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  DescribeVolumesCommand,
  type Filter,
  type NetworkInterface,
  RevokeSecurityGroupIngressCommand,
  type SecurityGroup,
  type SecurityGroupRule,
  type Volume,
} from '@aws-sdk/client-ec2';
import type { AwsClients } from '../world/aws.js';
import { answerOf, answerOrMissing } from './call.js';
import { allPages } from './pages.js';

export interface TagFilter {
  readonly key: string;
  readonly values: readonly string[];
}

/** EC2 in one region, limited to leftovers. */
export interface Ec2Leftovers {
  readonly volumes: (tag: TagFilter) => Promise<readonly Volume[]>;
  /** Interfaces that are not attached. */
  readonly freeInterfaces: (tag: TagFilter) => Promise<readonly NetworkInterface[]>;
  readonly securityGroups: (tag: TagFilter) => Promise<readonly SecurityGroup[]>;
  readonly rulesOf: (groupIds: readonly string[]) => Promise<readonly SecurityGroupRule[]>;
  /** @throws Problem `aws-failed` caused by `VolumeInUse` */
  readonly deleteVolume: (id: string) => Promise<void>;
  /** @throws Problem `aws-failed` caused by `InvalidParameterValue` while it is attached */
  readonly deleteInterface: (id: string) => Promise<void>;
  /** @throws Problem `aws-failed` caused by `DependencyViolation` while something uses it */
  readonly deleteSecurityGroup: (id: string) => Promise<void>;
  readonly revokeIngress: (groupId: string, ruleId: string) => Promise<void>;
}

export function makeEc2Leftovers(aws: AwsClients, region: string): Ec2Leftovers {
  const client = aws.ec2(region);
  const ask = <T>(what: string, answer: Promise<T>): Promise<T> => answerOf(`${what} in ${region}`, answer);
  const remove = async (what: string, missing: RegExp, answer: Promise<unknown>): Promise<void> => {
    await answerOrMissing(`deleting ${what} in ${region}`, (name) => missing.test(name), answer);
  };
  return {
    volumes: (tag) =>
      allPages(async (NextToken) => {
        const command = new DescribeVolumesCommand({ Filters: [filterOf(tag)], ...maybe(NextToken) });
        const page = await ask('listing volumes', client.send(command));
        return { items: page.Volumes ?? [], next: page.NextToken };
      }),
    freeInterfaces: (tag) =>
      allPages(async (NextToken) => {
        const Filters = [filterOf(tag), { Name: 'status', Values: ['available'] }];
        const command = new DescribeNetworkInterfacesCommand({ Filters, ...maybe(NextToken) });
        const page = await ask('listing network interfaces', client.send(command));
        return { items: page.NetworkInterfaces ?? [], next: page.NextToken };
      }),
    securityGroups: (tag) =>
      allPages(async (NextToken) => {
        const command = new DescribeSecurityGroupsCommand({ Filters: [filterOf(tag)], ...maybe(NextToken) });
        const page = await ask('listing security groups', client.send(command));
        return { items: page.SecurityGroups ?? [], next: page.NextToken };
      }),
    rulesOf: (groupIds) =>
      allPages(async (NextToken) => {
        const Filters = [{ Name: 'group-id', Values: [...groupIds] }];
        const command = new DescribeSecurityGroupRulesCommand({ Filters, ...maybe(NextToken) });
        const page = await ask('listing security group rules', client.send(command));
        return { items: page.SecurityGroupRules ?? [], next: page.NextToken };
      }),
    deleteVolume: (VolumeId) =>
      remove(`volume ${VolumeId}`, /^InvalidVolume\.NotFound$/, client.send(new DeleteVolumeCommand({ VolumeId }))),
    deleteInterface: (NetworkInterfaceId) => {
      const command = new DeleteNetworkInterfaceCommand({ NetworkInterfaceId });
      const missing = /^InvalidNetworkInterfaceID\.NotFound$/;
      return remove(`network interface ${NetworkInterfaceId}`, missing, client.send(command));
    },
    deleteSecurityGroup: (GroupId) => {
      const command = new DeleteSecurityGroupCommand({ GroupId });
      return remove(`security group ${GroupId}`, /^InvalidGroup\.NotFound$/, client.send(command));
    },
    revokeIngress: (GroupId, ruleId) => {
      const command = new RevokeSecurityGroupIngressCommand({ GroupId, SecurityGroupRuleIds: [ruleId] });
      const missing = /^(InvalidSecurityGroupRuleId|InvalidGroup|InvalidPermission)\.NotFound$/;
      return remove(`rule ${ruleId} of ${GroupId}`, missing, client.send(command));
    },
  };
}

function filterOf({ key, values }: TagFilter): Filter {
  return { Name: `tag:${key}`, Values: [...values] };
}

function maybe(NextToken: string | undefined): { NextToken?: string } {
  return NextToken === undefined ? {} : { NextToken };
}
