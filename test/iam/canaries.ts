/** Requests that no printed policy may allow, each as favourable as its holder could make it; by what they would do. */
import { otherRegion, region } from '../lifecycle/fleet.js';
import type { Request } from './evaluator.js';
import {
  ask,
  askIam,
  byStack,
  globalArn,
  policyArn,
  recordKeys,
  regionalArn,
  type Tags,
  tagged,
  tagging,
} from './shapes.js';

const fleetTag = 'karmada-eks/fleet';
const ours: Tags = { [fleetTag]: `karmada.${region}` };
const theirs: Tags = { [fleetTag]: `karmada.${otherRegion}` };
/** Clusters that a fleet of these tests may have. */
const clusters = ['karmada-parent', 'one', 'two', 'far'];
const regions = [region, otherRegion];
const third = 'ap-south-1';

/** Of every fleet of these tests that has a name. */
const apiName = 'karmada.example.com';

type Canaries = Readonly<Record<string, readonly Request[]>>;

/** For each cluster and each region. */
function each(make: (cluster: string, region: string) => readonly Request[]): readonly Request[] {
  return clusters.flatMap((cluster) => [...regions, third].flatMap((where) => make(cluster, where)));
}

const eks = (where: string, rest: string): string => regionalArn('eks', where, rest);
const ec2 = (where: string, rest: string): string => regionalArn('ec2', where, rest);
const stack = (where: string, name: string): string => regionalArn('cloudformation', where, `stack/${name}/1`);
const role = (name: string): string => globalArn(`role/${name}`);
const ownRoles = clusters.flatMap((name) => [role(`eksctl-${name}-x`), role(`eksctl-${name}-${region}-ebs-csi`)]);
const oidc = (where: string): string => globalArn(`oidc-provider/oidc.eks.${where}.amazonaws.com/id/9`);
const owned = (cluster: string): Tags => ({ [`kubernetes.io/cluster/${cluster}`]: 'owned' });
const eksctlTag = (cluster: string): Tags => ({ 'alpha.eksctl.io/cluster-name': cluster });

const records: Canaries = {
  'a DNS record of another name is changed': ['www.example.com', `a.${apiName}`, 'example.com'].flatMap((name) =>
    [[name], [apiName, name]].map((names) =>
      ask('route53:ChangeResourceRecordSets', 'arn:aws:route53:::hostedzone/ZONE1', region, recordKeys(names, ['A'])),
    ),
  ),
  'a DNS record of another type is changed': ['CNAME', 'MX', 'NS'].map((type) =>
    ask(
      'route53:ChangeResourceRecordSets',
      'arn:aws:route53:::hostedzone/ZONE1',
      region,
      recordKeys([apiName], [type]),
    ),
  ),
  'a hosted zone is made or deleted': ['CreateHostedZone', 'DeleteHostedZone', 'AssociateVPCWithHostedZone'].map(
    (action) => ask(`route53:${action}`, '*', region),
  ),
};

