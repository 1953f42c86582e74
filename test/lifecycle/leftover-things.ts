/** Puts things into a rehearsed account that a fleet may leave, each alone, by the tags of whoever it belongs to. */
import type { LeftoverKind } from '../../src/leftovers/leftover.js';
import { createStack } from '../../src/rehearsal/account/stacks.js';
import type { Account } from '../../src/rehearsal/account.js';
import { never } from '../../src/rehearsal/durations.js';
import { fleetId, region } from './fleet.js';

export type Tags = Readonly<Record<string, string>>;

/** The tag of the fleet that this machine knows. */
export function fleetTags(account: Account): Tags {
  return { 'karmada-eks/fleet': fleetId(account) };
}

/** Everything but clusters, which eksctl has to have made, and the fleet's own VPC, which has tests of its own. */
export type PlainKind = Exclude<LeftoverKind, 'EKS cluster' | 'security group rule' | 'VPC'>;

/** A cluster's name is part of the names of logs, roles and stacks. */
interface Owner {
  readonly cluster: string;
  readonly tags: Tags;
}

const zone = `${region}a`;

/** Of a volume of etcd: all others are users' data, whatever else they carry. */
const etcdTags: Tags = {
  'kubernetes.io/created-for/pvc/namespace': 'karmada-system',
  'kubernetes.io/created-for/pvc/name': 'etcd-data-etcd-0',
};

/** Each answers with the line by which `resourceIds` knows the thing. */
export const plant: Readonly<Record<PlainKind, (account: Account, owner: Owner) => string>> = {
  'CloudFormation stack': (account, { cluster, tags }) => {
    const name = `eksctl-${cluster}-addon-left`;
    const stack = createStack(account, {
      region,
      name,
      tags: { ...tags, 'alpha.eksctl.io/cluster-name': cluster },
      makes: { kind: 'role', cluster, name, roles: [] },
      duration: 0,
    });
    stack.status = 'CREATE_COMPLETE';
    stack.settlesAt = never;
    return `${region} stack ${name}`;
  },
  'load balancer': (account, { tags }) => `${region} load-balancer ${addBalancer(account, tags)}`,
  'target group': (account, { tags }) => {
    const name = account.id('k8s');
    const arn = `arn:aws:elasticloadbalancing:${region}:111122223333:targetgroup/${name}/1`;
    const { targetGroups = [] } = account.region(region);
    account.region(region).targetGroups = [...targetGroups, { name, arn, balancer: 'gone', tags: { ...tags } }];
    return `${region} target-group ${name}`;
  },
  volume: (account, { tags }) => {
    const id = account.id('vol');
    const volume = { id, sizeGiB: 20, zone, encrypted: true, createdAt: account.now(), tags: { ...etcdTags, ...tags } };
    account.region(region).volumes.push(volume);
    return `${region} volume ${id}`;
  },
  'network interface': (account, { tags }) => {
    const id = account.id('eni');
    addInterface(account, { id, description: 'aws-K8S-i-0123456789abcdef0', tags, free: true });
    return `${region} network-interface ${id}`;
  },
  'security group': (account, { tags }) => {
    const id = account.id('sg');
    const vpcId = account.region(region).vpcs[0]?.id ?? '';
    account.region(region).securityGroups.push({ id, vpcId, name: `left-${id}`, tags: { ...tags } });
    return `${region} security-group ${id}`;
  },
  'log group': (account, { cluster }) => {
    const name = `/aws/eks/${cluster}/cluster`;
    account.region(region).logGroups.push({ name, createdAt: account.now(), storedBytes: 0 });
    return `${region} log-group ${name}`;
  },
  'IAM role': (account, { cluster, tags }) => {
    const name = `eksctl-${cluster}-cluster-ServiceRole-left`;
    account.state.roles.push(name);
    const parts = { tags: { ...tags }, attached: ['arn:aws:iam::aws:policy/A'], inline: ['b'], profiles: ['eks-1'] };
    account.state.roleParts = { ...account.state.roleParts, [name]: parts };
    account.state.iamCreated = { ...account.state.iamCreated, [name]: account.now() };
    return `role ${name}`;
  },
  'OIDC provider': (account, { tags }) => {
    const arn = `arn:aws:iam::111122223333:oidc-provider/oidc.eks.${region}.amazonaws.com/id/${account.id('oidc')}`;
    account.state.oidcProviders.push(arn);
    account.state.oidcTags = { ...account.state.oidcTags, [arn]: { ...tags } };
    account.state.iamCreated = { ...account.state.iamCreated, [arn]: account.now() };
    return `oidc-provider ${arn}`;
  },
};

/** How AWS, the cloud controller, the CSI driver and the VPC CNI mark what is a cluster's. */
export function marksOf(cluster: string): Readonly<Partial<Record<PlainKind, Tags>>> {
  const owned = { [`kubernetes.io/cluster/${cluster}`]: 'owned' };
  return {
    'load balancer': owned,
    'target group': owned,
    volume: owned,
    'network interface': { 'cluster.k8s.amazonaws.com/name': cluster },
    'security group': { ...owned, 'aws:eks:cluster-name': cluster },
    'log group': {},
    'OIDC provider': { 'alpha.eksctl.io/cluster-name': cluster },
  };
}

/** With the fleet's tag, and the mark of a cluster that the fleet made and that no step knows of: two witnesses. */
export function plantOne(account: Account, kind: PlainKind): string {
  const mark = marksOf('stray')[kind] ?? { 'alpha.eksctl.io/cluster-name': 'stray' };
  return plant[kind](account, { cluster: 'stray', tags: { ...fleetTags(account), ...mark } });
}

/** One thing of each kind. */
export function plantAll(account: Account): void {
  for (const kind of Object.keys(plant) as PlainKind[]) plantOne(account, kind);
}

/** An active network load balancer with one public address in each of two zones; answers its name. */
export function addBalancer(account: Account, tags: Tags): string {
  const here = account.region(region);
  const subnets = here.subnets.slice(0, 2);
  const name = account.id('a').slice(0, 32);
  here.loadBalancers.push({
    name,
    arn: `arn:aws:elasticloadbalancing:${region}:111122223333:loadbalancer/net/${name}/1`,
    hostname: `${name}-1.elb.${region}.amazonaws.com`,
    kind: 'network',
    scheme: 'internet-facing',
    vpcId: here.vpcs[0]?.id ?? '',
    subnetIds: subnets.map(({ id }) => id),
    api: 'none',
    service: 'shop/web',
    createdAt: account.now(),
    activeAt: account.now(),
    tags: { ...tags },
  });
  for (const [index] of subnets.entries()) {
    const description = `ELB net/${name}/1`;
    addInterface(account, { id: account.id('eni'), description, loadBalancer: name, publicIp: `192.0.2.${index + 1}` });
  }
  return name;
}

interface InterfaceParts {
  readonly id: string;
  readonly description: string;
  readonly tags?: Tags;
  readonly free?: boolean;
  readonly loadBalancer?: string;
  readonly publicIp?: string;
  readonly groups?: string[];
}

/** In the first subnet. */
export function addInterface(account: Account, { tags = {}, ...parts }: InterfaceParts): void {
  const here = account.region(region);
  const place = { subnetId: here.subnets[0]?.id ?? '', vpcId: here.vpcs[0]?.id ?? '', zone };
  here.networkInterfaces.push({ ...place, privateIp: '10.0.0.99', tags: { ...tags }, ...parts });
}
