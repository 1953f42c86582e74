/** The AWS-run cloud controller: makes a load balancer for a Service, and deletes it before the Service. */

import { createHash } from 'node:crypto';
import { defaultRouteTarget } from '../../account/routes.js';
import { pairsIn, wordsIn } from '../../arguments.js';
import { durations } from '../../durations.js';
import { at, canonical, isJson, textAt } from '../../json.js';
import type { ApiState, KubeObjectState, LoadBalancerState, RegionState, SubnetState } from '../../state.js';
import { recordEvent } from '../api-server/events.js';
import { dropObject, listObjects, loadBalancerFinalizer } from '../api-server/store.js';
import { elapsed, notedText, notes, type Tick } from '../tick.js';
import { removeParts, syncParts } from './balancer-parts.js';
import { addInterfaces, removeInterfaces } from './interfaces.js';

const prefix = 'service.beta.kubernetes.io/aws-load-balancer-';
/** From the Service to a hostname in its status; the load balancer is still provisioning then. */
const hostnameMs = 5_000;
/** From the Service to addresses that answer (aws.md 2.4: some minutes). */
const activeMs = 150_000;
/** From what a Service asks for to target groups and rules [est]. */
const partsMs = 3_000;
const deletionMs = 30_000;

export function settleLoadBalancers(tick: Tick, api: ApiState): void {
  for (const service of listObjects(api, 'services')) {
    if (service.metadata.deletionTimestamp !== undefined) removeWithService(tick, api, service);
    else if (textAt(service, 'spec', 'type') === 'LoadBalancer' && isServed(service)) provide(tick, api, service);
  }
  settleInterfaces(tick, api);
}

/**
 * Whether the cloud controller in EKS serves a Service: it leaves `external`, `nlb-ip` and any class to others
 * (aws.md 2.1).
 */
function isServed(service: KubeObjectState): boolean {
  const type = annotation(service, 'type');
  return type !== 'external' && type !== 'nlb-ip' && at(service, 'spec', 'loadBalancerClass') === undefined;
}

function provide(tick: Tick, api: ApiState, service: KubeObjectState): void {
  const finalizers = service.metadata['finalizers'];
  if (!Array.isArray(finalizers) || !finalizers.includes(loadBalancerFinalizer)) {
    service.metadata['finalizers'] = [...(Array.isArray(finalizers) ? finalizers : []), loadBalancerFinalizer];
  }
  const balancer = find(tick, api, service) ?? create(tick, api, service);
  if (balancer !== undefined) provideParts(tick, api, balancer, service);
  if (balancer === undefined || !elapsed(tick, service, 'provisioningSince', true, hostnameMs)) return;
  service['status'] = { loadBalancer: { ingress: [{ hostname: balancer.hostname }] } };
}

/** Target groups and rules follow what the Service asks for, and are not reconciled until it asks for something else. */
function provideParts(tick: Tick, api: ApiState, balancer: LoadBalancerState, service: KubeObjectState): void {
  const { loadBalancerSourceRanges, ports } = isJson(service['spec']) ? service['spec'] : {};
  const wanted = canonical([loadBalancerSourceRanges, ports]);
  if (!elapsed(tick, service, 'partsSince', notedText(service, 'partsFor') !== wanted, partsMs)) return;
  syncParts(tick.simulation.region(api.region), api, balancer, service);
  notes(service)['partsFor'] = wanted;
}

