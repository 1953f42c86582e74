/** The target groups that the AWS cloud controller makes for a network load balancer, one a port, and their targets. */
import { createHash } from 'node:crypto';
import { listAt, numberAt } from '../../../json.js';
import type { ApiState, KubeObjectState, LoadBalancerState, RegionState, TargetGroupState } from '../../../state.js';
import type { Tick } from '../../tick.js';
import { annotation } from './make-balancer.js';

/** From the registration of a target to the end of its first health checks [est]. */
export const initialMs = 60_000;

/** Makes what is missing, and registers these instances, and no others. */
export function syncTargets(
  tick: Tick,
  api: ApiState,
  balancer: LoadBalancerState,
  service: KubeObjectState,
  instances: readonly string[],
): void {
  const region = tick.simulation.region(api.region);
  for (const port of listAt(service, 'spec', 'ports')) {
    const nodePort = numberAt(port, 'nodePort');
    if (nodePort === undefined) continue;
    const group = targetGroup(region, api, { balancer, service, port: numberAt(port, 'port') ?? 0, nodePort });
    const before = group.targets ?? [];
    group.targets = instances.map(
      (id) => before.find((target) => target.id === id) ?? { id, port: nodePort, since: tick.at },
    );
    if (instances.length > before.length) tick.wake(tick.at + initialMs);
  }
}

export function removeTargetGroups(region: RegionState, balancer: LoadBalancerState): void {
  region.targetGroups = (region.targetGroups ?? []).filter((group) => group.balancer !== balancer.arn);
}

/** Whether what comes to a load balancer is passed on: to none of its targets while all of them are new. */
export function passesOn(region: RegionState, balancer: LoadBalancerState, now: number): boolean {
  const targets = (region.targetGroups ?? []).flatMap((group) =>
    group.balancer === balancer.arn ? (group.targets ?? []) : [],
  );
  return targets.length === 0 || targets.some(({ since }) => since + initialMs <= now);
}

interface Mapping {
  readonly balancer: LoadBalancerState;
  readonly service: KubeObjectState;
  readonly port: number;
  readonly nodePort: number;
}

function targetGroup(region: RegionState, api: ApiState, mapping: Mapping): TargetGroupState {
  const { balancer, service } = mapping;
  const healthCheck = {
    interval: numberIn(service, 'healthcheck-interval', 30),
    healthy: numberIn(service, 'healthcheck-healthy-threshold', 3),
    unhealthy: numberIn(service, 'healthcheck-unhealthy-threshold', 3),
  };
  const name = nameOf(api, mapping, healthCheck.interval);
  const known = region.targetGroups?.find((group) => group.name === name && group.balancer === balancer.arn);
  if (known !== undefined) return known;
  const digest = createHash('sha256').update(`${balancer.arn} ${name}`).digest('hex');
  const arn = balancer.arn.replace(/loadbalancer\/.*/, `targetgroup/${name}/${digest.slice(0, 16)}`);
  const made: TargetGroupState = { name, arn, balancer: balancer.arn, tags: { ...balancer.tags }, healthCheck };
  region.targetGroups = [...(region.targetGroups ?? []), made];
  return made;
}

/** `buildTargetGroupName`. */
function nameOf({ cluster }: ApiState, { service, port, nodePort }: Mapping, interval: number): string {
  const { name, namespace = '' } = service.metadata;
  const parts = [cluster, namespace, name, port, nodePort, 'TCP', 'instance', 'TCP', interval];
  const digest = createHash('sha1').update(parts.join('')).digest('hex');
  const short = (text: string): string => text.replace(/[^A-Za-z0-9]/g, '').slice(0, 8);
  return `k8s-${short(namespace)}-${short(name)}-${digest.slice(0, 10)}`;
}

function numberIn(service: KubeObjectState, name: string, otherwise: number): number {
  const asked = annotation(service, name);
  return asked === '' ? otherwise : Number(asked);
}
