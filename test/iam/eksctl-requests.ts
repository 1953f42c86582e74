/** What AWS is asked when one of the product's eksctl commands runs: read in the source of eksctl 0.230.0, file by file. */
import type { Account } from '../../src/rehearsal/account.js';
import { parseConfig } from '../../src/rehearsal/eksctl/config.js';
import { oidcTag, sharedTags, stackTags } from '../../src/rehearsal/eksctl/tags.js';
import type { ExecRequest } from '../../src/world/exec.js';
import type { Request } from './evaluator.js';
import { ask, askIam, byStack, globalArn, regionalArn, type Tags, tagged, tagging } from './shapes.js';
import { ownedBy, policiesIn, roleComes, roleIsPassed, stackComes, stackGoes } from './stack-requests.js';

/** A cluster, with the tags that a config gives. */
interface Place {
  readonly name: string;
  readonly region: string;
  readonly tags: Tags;
  /** Of its roles, wherever the config has it. */
  readonly boundary?: string | undefined;
}

type Config = ReturnType<typeof parseConfig>;
type Flags = Readonly<Record<string, string>>;

export function eksctlRequests(
  account: Account,
  { args, stdin }: Pick<ExecRequest, 'args' | 'stdin'>,
): readonly Request[] {
  const words = args.filter((arg) => !arg.startsWith('-')).join(' ');
  const flags: Flags = Object.fromEntries(args.map((arg) => arg.replace(/^--/, '').split('=')));
  if (words === 'version') return [];
  const asked = commands[words];
  if (asked === undefined) throw new Error(`what eksctl ${words} asks AWS is not known to this test`);
  const config = stdin === undefined ? undefined : parseConfig(stdin);
  const bounded =
    config && [config, ...config.addons, ...config.nodeGroups].find(({ boundary }) => boundary !== undefined);
  const place: Place = (config && { ...config, boundary: bounded?.boundary }) ?? {
    name: flags['cluster'] ?? flags['name'] ?? '',
    region: flags['region'] ?? '',
    tags: {},
  };
  return [...looks(place), ...asked(account, place, config, flags)];
}

type Asked = (account: Account, place: Place, config: Config | undefined, flags: Flags) => readonly Request[];

const commands: Readonly<Record<string, Asked>> = {
  'create cluster': (_, place, config) => [
    ...controlPlane(place),
    ...oidcProvider(place),
    ...['vpc-cni', 'kube-proxy', 'coredns', 'metrics-server'].map((addon) => addonComes(place, addon)),
    ...addonRole(place, 'vpc-cni'),
    ask('eks:UpdateAddon', partArn(place, 'addon/…/vpc-cni'), place.region),
    ...(config?.addons.some(({ name }) => name === 'aws-ebs-csi-driver') ? driver(place) : []),
    ...serviceAccounts(place, config),
    ...(config?.accessEntries ?? []).flatMap((principal) => accessEntry(place, principal)),
    ...nodeGroup(place, config?.nodeGroups[0]?.name ?? ''),
  ],
  'create nodegroup': (_, place, config) => nodeGroup(place, config?.nodeGroups[0]?.name ?? ''),
  // pkg/actions/nodegroup/scale.go, scaleManagedNodeGroup
  'scale nodegroup': (_, place, __, flags) => [
    ask('eks:UpdateNodegroupConfig', partArn(place, `nodegroup/…/${flags['name']}`), place.region),
  ],
  // pkg/ctl/utils/associate_iam_oidc_provider.go, also tags the cluster
  'utils associate-iam-oidc-provider': (account, place) => [
    ...oidcProvider(place),
    ask('eks:TagResource', clusterArn(place), place.region, {
      ...tagging({ [oidcTag]: 'true' }),
      ...tagged(account.region(place.region).clusters[place.name]?.tags),
    }),
  ],
  'create iamserviceaccount': (_, place, config) => serviceAccounts(place, config),
  'delete iamserviceaccount': (account, place, _, flags) =>
    stacksGo(account, place, ({ name }) => name.endsWith(`-iamserviceaccount-${flags['namespace']}-${flags['name']}`)),
  'create addon': (account, place, config, flags) => [
    ask(
      'eks:CreateAddon',
      clusterArn(place),
      place.region,
      tagged(account.region(place.region).clusters[place.name]?.tags),
    ),
    ...(config?.addons ?? []).flatMap(({ name, roleArn, tags = {} }) => {
      const isTagged = Object.keys(tags).length > 0;
      const tag = ask('eks:TagResource', partArn(place, `addon/…/${name}`), place.region, tagging(tags));
      if (roleArn !== undefined) return [...(isTagged ? [tag] : []), ...roleIsPassed(roleArn.split('/')[1] ?? '')];
      return name === 'aws-ebs-csi-driver' ? driver(place) : [addonComes(place, name)];
    }),
    ...(flags['service-account-role-arn'] === undefined
      ? []
      : roleIsPassed(flags['service-account-role-arn'].split('/')[1] ?? '')),
  ],
  'delete addon': (_, place, __, flags) => [
    ask('eks:DeleteAddon', partArn(place, `addon/…/${flags['name']}`), place.region),
  ],
  'create accessentry': (_, place, config) => (config?.accessEntries ?? []).flatMap((arn) => accessEntry(place, arn)),
  // kubectl's work: aws-auth is a ConfigMap.
  'create iamidentitymapping': () => [],
  'delete nodegroup': (account, place) => stacksGo(account, place, ({ makes }) => makes.kind === 'node-group'),
  // pkg/actions/cluster/owned.go, pkg/cfn/manager/delete_tasks.go, pkg/vpc/cleanup.go, pkg/elb/cleanup.go
  'delete cluster': (account, place) => [
    ...stacksGo(account, place, ({ makes }) => makes.cluster === place.name),
    ask('eks:DeleteAddon', partArn(place, 'addon/…/vpc-cni'), place.region),
    askIam('DeleteOpenIDConnectProvider', provider(place), tagged(sharedTags(place))),
    ask('ec2:DeleteNetworkInterface', regionalArn('ec2', place.region, 'network-interface/eni-1'), place.region, {
      ...tagged({ 'cluster.k8s.amazonaws.com/name': place.name }),
    }),
    ask(
      'ec2:DeleteSecurityGroup',
      regionalArn('ec2', place.region, 'security-group/sg-1'),
      place.region,
      ownedBy(place.name),
    ),
  ],
};

