/** What eksctl needs for a fleet's clusters, confined to them as far as their names are known beforehand. */
import type { Facts } from '../discover/facts.js';
import type { FleetCluster } from '../fleet/fleet.js';
import type { Statement } from './iam-statement.js';

/** Characters of a role's name that CloudFormation leaves to the stack's name, whatever the role is called in it. */
const rolePrefixLength = 30;

/** The clusters themselves, and the stacks and roles through which eksctl makes them; all are named after the cluster. */
export function clusterStatements({ caller }: Facts, clusters: readonly FleetCluster[]): readonly Statement[] {
  const { partition, account } = caller;
  const eks = ({ cluster, region }: FleetCluster): readonly string[] => {
    const prefix = `arn:${partition}:eks:${region}:${account}`;
    const parts = ['nodegroup', 'addon', 'access-entry'].map((part) => `${prefix}:${part}/${cluster}/*`);
    return [`${prefix}:cluster/${cluster}`, ...parts];
  };
  const stacks = clusters.map(
    ({ cluster, region }) => `arn:${partition}:cloudformation:${region}:${account}:stack/eksctl-${cluster}-*/*`,
  );
  return [
    { Sid: 'Clusters', Effect: 'Allow', Action: ['eks:*'], Resource: clusters.flatMap(eks) },
    { Sid: 'Stacks', Effect: 'Allow', Action: ['cloudformation:*'], Resource: stacks },
    {
      Sid: 'Roles',
      Effect: 'Allow',
      Action: [
        'iam:AttachRolePolicy',
        'iam:CreateRole',
        'iam:DeleteRole',
        'iam:DeleteRolePolicy',
        'iam:DetachRolePolicy',
        'iam:GetRolePolicy',
        'iam:ListAttachedRolePolicies',
        'iam:ListInstanceProfilesForRole',
        'iam:ListRolePolicies',
        'iam:PassRole',
        'iam:PutRolePolicy',
        'iam:TagRole',
      ],
      Resource: clusters.map(({ cluster }) => `arn:${partition}:iam::${account}:role/${rolePrefix(cluster)}*`),
    },
  ];
}

/** CloudFormation cuts the stack's name where a role's name would get longer than IAM's 64 characters. */
function rolePrefix(cluster: string): string {
  return `eksctl-${cluster}-`.slice(0, rolePrefixLength);
}

export function oidcProviders({ caller }: Facts, clusters: readonly FleetCluster[]): Statement {
  const regions = [...new Set(clusters.map(({ region }) => region))];
  return {
    Sid: 'OidcProviders',
    Effect: 'Allow',
    Action: [
      'iam:CreateOpenIDConnectProvider',
      'iam:DeleteOpenIDConnectProvider',
      'iam:GetOpenIDConnectProvider',
      'iam:TagOpenIDConnectProvider',
    ],
    Resource: regions.map(
      (region) => `arn:${caller.partition}:iam::${caller.account}:oidc-provider/oidc.eks.${region}.*`,
    ),
  };
}

/** Security groups and launch templates get their names from EC2, so only their regions can be said beforehand. */
export function nodeStatements({ caller }: Facts, clusters: readonly FleetCluster[]): readonly Statement[] {
  const regions = [...new Set(clusters.map(({ region }) => region))];
  return [
    {
      Sid: 'NodesAndSecurityGroups',
      Effect: 'Allow',
      Action: [
        'ec2:AuthorizeSecurityGroupEgress',
        'ec2:AuthorizeSecurityGroupIngress',
        'ec2:CreateLaunchTemplate',
        'ec2:CreateLaunchTemplateVersion',
        'ec2:CreateSecurityGroup',
        'ec2:CreateTags',
        'ec2:DeleteLaunchTemplate',
        'ec2:DeleteSecurityGroup',
        'ec2:DeleteTags',
        'ec2:RevokeSecurityGroupEgress',
        'ec2:RevokeSecurityGroupIngress',
        'ec2:RunInstances',
      ],
      Resource: '*',
      Condition: { StringEquals: { 'aws:RequestedRegion': regions } },
    },
    {
      Sid: 'NodeImages',
      Effect: 'Allow',
      Action: ['ssm:GetParameter', 'ssm:GetParameters'],
      Resource: regions.map((region) => `arn:${caller.partition}:ssm:${region}::parameter/aws/*`),
    },
    {
      Sid: 'ServiceLinkedRoles',
      Effect: 'Allow',
      Action: ['iam:CreateServiceLinkedRole'],
      Resource: '*',
      Condition: { StringEquals: { 'iam:AWSServiceName': ['eks.amazonaws.com', 'eks-nodegroup.amazonaws.com'] } },
    },
  ];
}
