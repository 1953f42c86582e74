/** What the cloud controller creates along with a network load balancer: a target group per port, and rules in the cluster's security group. */
import { createHash } from 'node:crypto';
import { at, listAt } from '../../json.js';
import type {
  ApiState,
  KubeObjectState,
  LoadBalancerState,
  RegionState,
  SecurityGroupState,
  TargetGroupState,
} from '../../state.js';

type Rule = NonNullable<SecurityGroupState['rules']>[number];

/** Creates what is missing and removes the rules of source ranges that are no longer requested. */
export function syncParts(
  region: RegionState,
  api: ApiState,
  balancer: LoadBalancerState,
  service: KubeObjectState,
): void {
  if (balancer.kind !== 'network') return;
  const ports = listAt(service, 'spec', 'ports').flatMap((port) => {
    const nodePort = at(port, 'nodePort');
    return typeof nodePort === 'number' ? [nodePort] : [];
  });
  const known = region.targetGroups ?? [];
  const wanted = ports.map((port) => targetGroup(balancer, port));
  const missing = wanted.filter(({ arn }) => !known.some((one) => one.arn === arn));
  if (missing.length > 0) region.targetGroups = [...known, ...missing];
  const group = groupOf(region, api);
  if (group === undefined) return;
  const others = (group.rules ?? []).filter(({ description }) => !isFor(description, balancer));
  group.rules = [...others, ...ports.flatMap((port) => rulesFor(region, group, balancer, service, port))];
}

export function removeParts(region: RegionState, api: ApiState, balancer: LoadBalancerState): void {
  region.targetGroups = (region.targetGroups ?? []).filter((group) => group.balancer !== balancer.arn);
  const group = groupOf(region, api);
  if (group?.rules === undefined) return;
  group.rules = group.rules.filter(({ description }) => !isFor(description, balancer));
}

function groupOf(region: RegionState, { cluster }: ApiState): SecurityGroupState | undefined {
  return region.securityGroups.find(({ tags }) => tags['aws:eks:cluster-name'] === cluster);
}

function targetGroup(balancer: LoadBalancerState, port: number): TargetGroupState {
  const digest = hashOf(`${balancer.arn} ${port}`);
  const name = `k8s-${digest.slice(0, 10)}`;
  const arn = balancer.arn.replace(/loadbalancer\/.*/, `targetgroup/${name}/${digest.slice(0, 16)}`);
  return { name, arn, balancer: balancer.arn, tags: { ...balancer.tags } };
}

function rulesFor(
  region: RegionState,
  group: SecurityGroupState,
  balancer: LoadBalancerState,
  service: KubeObjectState,
  port: number,
): Rule[] {
  const ranges = listAt(service, 'spec', 'loadBalancerSourceRanges').map(String);
  const subnets = region.subnets.filter(({ id }) => balancer.subnetIds.includes(id));
  const rule = (purpose: string, source: string): Rule => {
    const description = `kubernetes.io/rule/nlb/${purpose}=${balancer.name}`;
    const id = `sgr-${hashOf([group.id, description, source, port].join(' ')).slice(0, 17)}`;
    return { id, description, source, port };
  };
  return [
    ...(ranges.length > 0 ? ranges : ['0.0.0.0/0']).map((range) => rule('client', range)),
    ...subnets.map(({ cidr }) => rule('health', cidr)),
  ];
}

function isFor(description: string, { name }: LoadBalancerState): boolean {
  return description.endsWith(`=${name}`);
}

const hashes = new Map<string, string>();

/** Remembered: the controller asks for the same few again at every event. */
function hashOf(text: string): string {
  const hash = hashes.get(text) ?? createHash('sha256').update(text).digest('hex');
  hashes.set(text, hash);
  return hash;
}
