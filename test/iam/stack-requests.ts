/**
 * What is asked when eksctl makes a stack and when it deletes one: the stack itself, and by CloudFormation what is in it. Resources
 * of the templates: eksctl 0.230.0, pkg/cfn/builder (cluster.go, iam.go, iam_helper.go, managed_nodegroup.go, access_entry.go).
 */
import type { Account } from '../../src/rehearsal/account.js';
import type { StackState } from '../../src/rehearsal/state.js';
import type { Request } from './evaluator.js';
import { ask, askIam, byStack, globalArn, policyArn, regionalArn, type Tags, tagged, tagging } from './shapes.js';

/** A stack with whose it is. */
export interface StackOf {
  readonly region: string;
  readonly cluster: string;
  readonly name: string;
  readonly tags: Tags;
}

const driver = 'service-role/AmazonEBSCSIDriverPolicy';

/** Of the role in a stack, by the stack's name. */
export function policiesIn(stack: string): readonly string[] {
  if (/^eksctl-.*-nodegroup-[^-]+$/.test(stack)) {
    return ['AmazonEKSWorkerNodePolicy', 'AmazonEC2ContainerRegistryPullOnly', 'AmazonSSMManagedInstanceCore'];
  }
  if (stack.endsWith('-cluster')) return ['AmazonEKSClusterPolicy', 'AmazonEKSVPCResourceController'];
  // Its policy is an inline one.
  if (stack.endsWith('-karmada-eks-backup')) return [];
  return [stack.endsWith('-addon-vpc-cni') ? 'AmazonEKS_CNI_Policy' : driver];
}

/** The stack is made, with its tags; CloudFormation passes these on to what it makes. */
export function stackComes(stack: StackOf): readonly Request[] {
  const { region, name, tags } = stack;
  const arn = regionalArn('cloudformation', region, `stack/${name}/*`).replace('*', '1');
  return [
    ask('cloudformation:CreateStack', arn, region, tagging(tags)),
    ask('cloudformation:TagResource', arn, region, {
      ...tagging(tags),
      'cloudformation:CreateAction': ['CreateStack'],
    }),
    ...['DescribeStacks', 'DescribeStackEvents', 'ListStacks'].map((each) =>
      ask(`cloudformation:${each}`, '*', region),
    ),
  ];
}

/** A role in a stack. */
export function roleComes(
  role: string,
  policies: readonly string[],
  tags: Tags,
  boundary: string | undefined,
  hasInline = false,
): readonly Request[] {
  const arn = globalArn(`role/${role}`);
  const context = { ...byStack, ...tagging(tags) };
  const bound = boundary === undefined ? {} : { 'iam:PermissionsBoundary': [boundary] };
  return [
    askIam('CreateRole', arn, { ...context, ...bound }),
    askIam('TagRole', arn, context),
    ...policies.map((policy) => askIam('AttachRolePolicy', arn, { ...byStack, 'iam:PolicyARN': [policyArn(policy)] })),
    ...(hasInline ? [askIam('PutRolePolicy', arn, { ...byStack, ...bound })] : []),
    askIam('GetRole', arn, byStack),
    askIam('GetRolePolicy', arn, byStack),
  ];
}

/** EKS is given a role, and looks at it with the caller's permissions. */
export function roleIsPassed(role: string): readonly Request[] {
  const arn = globalArn(`role/${role}`);
  return [
    askIam('PassRole', arn, { ...byStack, 'iam:PassedToService': ['eks.amazonaws.com'] }),
    askIam('GetRole', arn, byStack),
    askIam('ListAttachedRolePolicies', arn, byStack),
  ];
}

function roleGoes(
  role: string,
  policies: readonly string[],
  { policy, boundary }: StackState['makes'],
): readonly Request[] {
  const bound = boundary === undefined ? {} : { 'iam:PermissionsBoundary': [boundary] };
  const arn = globalArn(`role/${role}`);
  return [
    askIam('ListAttachedRolePolicies', arn, byStack),
    askIam('ListRolePolicies', arn, byStack),
    ...policies.map((policy) => askIam('DetachRolePolicy', arn, { ...byStack, 'iam:PolicyARN': [policyArn(policy)] })),
    ...(policy === undefined ? [] : [askIam('DeleteRolePolicy', arn, { ...byStack, ...bound })]),
    askIam('DeleteRole', arn, byStack),
  ];
}