const power: Canaries = {
  'a role of the fleet’s gets AdministratorAccess': ownRoles.flatMap((arn) => {
    const context = { 'iam:PolicyARN': [policyArn('AdministratorAccess')] };
    return [askIam('AttachRolePolicy', arn, context), askIam('AttachRolePolicy', arn, { ...context, ...byStack })];
  }),
  'a role of the fleet’s gets a policy of the holder’s own': ownRoles.flatMap((arn) => [
    askIam('PutRolePolicy', arn, byStack),
    askIam('AttachRolePolicy', arn, { ...byStack, 'iam:PolicyARN': [globalArn('policy/eksctl-one-mine')] }),
    askIam('UpdateAssumeRolePolicy', arn, byStack),
  ]),
  'a role is passed to another service': ownRoles.flatMap((arn) =>
    ['lambda.amazonaws.com', 'ec2.amazonaws.com', 'cloudformation.amazonaws.com'].map((service) =>
      askIam('PassRole', arn, { ...byStack, 'iam:PassedToService': [service] }),
    ),
  ),
  'a foreign role is passed, changed or marked': ['deploy', 'eksctl-payroll-x'].flatMap((name) => [
    askIam('PassRole', role(name), { 'iam:PassedToService': ['eks.amazonaws.com'] }),
    askIam('AttachRolePolicy', role(name), { ...byStack, 'iam:PolicyARN': [policyArn('AmazonEKSClusterPolicy')] }),
    askIam('DetachRolePolicy', role(name), { ...byStack, 'iam:PolicyARN': [policyArn('AmazonEKSClusterPolicy')] }),
    askIam('DeleteRole', role(name), byStack),
    askIam('DeleteRole', role(name), tagged(theirs)),
    askIam('TagRole', role(name), { ...byStack, ...tagging(ours) }),
  ]),
  'a foreign role whose name begins like the fleet’s is changed by hand': ownRoles.flatMap((arn) => [
    askIam('CreateRole', arn),
    askIam('DeleteRole', arn),
    askIam('DeleteRolePolicy', arn),
    askIam('TagRole', arn, tagging(ours)),
    askIam('AttachRolePolicy', arn, { 'iam:PolicyARN': [policyArn('service-role/AmazonEBSCSIDriverPolicy')] }),
    askIam('DetachRolePolicy', arn, { 'iam:PolicyARN': [policyArn('AmazonEKSWorkerNodePolicy')] }),
  ]),
  'roles for other services': [
    askIam('CreateServiceLinkedRole', role('aws-service-role/x'), { 'iam:AWSServiceName': ['ecs.amazonaws.com'] }),
  ],
};

