/** Makes the load balancer of a Service, as the AWS cloud controller does. */
import { createHash } from 'node:crypto';
import { freeAddressesOf } from '../../../account/addresses.js';
import { regionalArn } from '../../../account/arns.js';
import { nameOfRegion } from '../../../account/other-accounts.js';
import { defaultRouteTarget } from '../../../account/routes.js';
import { pairsIn, wordsIn } from '../../../arguments.js';
import type { ApiState, KubeObjectState, LoadBalancerState, RegionState, SubnetState } from '../../../state.js';
import { notes, type Tick } from '../../tick.js';

const prefix = 'service.beta.kubernetes.io/aws-load-balancer-';
/** From the Service to addresses that answer (aws.md 2.4: some minutes). */
const activeMs = 150_000;

/** What a Service asks of the cloud controller; empty when it does not. */
export function annotation(service: KubeObjectState, name: string): string {
  return service.metadata.annotations?.[prefix + name] ?? '';
}

function serviceName(service: KubeObjectState): string {
  return `${service.metadata.namespace}/${service.metadata.name}`;
}

/** A text gives the reason why there is none. */
export function makeBalancer(tick: Tick, api: ApiState, service: KubeObjectState): LoadBalancerState | string {
  const region = tick.simulation.region(api.region);
  const network = annotation(service, 'type') === 'nlb';
  const internal = !['', 'false'].includes(annotation(service, 'internal').toLowerCase());
  const subnets = chooseSubnets(region, api, annotation(service, 'subnets'), internal);
  if (typeof subnets === 'string') return subnets;
  const { apis } = tick.simulation.state;
  const full = subnets.find((subnet) => freeAddressesOf(region, apis, subnet) < 8);
  if (full !== undefined) return noSpaceIn(full.id);
  const name = `a${service.metadata.uid.replaceAll('-', '')}`.slice(0, 32);
  const digest = createHash('sha256').update(service.metadata.uid).digest('hex').slice(0, 16);
  const balancer: LoadBalancerState = {
    name,
    arn: regionalArn(
      'elasticloadbalancing',
      api.region,
      tick.simulation.state.accountId,
      `loadbalancer/${network ? `net/${name}/${digest}` : name}`,
    ),
    hostname: network
      ? `${name}-${digest}.elb.${nameOfRegion(api.region)}.amazonaws.com`
      : `${name}-${Number.parseInt(digest.slice(0, 8), 16)}.${nameOfRegion(api.region)}.elb.amazonaws.com`,
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
  // One of that name can only be what somebody deleted.
  region.loadBalancers = [...region.loadBalancers.filter((each) => each.name !== name), balancer];
  notes(service)['balancer'] = name;
  tick.wake(balancer.activeAt);
  return balancer;
}

/** ELB's words (as users report them), in those of the cloud controller (cloud-provider-aws, `ensureLoadBalancerv2`). */
function noSpaceIn(subnet: string): string {
  return `error creating load balancer: "InvalidSubnet: Not enough IP space available in ${subnet}. ELB requires at least 8 free IP addresses in each subnet."`;
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