/** The reads of every command (pkg/eks/eks.go, pkg/cfn/manager/api.go, pkg/vpc/vpc.go). */
function looks({ region }: Place): readonly Request[] {
  const actions = [
    'cloudformation:DescribeStackResource',
    'cloudformation:DescribeStackResources',
    'cloudformation:ListStacks',
    'ec2:DescribeSubnets',
    'ec2:DescribeVpcs',
    'eks:DescribeAddonConfiguration',
    'eks:DescribeAddonVersions',
    'eks:DescribeCluster',
    'eks:DescribeClusterVersions',
    'eks:ListAddons',
    'eks:ListNodegroups',
    'eks:ListPodIdentityAssociations',
  ];
  return actions.map((action) => ask(action, '*', region));
}

function controlPlane(place: Place): readonly Request[] {
  const { name, region } = place;
  const stack = `eksctl-${name}-cluster`;
  const role = `${stack}-ServiceRole-1`;
  const tags = stackTags(place);
  const group = regionalArn('ec2', region, 'security-group/sg-1');
  return [
    ...stackComes({ region, cluster: name, name: stack, tags }),
    ...roleComes(role, policiesIn(stack), tags, place.boundary),
    ...roleIsPassed(role),
    ask('eks:CreateCluster', clusterArn(place), region, { ...byStack, ...tagging(tags) }),
    ask('eks:TagResource', clusterArn(place), region, { ...byStack, ...tagging(tags) }),
    // In this order, without ec2:CreateAction (CloudFormation coverage roadmap, issue 714).
    ask('ec2:CreateSecurityGroup', group, region, byStack),
    ask('ec2:CreateTags', group, region, { ...byStack, ...tagging(tags) }),
    ask('ec2:AuthorizeSecurityGroupIngress', group, region, { ...byStack, ...tagged(tags) }),
    ask('ec2:AuthorizeSecurityGroupIngress', group, region, { ...byStack, ...ownedBy(name) }),
    askIam('CreateServiceLinkedRole', globalArn('role/aws-service-role/eks.amazonaws.com/x'), {
      'iam:AWSServiceName': ['eks.amazonaws.com'],
    }),
  ];
}

