/** What the nodes of new clusters need from EC2, and what AWS itself needs on first use in an account. */

import type { FleetCluster } from '../fleet/fleet.js';
import type { Facts } from '../model/facts.js';
import { allConditions, allow, inRegions, regionsIn, type Statement, throughStacks } from './statement.js';

/** Security groups and launch templates get their ids from EC2, so only their regions are known beforehand. */
export function nodeStatements({ caller }: Facts, clusters: readonly FleetCluster[]): readonly Statement[] {
  const regions = regionsIn(clusters);
  return [
    allow(
      'StacksOfNodes',
      [
        'ec2:CreateLaunchTemplate',
        'ec2:CreateSecurityGroup',
        // Not bound to `ec2:CreateAction`: CloudFormation tags a security group after it made it (coverage roadmap, issue 714).
        'ec2:CreateTags',
        'ec2:DeleteLaunchTemplate',
        'ec2:DeleteSecurityGroup',
        'ec2:DeleteTags',
      ],
      '*',
      allConditions(throughStacks, inRegions(regions)),
    ),
    // EKS tries with the caller's permissions whether it could start what the launch template asks for, tags too.
    allow('Nodes', ['ec2:RunInstances'], '*', inRegions(regions)),
    allow('NodeTags', ['ec2:CreateTags'], '*', {
      StringEquals: { 'aws:RequestedRegion': regions, 'ec2:CreateAction': ['RunInstances'] },
    }),
    allow(
      'NodeImages',
      ['ssm:GetParameter', 'ssm:GetParameters'],
      regions.map((region) => `arn:${caller.partition}:ssm:${region}::parameter/aws/*`),
    ),
    allow('ServiceLinkedRoles', ['iam:CreateServiceLinkedRole'], '*', {
      StringEquals: { 'iam:AWSServiceName': ['eks.amazonaws.com', 'eks-nodegroup.amazonaws.com'] },
    }),
  ];
}
