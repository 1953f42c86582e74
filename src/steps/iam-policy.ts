/** The least IAM policy for one plan: what discovery and the steps read, and what the plan's eksctl commands change. */
import type { Facts } from '../discover/facts.js';
import { Problem } from '../errors/problem.js';
import { clustersOf, type Fleet, type FleetCluster } from '../fleet/fleet.js';
import type { PlannedStep } from '../pipeline/plan.js';

/** One statement of a policy; the names are IAM's own. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

export interface IamPolicy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

/** What an eksctl command needs besides the reads. */
type Need = 'cluster' | 'oidc' | 'nodes';

/** By the command's first two words. kubectl and kubectl-karmada need none: clusters admit by access entry. */
const needs: ReadonlyMap<string, readonly Need[]> = new Map([
  ['create cluster', ['cluster', 'oidc', 'nodes']],
  ['create nodegroup', ['cluster', 'nodes']],
  ['create addon', ['cluster', 'oidc']],
  ['create accessentry', ['cluster']],
  ['create iamidentitymapping', ['cluster']],
  ['create iamserviceaccount', ['cluster', 'oidc']],
  ['utils associate-iam-oidc-provider', ['cluster', 'oidc']],
]);

/** Characters of a role's name that CloudFormation leaves to the stack's name, whatever the role is called in it. */
const rolePrefixLength = 30;

/**
 * The policy for `up` to carry this plan out, for `status` and `demo`, and for `down` to take it away again.
 * What eksctl does is its documented minimum (eksctl, minimum-iam-policies.md), without what a plan like this does not
 * use, and confined to the clusters, stacks and roles of this fleet.
 * @throws Problem `internal` for an eksctl command whose needs are not known.
 */
export function iamPolicy(fleet: Fleet, facts: Facts, planned: readonly PlannedStep[]): IamPolicy {
  const changed = changes(fleet, planned);
  const having = (need: Need): readonly FleetCluster[] =>
    changed.filter(({ all }) => all.has(need)).map(({ cluster }) => cluster);
  return {
    Version: '2012-10-17',
    Statement: [
      reads,
      ...(changed.length > 0 ? clusterStatements(facts, having('cluster')) : []),
      ...(having('oidc').length > 0 ? [oidcProviders(facts, having('oidc'))] : []),
      ...(having('nodes').length > 0 ? nodeStatements(facts, having('nodes')) : []),
      ...(describes(planned) ? [regionsTag(fleet, facts)] : []),
    ],
  };
}

/** The clusters that the plan changes, each with all that its commands need. */
function changes(
  fleet: Fleet,
  planned: readonly PlannedStep[],
): readonly { readonly cluster: FleetCluster; readonly all: ReadonlySet<Need> }[] {
  return clustersOf(fleet).flatMap((cluster) => {
    const commands = planned
      .filter(({ step }) => step.lane === cluster.lane)
      .flatMap((step) => step.commands.filter(({ tool }) => tool === 'eksctl'));
    const all = new Set(commands.flatMap(({ args }) => needsOf(args.slice(0, 2).join(' '))));
    return all.size === 0 ? [] : [{ cluster, all }];
  });
}

/** Whether the fleet is described anew, and with it the list of its regions on the parent. */
function describes(planned: readonly PlannedStep[]): boolean {
  return planned.some(({ step, state }) => step.id === 'record-fleet' && state !== 'ready');
}

function regionsTag({ parent }: Fleet, { caller }: Facts): Statement {
  const { partition, account } = caller;
  const arn = `arn:${partition}:eks:${parent.region}:${account}:cluster/${parent.cluster}`;
  return { Sid: 'RegionsTag', Effect: 'Allow', Action: ['eks:TagResource'], Resource: arn };
}

function needsOf(words: string): readonly Need[] {
  const found = needs.get(words);
  if (found === undefined) throw new Problem('internal', { what: `what eksctl ${words} needs in IAM is not known` });
  return found;
}

/** What karmada-eks and eksctl look at. Most of these actions know no resources. */
const reads: Statement = {
  Sid: 'Look',
  Effect: 'Allow',
  Action: [
    'cloudformation:DescribeStackEvents',
    'cloudformation:DescribeStacks',
    'cloudformation:ListStacks',
    'ec2:Describe*',
    'eks:Describe*',
    'eks:List*',
    'elasticloadbalancing:DescribeLoadBalancers',
    'elasticloadbalancing:DescribeTags',
    'iam:GetRole',
  ],
  Resource: '*',
};

/** The clusters themselves, and the stacks and roles through which eksctl makes them; all are named after the cluster. */
function clusterStatements({ caller }: Facts, clusters: readonly FleetCluster[]): readonly Statement[] {
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

function oidcProviders({ caller }: Facts, clusters: readonly FleetCluster[]): Statement {
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
function nodeStatements({ caller }: Facts, clusters: readonly FleetCluster[]): readonly Statement[] {
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