function nodeGroup(place: Place, group: string): readonly Request[] {
  const { name, region } = place;
  const stack = `eksctl-${name}-nodegroup-${group}`;
  // CloudFormation cuts the stack's name in a role's name of 64 characters.
  const role = `${stack.slice(0, 30)}-NodeInstanceRole-1`;
  const tags = stackTags(place);
  const template = regionalArn('ec2', region, 'launch-template/lt-1');
  const instance = regionalArn('ec2', region, 'instance/*').replace('*', 'i-1');
  return [
    ask(
      'cloudformation:GetTemplate',
      regionalArn('cloudformation', region, `stack/eksctl-${name}-cluster/1`),
      region,
      tagged(tags),
    ),
    ...stackComes({ region, cluster: name, name: stack, tags }),
    ...roleComes(role, policiesIn(stack), tags, place.boundary),
    ...roleIsPassed(role),
    ask('ec2:CreateLaunchTemplate', template, region, byStack),
    ask('ec2:CreateTags', template, region, { ...byStack, ...tagging(tags) }),
    ask('eks:CreateNodegroup', clusterArn(place), region, { ...byStack, ...tagged(tags), ...tagging(tags) }),
    ask('eks:TagResource', partArn(place, `nodegroup/…/${group}`), region, { ...byStack, ...tagging(tags) }),
    // EKS tries what the launch template asks for; nobody documents by which way, so no CalledVia is counted on.
    ask('ec2:RunInstances', instance, region),
    ask('ec2:CreateTags', instance, region, { ...tagging(tags), 'ec2:CreateAction': ['RunInstances'] }),
    ask('ssm:GetParameter', `arn:aws:ssm:${region}::parameter/aws/service/eks/x`, region),
    ask('ssm:GetParameters', `arn:aws:ssm:${region}::parameter/aws/service/eks/x`, region),
    askIam('CreateServiceLinkedRole', globalArn('role/aws-service-role/eks-nodegroup.amazonaws.com/x'), {
      'iam:AWSServiceName': ['eks-nodegroup.amazonaws.com'],
    }),
  ];
}

/** pkg/iam/oidc/api.go */
function oidcProvider(place: Place): readonly Request[] {
  const arn = provider(place);
  return [
    askIam('GetOpenIDConnectProvider', arn),
    askIam('CreateOpenIDConnectProvider', arn, tagging(sharedTags(place))),
    askIam('TagOpenIDConnectProvider', arn, tagging(sharedTags(place))),
  ];
}

/** pkg/actions/irsa/create.go; `create cluster` does the same for those of its config (pkg/eks/tasks.go). */
function serviceAccounts(place: Place, config: Config | undefined): readonly Request[] {
  return (config?.serviceAccounts ?? []).flatMap(({ namespace, account, roleName, boundary, policy, tags: given }) => {
    const stack = `eksctl-${place.name}-addon-iamserviceaccount-${namespace}-${account}`;
    const tags = { ...stackTags(place), ...given };
    return [
      ...stackComes({ ...place, cluster: place.name, name: stack, tags }),
      ...roleComes(roleName, policiesIn(stack), tags, boundary, policy !== undefined),
    ];
  });
}

/** pkg/actions/addon/create.go */
function addonComes(place: Place, addon: string): Request {
  const context = { ...tagged(stackTags(place)), ...tagging({}) };
  return ask('eks:CreateAddon', clusterArn(place), place.region, { ...context, addon: [addon] });
}

/** pkg/actions/addon/create.go, createRoleForIRSA */
function addonRole(place: Place, addon: string): readonly Request[] {
  const stack = `eksctl-${place.name}-addon-${addon}`;
  const role = `${stack.slice(0, 30)}-Role1-1`;
  const tags = stackTags(place);
  return [
    ...stackComes({ ...place, cluster: place.name, name: stack, tags }),
    ...roleComes(role, policiesIn(stack), tags, place.boundary),
    ...roleIsPassed(role),
  ];
}

function driver(place: Place): readonly Request[] {
  return [...addonRole(place, 'aws-ebs-csi-driver'), addonComes(place, 'aws-ebs-csi-driver')];
}

/** pkg/cfn/builder/access_entry.go */
function accessEntry(place: Place, principal: string): readonly Request[] {
  const { name, region } = place;
  const tags = stackTags(place);
  const entry = partArn(place, 'access-entry/…/role');
  const of = { ...byStack, 'eks:principalArn': [principal] };
  return [
    ...stackComes({ region, cluster: name, name: `eksctl-${name}-accessentry-ABC`, tags }),
    ask('eks:CreateAccessEntry', clusterArn(place), region, { ...of, ...tagged(tags) }),
    ask('eks:TagResource', entry, region, { ...of, ...tagging(tags) }),
    ask('eks:AssociateAccessPolicy', entry, region, of),
    ask('eks:DeleteAccessEntry', entry, region, of),
  ];
}

function stacksGo(
  account: Account,
  { name, region }: Place,
  which: (stack: ReturnType<Account['region']>['stacks'][number]) => boolean,
): readonly Request[] {
  return account
    .region(region)
    .stacks.filter((stack) => stack.makes.cluster === name && stack.status !== 'DELETE_COMPLETE' && which(stack))
    .flatMap((stack) => stackGoes(account, region, stack));
}

function clusterArn({ name, region }: Place): string {
  return regionalArn('eks', region, `cluster/${name}`);
}

/** `…` stands for the cluster. */
function partArn({ name, region }: Place, part: string): string {
  return regionalArn('eks', region, `${part.replace('…', name)}/1`);
}

function provider({ region }: Place): string {
  return globalArn(`oidc-provider/oidc.eks.${region}.amazonaws.com/id/1`);
}