const ofClusters: Canaries = {
  'a foreign cluster is deleted or changed': regions.flatMap((where) => [
    ask('eks:DeleteCluster', eks(where, 'cluster/payroll'), where, tagged(ours)),
    ask('eks:DeleteNodegroup', eks(where, 'nodegroup/payroll/one/1'), where),
    ask('eks:UpdateNodegroupConfig', eks(where, 'nodegroup/payroll/one/1'), where),
    ask('eks:CreateAddon', eks(where, 'cluster/payroll'), where),
    ask('eks:DeleteAddon', eks(where, 'addon/payroll/aws-ebs-csi-driver/1'), where),
    ask('eks:CreateAccessEntry', eks(where, 'cluster/payroll'), where),
  ]),
  'a cluster of the same name that is not the fleet’s': each((cluster, where) => [
    ask('eks:DeleteCluster', eks(where, `cluster/${cluster}`), where),
    ask('eks:DeleteCluster', eks(where, `cluster/${cluster}`), where, { ...byStack, ...tagged(theirs) }),
    ask('eks:UpdateClusterConfig', eks(where, `cluster/${cluster}`), where, tagged(theirs)),
  ]),
  'the fleet’s tag is put on a foreign cluster': each((cluster, where) => {
    const arn = eks(where, `cluster/${cluster}`);
    const entry = eks(where, `access-entry/payroll/${cluster}/1`);
    return [
      ask('eks:TagResource', arn, where, tagging(ours)),
      ask('eks:TagResource', arn, where, { ...tagging(ours), ...tagged(theirs) }),
      ask('eks:TagResource', eks(where, 'cluster/payroll'), where, tagging(ours)),
      ask('eks:TagResource', entry, where, { ...byStack, ...tagging(ours) }),
    ];
  }),
  'a cluster is made without the fleet’s tag': each((cluster, where) => [
    ask('eks:CreateCluster', eks(where, `cluster/${cluster}`), where, { ...byStack, ...tagging(theirs) }),
    ask('eks:TagResource', eks(where, `cluster/${cluster}`), where, { ...byStack, ...tagging(theirs) }),
  ]),
  'a stack without the fleet’s tag is deleted': each((cluster, where) =>
    [`eksctl-${cluster}-cluster`, `eksctl-${cluster}-b-cluster`, `eksctl-${cluster}-accessentry-A`].flatMap((name) =>
      ['DeleteStack', 'UpdateTerminationProtection', 'GetTemplate'].flatMap((operation) => [
        ask(`cloudformation:${operation}`, stack(where, name), where),
        ask(`cloudformation:${operation}`, stack(where, name), where, tagged(theirs)),
      ]),
    ),
  ),
  'a foreign stack is marked, or one is made under a foreign name or mark': each((cluster, where) =>
    [`eksctl-${cluster}-cluster`, `eksctl-${cluster}-accessentry-A`, 'eksctl-payroll-cluster'].flatMap((name) => [
      ask('cloudformation:TagResource', stack(where, name), where, tagging(ours)),
      ask('cloudformation:TagResource', stack(where, name), where, {
        ...tagging(theirs),
        'cloudformation:CreateAction': ['CreateStack'],
      }),
      ask('cloudformation:CreateStack', stack(where, name), where, tagging(theirs)),
      ask('cloudformation:CreateStack', stack(where, 'eksctl-payroll-cluster'), where, tagging(ours)),
    ]),
  ),
  'something foreign is taken into a stack': each((cluster, where) => [
    ask('cloudformation:CreateChangeSet', stack(where, `eksctl-${cluster}-x`), where, tagged(ours)),
    ask('cloudformation:ExecuteChangeSet', stack(where, `eksctl-${cluster}-x`), where, tagged(ours)),
    ask('cloudformation:UpdateStack', stack(where, `eksctl-${cluster}-x`), where, tagged(ours)),
  ]),
  'an OIDC provider of somebody else’s cluster': regions.flatMap((where) => [
    askIam('DeleteOpenIDConnectProvider', oidc(where)),
    askIam('DeleteOpenIDConnectProvider', oidc(where), tagged(eksctlTag('payroll'))),
    askIam('CreateOpenIDConnectProvider', oidc(where), tagging(eksctlTag('payroll'))),
    ...clusters.flatMap((cluster) => [
      askIam('TagOpenIDConnectProvider', oidc(where), {
        ...tagging(eksctlTag(cluster)),
        ...tagged(eksctlTag('payroll')),
      }),
      askIam('DeleteOpenIDConnectProvider', oidc(third), tagged(eksctlTag(cluster))),
    ]),
  ]),
  'log groups of a foreign cluster': regions.map((where) =>
    ask('logs:DeleteLogGroup', regionalArn('logs', where, 'log-group:/aws/eks/payroll/cluster:*'), where),
  ),
};

const deletions: readonly (readonly [string, string])[] = [
  ['ec2:DeleteVolume', 'volume/vol-9'],
  ['ec2:DeleteSecurityGroup', 'security-group/sg-9'],
  ['ec2:DeleteNetworkInterface', 'network-interface/eni-9'],
  ['elasticloadbalancing:DeleteLoadBalancer', 'loadbalancer/net/x/9'],
  ['elasticloadbalancing:DeleteTargetGroup', 'targetgroup/x/9'],
];

