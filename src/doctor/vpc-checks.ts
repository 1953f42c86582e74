/** What `up` may accept in a VPC: broken routes, public nodes, blocked or tagged subnets. */

import type { RouteTable } from '../aws/ec2/ec2.js';
import { ok, okUnless, warning } from '../errors/diagnostic.js';
import type { Diagnostic } from '../errors/problem.js';
import { networkFrom } from '../preflight/network/network.js';
import { checkNetwork } from '../preflight/network/network-checks.js';
import { blockModeOf, type NetworkSpec, routeTableOf, type VpcReading } from '../preflight/network/subnets.js';
import { about, type Finding } from './diagnosis.js';

/** Tag with which clusters mark subnets; the cloud controller leaves out those that only name other clusters. */
const clusterTag = 'kubernetes.io/cluster/';

interface VpcQuestion {
  readonly id: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** Everything about one VPC; `clusters` are the names that the fleet has or will have in it. */
export function questionVpc(reading: VpcReading, spec: NetworkSpec, clusters: readonly string[]): readonly Finding[] {
  const network = networkFrom(reading, spec.region);
  const checks = checkNetwork(network, reading, spec);
  const questions: readonly VpcQuestion[] = [
    { id: 'vpc', diagnostics: [ok(`VPC ${reading.vpcName || 'without a name'}`)] },
    ...checks,
    routes(reading),
    blockedAccess(reading),
    foreignTags(reading, clusters),
  ];
  const where = `${reading.vpcId} in ${spec.region}`;
  return questions.flatMap(({ id, diagnostics }) =>
    diagnostics.flatMap((each) => about({ group: 'network', id, about: where }, each)),
  );
}

/** A default route without a live target looks fine in the console's list of routes. */
function routes(reading: VpcReading): VpcQuestion {
  const warnings = reading.routeTables.flatMap((table): readonly Diagnostic[] => {
    const dead = deadEnd(table, reading);
    const users = reading.subnets.filter((subnet) => routeTableOf(subnet, reading.routeTables) === table);
    if (dead === undefined || users.length === 0) return [];
    const ids = users.map(({ SubnetId }) => SubnetId).join(', ');
    const what = `the default route of ${ids} has no live target: ${dead}`;
    const next = ['point 0.0.0.0/0 to an available NAT gateway'];
    return [warning({ what, why: `route table ${table.RouteTableId}`, next })];
  });
  return { id: 'routes', diagnostics: okUnless(warnings, 'all default routes have a live target') };
}

function deadEnd(table: RouteTable, { natGateways }: VpcReading): string | undefined {
  const route = table.Routes?.find((each) => each.DestinationCidrBlock === '0.0.0.0/0');
  if (route === undefined) return undefined;
  const gateway = natGateways.find((each) => each.NatGatewayId === route.NatGatewayId);
  const target = route.NatGatewayId ?? route.GatewayId ?? route.TransitGatewayId ?? 'its target';
  if (route.State === 'blackhole') return `${target} is gone (blackhole)`;
  // One that is not listed is another account's.
  return gateway === undefined || gateway.State === 'available' ? undefined : `${target} is ${gateway.State}`;
}

function blockedAccess({ subnets }: VpcReading): VpcQuestion {
  const blocked = subnets.filter((subnet) => blockModeOf(subnet) !== 'off');
  const modes = [...new Set(blocked.map(blockModeOf))].join(', ');
  const id = 'block-public-access';
  if (blocked.length === 0) return { id, diagnostics: [ok('VPC Block Public Access is disabled')] };
  const found = warning({
    what: `VPC Block Public Access is enabled for ${blocked.map(({ SubnetId }) => SubnetId).join(', ')} (${modes})`,
    why: 'the internet gateway admits no inbound traffic there, and with block-bidirectional no outbound traffic, including NAT gateways',
    next: ['exclude these subnets or the VPC: aws ec2 create-vpc-block-public-access-exclusion'],
  });
  return { id, diagnostics: [found] };
}

function foreignTags({ subnets }: VpcReading, clusters: readonly string[]): VpcQuestion {
  const tagged = new Map<string, string[]>();
  for (const { SubnetId = '', Tags = [] } of subnets) {
    const names = Tags.flatMap(({ Key = '' }) => (Key.startsWith(clusterTag) ? [Key.slice(clusterTag.length)] : []));
    if (names.length === 0 || names.some((name) => clusters.includes(name))) continue;
    const key = names.sort().join(', ');
    tagged.set(key, [...(tagged.get(key) ?? []), SubnetId]);
  }
  const warnings = [...tagged].map(([names, ids]) =>
    warning({
      what: `${ids.join(', ')} ${ids.length === 1 ? 'is' : 'are'} tagged for other clusters only: ${names}`,
      why: 'load balancers of this fleet’s Services are not placed there, except that of the Karmada API, which lists its subnets',
      next: [`for such Services tag them ${clusterTag}<cluster>=shared too`],
    }),
  );
  return { id: 'subnet-tags', diagnostics: okUnless(warnings, 'no subnet is tagged for other clusters only') };
}