/** The protection is taken off, the stack deleted, and by CloudFormation what is in it. */
export function stackGoes(account: Account, region: string, stack: StackState): readonly Request[] {
  const { cluster, kind, roles } = stack.makes;
  const by = { ...byStack, ...tagged(stack.tags) };
  const parts = (operation: string, part: string): Request =>
    ask(`eks:${operation}`, regionalArn('eks', region, `${part}/${cluster}/x/1`), region, by);
  const clusterArn = regionalArn('eks', region, `cluster/${cluster}`);
  const group = regionalArn('ec2', region, 'security-group/sg-1');
  const clusterTags = tagged(account.region(region).clusters[cluster]?.tags);
  const inside: Readonly<Record<typeof kind, readonly Request[]>> = {
    cluster: [
      ...(account.region(region).clusters[cluster] === undefined
        ? []
        : [ask('eks:DeleteCluster', clusterArn, region, { ...byStack, ...clusterTags })]),
      ask('ec2:RevokeSecurityGroupIngress', group, region, by),
      ask('ec2:RevokeSecurityGroupIngress', group, region, { ...byStack, ...ownedBy(cluster) }),
      ask('ec2:DeleteSecurityGroup', group, region, by),
      ask('ec2:DeleteTags', group, region, by),
    ],
    'node-group': [
      parts('DeleteNodegroup', 'nodegroup'),
      ask('ec2:DeleteLaunchTemplate', regionalArn('ec2', region, 'launch-template/lt-1'), region, by),
    ],
    'access-entry': [parts('DeleteAccessEntry', 'access-entry')],
    role: [],
    network: networkGoes(stack, region),
  };
  const context = tagged(stack.tags);
  return [
    // A fleet's VPC has no such protection.
    ...(kind === 'network' ? [] : [ask('cloudformation:UpdateTerminationProtection', stack.id, region, context)]),
    ask('cloudformation:DeleteStack', stack.id, region, context),
    ...inside[kind],
    ...roles.flatMap((role) => roleGoes(role, policiesIn(stack.name), stack.makes)),
  ];
}

type Resource = NonNullable<StackState['resources']>[number];

/** What a resource of a template is made and deleted by (Service Authorization Reference, Amazon EC2). */
const ofNetworks: Readonly<
  Record<string, { readonly kind: string; readonly comes: readonly string[]; readonly goes: readonly string[] }>
> = {
  'AWS::EC2::VPC': { kind: 'vpc', comes: ['CreateVpc', 'ModifyVpcAttribute', 'CreateTags'], goes: ['DeleteVpc'] },
  'AWS::EC2::InternetGateway': {
    kind: 'internet-gateway',
    comes: ['CreateInternetGateway', 'CreateTags'],
    goes: ['DeleteInternetGateway'],
  },
  'AWS::EC2::VPCGatewayAttachment': {
    kind: 'vpc',
    comes: ['AttachInternetGateway'],
    goes: ['DetachInternetGateway'],
  },
  'AWS::EC2::Subnet': {
    kind: 'subnet',
    comes: ['CreateSubnet', 'ModifySubnetAttribute', 'CreateTags'],
    goes: ['DeleteSubnet'],
  },
  'AWS::EC2::RouteTable': {
    kind: 'route-table',
    comes: ['CreateRouteTable', 'CreateTags'],
    goes: ['DeleteRouteTable'],
  },
  'AWS::EC2::Route': { kind: 'route-table', comes: ['CreateRoute'], goes: ['DeleteRoute'] },
  'AWS::EC2::SubnetRouteTableAssociation': {
    kind: 'route-table',
    comes: ['AssociateRouteTable'],
    goes: ['DisassociateRouteTable'],
  },
  'AWS::EC2::EIP': { kind: 'elastic-ip', comes: ['AllocateAddress', 'CreateTags'], goes: ['ReleaseAddress'] },
  'AWS::EC2::NatGateway': { kind: 'natgateway', comes: ['CreateNatGateway', 'CreateTags'], goes: ['DeleteNatGateway'] },
};

/** The stack of a network is made, and by CloudFormation what its template has. */
export function networkComes(stack: StackOf, template: string): readonly Request[] {
  const { Resources } = JSON.parse(template) as { readonly Resources: Readonly<Record<string, { Type: string }>> };
  const parts = Object.values(Resources).flatMap(({ Type }) => {
    const { kind, comes } = ofNetworks[Type] ?? { kind: Type, comes: [Type] };
    return comes.map((each) =>
      ask(`ec2:${each}`, regionalArn('ec2', stack.region, `${kind}/new`), stack.region, byStack),
    );
  });
  return [...stackComes(stack), ...parts];
}

function networkGoes({ resources = [], tags }: StackState, region: string): readonly Request[] {
  return resources.flatMap(({ type, id }: Resource) => {
    const { kind, goes } = ofNetworks[type] ?? { kind: type, goes: [type] };
    const context = { ...byStack, ...tagged(tags) };
    return goes.map((each) => ask(`ec2:${each}`, regionalArn('ec2', region, `${kind}/${id}`), region, context));
  });
}

/** EKS puts this on the security group that it makes for a cluster (EKS User Guide, security group requirements). */
export function ownedBy(cluster: string): Request['context'] {
  return tagged({ [`kubernetes.io/cluster/${cluster}`]: 'owned' });
}