const ofThings: Canaries = {
  'what has no tag, another fleet’s, or a foreign cluster’s is deleted': regions.flatMap((where) =>
    deletions.flatMap(([action, rest]) =>
      [{}, theirs, owned('payroll'), { 'cluster.k8s.amazonaws.com/name': 'payroll' }].map((tags) =>
        ask(action, ec2(where, rest), where, tagged(tags)),
      ),
    ),
  ),
  'what a cluster of the same name owns in another region is deleted': clusters.flatMap((cluster) =>
    deletions.flatMap(([action, rest]) =>
      [owned(cluster), { 'cluster.k8s.amazonaws.com/name': cluster }].map((tags) =>
        ask(action, ec2(third, rest), third, tagged(tags)),
      ),
    ),
  ),
  'a foreign security group is opened or closed': [...regions, third].flatMap((where) =>
    [{}, theirs, owned('payroll')].flatMap((tags) =>
      ['AuthorizeSecurityGroupIngress', 'RevokeSecurityGroupIngress'].map((operation) =>
        ask(`ec2:${operation}`, ec2(where, 'security-group/sg-9'), where, { ...byStack, ...tagged(tags) }),
      ),
    ),
  ),
  'a group of a cluster of the same name in another region is closed': clusters.map((cluster) =>
    ask('ec2:RevokeSecurityGroupIngress', ec2(third, 'security-group/sg-9'), third, tagged(owned(cluster))),
  ),
  'the fleet’s tag is put on what is there': regions.flatMap((where) =>
    ['volume/vol-9', 'security-group/sg-9', 'network-interface/eni-9'].flatMap((rest) => [
      ask('ec2:CreateTags', ec2(where, rest), where, tagging(ours)),
      ask('ec2:CreateTags', ec2(where, rest), where, { ...tagging(ours), 'ec2:CreateAction': ['CreateVolume'] }),
      ask('ec2:DeleteTags', ec2(where, rest), where),
      ask('elasticloadbalancing:AddTags', ec2(where, rest), where, tagging(ours)),
    ]),
  ),
  'groups and templates are made or deleted by hand': regions.flatMap((where) => [
    ask('ec2:CreateSecurityGroup', ec2(where, 'security-group/sg-9'), where),
    ask('ec2:DeleteLaunchTemplate', ec2(where, 'launch-template/lt-9'), where),
  ]),
  'something is made in a region that is not the fleet’s': [
    ask('ec2:RunInstances', ec2(third, 'instance/i-9'), third),
    ask('ec2:CreateTags', ec2(third, 'instance/i-9'), third, { 'ec2:CreateAction': ['RunInstances'] }),
    ask('ec2:CreateSecurityGroup', ec2(third, 'security-group/sg-9'), third, byStack),
  ],
  'a parameter of the account’s own is read': regions.map((where) =>
    ask('ssm:GetParameter', regionalArn('ssm', where, 'parameter/secret'), where),
  ),
};

export const canaries: Canaries = {
  ...records,
  ...power,
  ...ofClusters,
  ...ofThings,
};

/** Where the clusters existed before: nothing of them goes, whatever its name and whatever tag they carry. */
export const existingOf = (names: readonly string[]): Canaries => ({
  'an existing cluster, its nodes or its stacks are deleted': names.flatMap((name) => [
    ask('eks:DeleteCluster', eks(region, `cluster/${name}`), region, tagged(ours)),
    ask('eks:DeleteNodegroup', eks(region, `nodegroup/${name}/ng/1`), region, tagged(ours)),
    ask('eks:UpdateClusterConfig', eks(region, `cluster/${name}`), region, tagged(ours)),
    ask('eks:DeleteAddon', eks(region, `addon/${name}/coredns/1`), region),
    ask('cloudformation:DeleteStack', stack(region, `eksctl-${name}-cluster`), region, tagged(ours)),
    ask('cloudformation:DeleteStack', stack(region, `eksctl-${name}-addon-iamserviceaccount-default-app`), region),
  ]),
  'a driver’s role that is not the fleet’s goes, or one is made without its tag': names.flatMap((name) => {
    const arn = stack(region, `eksctl-${name}-addon-iamserviceaccount-kube-system-ebs-csi-controller-sa`);
    return [
      ...['DeleteStack', 'UpdateTerminationProtection'].flatMap((operation) => [
        ask(`cloudformation:${operation}`, arn, region),
        ask(`cloudformation:${operation}`, arn, region, tagged(theirs)),
      ]),
      ask('cloudformation:CreateStack', arn, region),
      ask('cloudformation:CreateStack', arn, region, tagging(theirs)),
      ask('cloudformation:TagResource', arn, region, tagging(ours)),
    ];
  }),
  'an existing cluster gets the fleet’s tag': names.map((name) =>
    ask('eks:TagResource', eks(region, `cluster/${name}`), region, tagging(ours)),
  ),
  'the driver’s add-on gets other tags than the requested ones': names.map((name) =>
    ask('eks:TagResource', eks(region, `addon/${name}/aws-ebs-csi-driver/1`), region, tagging(theirs)),
  ),
  'somebody who is no administrator of the plan gets in, or is put out': names.flatMap((name) =>
    ['CreateAccessEntry', 'AssociateAccessPolicy', 'DeleteAccessEntry'].map((operation) => {
      const rest = operation === 'CreateAccessEntry' ? `cluster/${name}` : `access-entry/${name}/role/1`;
      return ask(`eks:${operation}`, eks(region, rest), region, { 'eks:principalArn': [globalArn('role/mallory')] });
    }),
  ),
  'an access entry of somebody else’s is marked': names.flatMap((name) => {
    const arn = eks(region, `access-entry/${name}/role/1`);
    return [
      ask('eks:TagResource', arn, region, tagging(ours)),
      ask('eks:TagResource', arn, region, { ...byStack, ...tagging(theirs) }),
    ];
  }),
});