function create(tick: Tick, api: ApiState, service: KubeObjectState): LoadBalancerState | undefined {
  const region = tick.simulation.region(api.region);
  const network = annotation(service, 'type') === 'nlb';
  const internal = !['', 'false'].includes(annotation(service, 'internal').toLowerCase());
  const subnets = chooseSubnets(region, api, annotation(service, 'subnets'), internal);
  if (typeof subnets === 'string') {
    const text = `Error syncing load balancer: failed to ensure load balancer: ${subnets}`;
    recordEvent(tick, api, service, 'Warning', 'SyncLoadBalancerFailed', text);
    return undefined;
  }
  const name = `a${service.metadata.uid.replaceAll('-', '')}`.slice(0, 32);
  const digest = createHash('sha256').update(service.metadata.uid).digest('hex').slice(0, 16);
  const balancer: LoadBalancerState = {
    name,
    arn: `arn:aws:elasticloadbalancing:${api.region}:${tick.simulation.state.accountId}:loadbalancer/${network ? `net/${name}/${digest}` : name}`,
    hostname: network
      ? `${name}-${digest}.elb.${api.region}.amazonaws.com`
      : `${name}-${Number.parseInt(digest.slice(0, 8), 16)}.${api.region}.elb.amazonaws.com`,
    kind: network ? 'network' : 'classic',
    scheme: internal ? 'internal' : 'internet-facing',
    vpcId: subnets[0]?.vpcId ?? '',
    subnetIds: subnets.map(({ id }) => id),
    api: api.key,
    service: serviceName(service),
    createdAt: tick.at,
    activeAt: tick.at + activeMs,
    tags: {
      ...pairsIn(annotation(service, 'additional-resource-tags')),
      [`kubernetes.io/cluster/${api.cluster}`]: 'owned',
      'kubernetes.io/service-name': serviceName(service),
    },
  };
  region.loadBalancers.push(balancer);
  notes(service)['balancer'] = name;
  tick.wake(balancer.activeAt);
  return balancer;
}

/** The subnets asked for, or one per zone with a route to an internet gateway; a text gives the reason why there are none. */
function chooseSubnets(region: RegionState, api: ApiState, asked: string, internal: boolean): SubnetState[] | string {
  const vpcId = region.clusters[api.cluster]?.vpcId;
  const mine = region.subnets.filter((subnet) => subnet.vpcId === vpcId);
  const names = wordsIn(asked, ',').map((name) => name.trim());
  if (names.length > 0) {
    const chosen = mine.filter((subnet) => names.includes(subnet.id) || names.includes(subnet.tags['Name'] ?? ''));
    return chosen.length === names.length
      ? chosen
      : `expected to find ${names.length}, but found ${chosen.length} subnets`;
  }
  const zones = new Map<string, SubnetState>();
  for (const subnet of mine) {
    if ((internal || defaultRouteTarget(region, subnet)?.startsWith('igw-')) && !zones.has(subnet.zone))
      zones.set(subnet.zone, subnet);
  }
  return zones.size > 0 ? [...zones.values()] : 'could not find any suitable subnets for creating the ELB';
}

function removeWithService(tick: Tick, api: ApiState, service: KubeObjectState): void {
  const balancer = find(tick, api, service);
  if (balancer !== undefined && !elapsed(tick, service, 'removingSince', true, deletionMs)) return;
  if (balancer !== undefined) {
    balancer.deletedAt = tick.at;
    removeParts(tick.simulation.region(api.region), api, balancer);
  }
  dropObject(api, 'services', service);
  tick.wake(tick.at);
}

/** Interfaces appear when the load balancer becomes active and linger a little after it. */
function settleInterfaces(tick: Tick, api: ApiState): void {
  for (const balancer of tick.simulation.region(api.region).loadBalancers) {
    if (balancer.api !== api.key) continue;
    if (balancer.deletedAt === undefined) {
      if (balancer.activeAt <= tick.at) addInterfaces(tick, api, balancer);
      else tick.wake(balancer.activeAt);
    } else if (balancer.deletedAt + durations.balancerLinger <= tick.at) {
      removeInterfaces(tick.simulation.region(api.region), balancer);
    } else {
      tick.wake(balancer.deletedAt + durations.balancerLinger);
    }
  }
}

function find(tick: Tick, api: ApiState, service: KubeObjectState): LoadBalancerState | undefined {
  const name = notedText(service, 'balancer');
  return tick.simulation
    .region(api.region)
    .loadBalancers.find((balancer) => balancer.name === name && balancer.deletedAt === undefined);
}

function annotation(service: KubeObjectState, name: string): string {
  return service.metadata.annotations?.[prefix + name] ?? '';
}

function serviceName(service: KubeObjectState): string {
  return `${service.metadata.namespace}/${service.metadata.name}`;
}
