/** What somebody else has in AWS, next to a fleet: one of everything that the program can delete or change, in many guises. */

import { createStack } from '../../src/rehearsal/account/stacks.js';
import type { Account } from '../../src/rehearsal/account.js';
import { never } from '../../src/rehearsal/durations.js';
import { addExistingCluster } from '../../src/rehearsal/existing-clusters.js';
import type { RegionState } from '../../src/rehearsal/state.js';
import { addVpc } from '../../src/rehearsal/vpcs.js';
import { lookAlikes, strangers, type Tags } from './look-alikes.js';

/** Where the fleet may be: what is planted there lies in the same network. */
export interface SharedPlace {
  readonly vpcId: string;
  readonly subnetId: string;
  readonly zone: string;
}

/** Fills an account that has nothing else. */
export function foreignAws(account: Account, region: string, place: SharedPlace): void {
  for (const [index, tags] of Object.values(lookAlikes).entries()) plantLoose(account, region, place, index, tags);
  plantClusters(account, region);
  plantGlobal(account, region);
}

/** Things without a cluster. */
function plantLoose(account: Account, region: string, place: SharedPlace, index: number, given: Tags): void {
  const here: RegionState = account.region(region);
  const tags = (): Record<string, string> => ({ ...given });
  const { accountId } = account.state;
  const { vpcId, subnetId, zone } = place;
  const createdAt = account.now();
  const name = `canary-${index}`;
  const elb = `arn:aws:elasticloadbalancing:${region}:${accountId}`;
  const balancer = `${elb}:loadbalancer/net/${name}/1`;
  const groupId = account.id('sg');
  here.volumes.push({ id: account.id('vol'), sizeGiB: 500, zone, encrypted: true, createdAt, tags: tags() });
  here.securityGroups.push({
    id: groupId,
    vpcId,
    name: `eks-cluster-sg-${name}`,
    tags: tags(),
    rules: [
      { id: account.id('sgr'), description: `kubernetes.io/rule/nlb/client=${name}`, source: '0.0.0.0/0', port: 1 },
    ],
  });
  const at = { subnetId, vpcId, zone };
  const address = `10.255.255.${10 + 2 * index}`;
  here.networkInterfaces.push(
    {
      ...at,
      id: account.id('eni'),
      description: 'aws-K8S-i-0',
      privateIp: address,
      free: true,
      groups: [groupId],
      tags: tags(),
    },
    { ...at, id: account.id('eni'), description: `ELB net/${name}/1`, privateIp: `${address}1`, loadBalancer: name },
  );
  here.loadBalancers.push({
    name,
    arn: balancer,
    hostname: `${name}-1.elb.${region}.amazonaws.com`,
    kind: 'network',
    scheme: 'internet-facing',
    vpcId,
    subnetIds: [subnetId],
    api: 'none',
    service: 'karmada-system/karmada-service-loadbalancer',
    createdAt,
    activeAt: createdAt,
    tags: tags(),
  });
  here.targetGroups = [
    ...(here.targetGroups ?? []),
    { name, arn: `${elb}:targetgroup/${name}/1`, balancer, tags: tags() },
  ];
}

/** Clusters of another fleet: by eksctl, with nodes, add-ons, stacks and logs, in a VPC of their own. */
function plantClusters(account: Account, region: string): void {
  const { vpc, privateSubnets } = addVpc(account, { region, name: 'canary', block: 201 });
  const subnetIds = privateSubnets.map(({ id }) => id);
  for (const name of strangers) {
    const tags = { ...lookAlikes['another fleet, its mark longer'], 'alpha.eksctl.io/cluster-name': name };
    const cluster = addExistingCluster(account, { region, name, vpcId: vpc.id, subnetIds, nodes: 1, tags });
    cluster.addons['aws-ebs-csi-driver'] = {
      name: 'aws-ebs-csi-driver',
      status: 'ACTIVE',
      settlesAt: never,
      serviceAccountRoleArn: `arn:aws:iam::${account.state.accountId}:role/${name}-ebs`,
      issues: [],
    };
    // An API without Services is at rest, and no look of the controllers is spent on it.
    delete account.state.apis[`eks/${region}/${name}`]?.objects['services/default/kubernetes'];
    plantStack(account, region, name, 'cluster', tags);
    plantStack(account, region, name, 'nodegroup-ng', tags);
    account
      .region(region)
      .logGroups.push({ name: `/aws/eks/${name}/cluster`, createdAt: account.now(), storedBytes: 9 });
  }
  for (const name of ['/aws/eks/karmada-parent/application', '/aws/eks/one', '/aws/lambda/karmada-parent/cluster']) {
    account.region(region).logGroups.push({ name, createdAt: account.now(), storedBytes: 9 });
  }
}

function plantStack(account: Account, region: string, cluster: string, what: string, tags: Tags): void {
  const makes =
    what === 'cluster' ? ({ kind: 'cluster', name: cluster } as const) : ({ kind: 'node-group', name: 'ng' } as const);
  const name = `eksctl-${cluster}-${what}`;
  const stack = createStack(account, { region, name, tags, makes: { ...makes, cluster, roles: [] }, duration: 0 });
  stack.status = 'CREATE_COMPLETE';
  stack.settlesAt = never;
}

/** Guises of what IAM has: its tags are read one by one, and a run must not take longer for the canaries in it. */
const inIam = [
  'another fleet, its mark longer',
  'the key written otherwise',
  'a cluster whose name begins alike',
] as const;

/** What IAM has. */
function plantGlobal(account: Account, region: string): void {
  const { state } = account;
  state.roleParts = {};
  state.oidcTags = {};
  for (const [index, tags] of inIam.map((guise) => lookAlikes[guise] ?? {}).entries()) {
    const role = `eksctl-karmada-parent-2-${region}-ServiceRole-${index}`;
    state.roles.push(role);
    state.roleParts[role] = {
      tags: { ...tags },
      attached: ['arn:aws:iam::aws:policy/A'],
      inline: ['b'],
      profiles: [role],
    };
    const id = account.id('oidc').slice('oidc-'.length).toUpperCase();
    const arn = `arn:aws:iam::${state.accountId}:oidc-provider/oidc.eks.${region}.amazonaws.com/id/${id}`;
    state.oidcProviders.push(arn);
    state.oidcTags[arn] = { ...tags };
  }
}