/** Where the parent is there and the fleet is only described anew. */
export const describedCanaries: Canaries = {
  'the parent gets another tag than the list of regions': [
    ask('eks:TagResource', eks(region, 'cluster/karmada-parent'), region, { ...tagging(theirs), ...tagged(ours) }),
  ],
  'the list of regions is put on a parent that is not the fleet’s': [
    ask('eks:TagResource', eks(region, 'cluster/karmada-parent'), region, tagging({ 'karmada-eks/regions': region })),
  ],
  'a cluster that the plan leaves alone goes': [
    ask('eks:DeleteCluster', eks(region, 'cluster/one'), region, tagged(ours)),
    ask('eks:DeleteNodegroup', eks(region, 'nodegroup/one/nodes/1'), region, tagged(ours)),
  ],
};

/** Where every role has to have a boundary. */
export const boundedCanaries: Canaries = {
  'a role is made with another boundary or none, or by hand': ownRoles.flatMap((arn) => [
    askIam('CreateRole', arn, byStack),
    askIam('CreateRole', arn, { ...byStack, 'iam:PermissionsBoundary': [policyArn('AdministratorAccess')] }),
    askIam('CreateRole', arn, { 'iam:PermissionsBoundary': [globalArn('policy/boundary')] }),
  ]),
  'a role with another boundary or none gets a policy of the holder’s own, or loses one': ownRoles.flatMap((arn) =>
    ['PutRolePolicy', 'DeleteRolePolicy'].flatMap((operation) => [
      askIam(operation, arn, byStack),
      askIam(operation, arn, { ...byStack, 'iam:PermissionsBoundary': [policyArn('AdministratorAccess')] }),
      askIam(operation, arn, { 'iam:PermissionsBoundary': [globalArn('policy/boundary')] }),
    ]),
  ),
};

const bucket = 'arn:aws:s3:::safe';

const own = { 'aws:ResourceAccount': ['111122223333'] };
const strangers = { 'aws:ResourceAccount': ['999999999999'] };

/** Of a fleet `karmada` whose backups are in `s3://safe/karmada`. */
export const backupCanaries: Canaries = {
  'what else is in the bucket is listed': ['', 'payroll/', 'karmada', 'karmada/old/'].map((prefix) =>
    ask('s3:ListBucket', bucket, otherRegion, { ...own, 's3:prefix': [prefix] }),
  ),
  'an object outside of the prefix': ['salaries.csv', 'payroll/karmada-20260101T000000Z.tar', 'karmada-x.tar'].flatMap(
    (key) => ['Get', 'Put', 'Delete'].map((verb) => ask(`s3:${verb}Object`, `${bucket}/${key}`, otherRegion, own)),
  ),
  'a backup of another fleet, also of one whose name begins like this one’s, or something else': [
    'payroll-20260101T000000Z.tar',
    'karmada-eu-20260101T000000Z.tar',
    'karmada-20260101T000000Z.tar.gz',
    'old/karmada-20260101T000000Z.tar',
  ].flatMap((key) =>
    ['Get', 'Put', 'Delete'].map((verb) => ask(`s3:${verb}Object`, `${bucket}/karmada/${key}`, otherRegion, own)),
  ),
  'a bucket of the same name that is somebody else’s': [
    ask('s3:GetBucketLocation', bucket, otherRegion, strangers),
    ask('s3:ListBucket', bucket, otherRegion, { ...strangers, 's3:prefix': ['karmada/'] }),
    ...['Get', 'Put', 'Delete'].map((verb) =>
      ask(`s3:${verb}Object`, `${bucket}/karmada/karmada-20260101T000000Z.tar`, otherRegion, strangers),
    ),
  ],
  'another bucket, the bucket itself, or what it keeps of what was deleted': [
    ask('s3:GetObject', 'arn:aws:s3:::safer/karmada/karmada-20260101T000000Z.tar', otherRegion, own),
    ask('s3:DeleteBucket', bucket, otherRegion, own),
    ask('s3:PutBucketPolicy', bucket, otherRegion, own),
    ask('s3:DeleteObjectVersion', `${bucket}/karmada/karmada-20260101T000000Z.tar`, otherRegion, own),
  ],
};

/** Of a plan that makes a VPC. */
export const vpcCanaries: Canaries = {
  'a stack of a VPC is made or marked without the fleet’s tag, or deleted with another': regions.flatMap((where) => {
    const arn = stack(where, 'karmada-eks-karmada-vpc');
    const made = { 'cloudformation:CreateAction': ['CreateStack'] };
    return [
      ask('cloudformation:CreateStack', arn, where, tagging(theirs)),
      ask('cloudformation:TagResource', arn, where, tagging(ours)),
      ask('cloudformation:TagResource', arn, where, { ...tagging(theirs), ...made }),
      ask('cloudformation:DeleteStack', arn, where, tagged(theirs)),
    ];
  }),
  'parts of networks are made or deleted by hand, in another region, or of others': [
    ask('ec2:CreateVpc', ec2(third, 'vpc/new'), third, byStack),
    ask('ec2:CreateRoute', ec2(region, 'route-table/rtb-9'), region),
    ask('ec2:DeleteVpc', ec2(third, 'vpc/vpc-9'), third, { ...byStack, ...tagged(ours) }),
    ask('ec2:DeleteVpc', ec2(region, 'vpc/vpc-9'), region, { ...byStack, ...tagged(theirs) }),
    ask('ec2:DeleteVpc', ec2(region, 'vpc/vpc-9'), region, tagged(ours)),
  ],
};

const jobRole = globalArn('role/eksctl-karmada-parent-us-west-2-backup');
const jobStack = regionalArn(
  'cloudformation',
  region,
  'stack/eksctl-karmada-parent-addon-iamserviceaccount-karmada-system-karmada-eks-backup/1',
);

/** Where the parent is to back up by itself besides. */
export const scheduleCanaries: Canaries = {
  ...backupCanaries,
  'the role of scheduled backups is made, changed or deleted by hand': [
    'CreateRole',
    'DeleteRole',
    'DeleteRolePolicy',
    'PutRolePolicy',
    'TagRole',
  ].map((operation) => askIam(operation, jobRole, {})),
  'a stack of its name that is not the fleet’s goes, or comes': [
    ask('cloudformation:DeleteStack', jobStack, region, tagged(theirs)),
    ask('cloudformation:CreateStack', jobStack, region, tagging(theirs)),
  ],
};
