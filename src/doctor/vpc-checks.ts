/** What is odd about a VPC, although `up` may take it: broken routes, public nodes, few addresses, blocked or tagged subnets. */
import type { RouteTable } from '../aws/ec2.js';
import type { Judgement, Network, Remark } from '../model/facts.js';
import { networkFrom, nodeSubnets } from '../preflight/network/network.js';
import { checkNetwork } from '../preflight/network/network-checks.js';
import type { NetworkSpec, VpcReading } from '../preflight/network/read-vpc.js';
import { blockModeOf, routeTableOf } from '../preflight/network/subnets.js';
import { type Diagnosis, diagnosisOf, okDiagnosis, type Topic } from './diagnosis.js';

/**
 * Free addresses that a subnet of nodes should have: the VPC CNI gives each pod one, and an `m5.large` takes up to 30
 * (3 interfaces of 10 addresses: EC2 User Guide, addresses per network interface).
 */
const wantedFreeAddresses = 32;

/** Tag with which clusters mark subnets; the cloud controller leaves out those that only name other clusters. */
const clusterTag = 'kubernetes.io/cluster/';

interface Question {
  readonly id: string;
  readonly fact: string;
  readonly warnings: readonly Remark[];
}

/** Everything about one VPC; `clusters` are the names that the fleet has or will have in it. */
export function vpcDiagnoses(
  reading: VpcReading,
  spec: NetworkSpec,
  clusters: readonly string[],
): readonly Diagnosis[] {
  const network = networkFrom(reading, spec.region);
  const checks = checkNetwork(network, reading, spec);
  // Where nodes lie is only told of a network that has subnets for them.
  const hasNodes = checks.every(({ id, problems }) => id !== 'vpc-zones' || problems.length === 0);
  const questions = [
    routes(reading),
    ...(hasNodes ? [placement(network), freeAddresses(network)] : []),
    blockedAccess(reading),
    foreignTags(reading, clusters),
  ].map((question) => ({ ...question, problems: [] }));
  const about = `${reading.vpcId} in ${spec.region}`;
  const topic = (id: string): Topic => ({ group: 'network', id, about });
  const tell = ({ id, fact, ...judgement }: Judgement & Pick<Question, 'id' | 'fact'>): readonly Diagnosis[] =>
    diagnosisOf(topic(id), judgement, fact);
  const name = okDiagnosis(topic('vpc'), `VPC ${reading.vpcName || 'without a name'}`);
  return [name, ...[...checks, ...questions].flatMap(tell)];
}

/** A default route that leads nowhere looks fine in the console's list of routes. */
function routes(reading: VpcReading): Question {
  const warnings = reading.routeTables.flatMap((table): readonly Remark[] => {
    const dead = deadEnd(table, reading);
    const users = reading.subnets.filter((subnet) => routeTableOf(subnet, reading.routeTables) === table);
    if (dead === undefined || users.length === 0) return [];
    const ids = users.map(({ SubnetId }) => SubnetId).join(', ');
    const what = `the default route of ${ids} leads nowhere: ${dead}`;
    return [
      { what, why: `route table ${table.RouteTableId}`, next: ['point 0.0.0.0/0 to a NAT gateway that is available'] },
    ];
  });
  return { id: 'routes', fact: 'no default route leads nowhere', warnings };
}

function deadEnd(table: RouteTable, { natGateways }: VpcReading): string | undefined {
  const route = table.Routes?.find((each) => each.DestinationCidrBlock === '0.0.0.0/0');
  if (route === undefined) return undefined;
  const gateway = natGateways.find((each) => each.NatGatewayId === route.NatGatewayId);
  const target = route.NatGatewayId ?? route.GatewayId ?? route.TransitGatewayId ?? 'its target';
  if (route.State === 'blackhole') return `${target} is gone (blackhole)`;
  if (route.NatGatewayId === undefined || gateway?.State === 'available') return undefined;
  return `${target} is ${gateway?.State ?? 'not there'}`;
}

function placement(network: Network): Question {
  const fact = `nodes lie in private subnets behind ${network.natAddresses.join(', ') || 'a gateway without NAT'}`;
  if (network.nodesArePrivate) return { id: 'nat', fact, warnings: [] };
  const what = 'nodes will lie in public subnets, each with a public address of its own';
  const why = `private subnets with a way out lie in ${network.private.length} zones, two are needed`;
  const next = [
    'give the private subnets of two zones a default route to a NAT gateway',
    'or leave it so; pull members then need --allow',
  ];
  return { id: 'nat', fact, warnings: [{ what, why, next }] };
}

function freeAddresses(network: Network): Question {
  const few = nodeSubnets(network).filter(({ freeAddresses: free }) => free < wantedFreeAddresses);
  const fact = `each subnet for nodes has at least ${wantedFreeAddresses} free addresses`;
  const warnings = few.map(({ id, freeAddresses: free }) => ({
    what: `${id} has ${free} free addresses`,
    why: `each pod takes one; ${wantedFreeAddresses} and more are wanted in a subnet for nodes`,
    next: ['free addresses in it, or add a larger subnet in its zone with the same route table'],
  }));
  return { id: 'free-addresses', fact, warnings };
}

function blockedAccess({ subnets }: VpcReading): Question {
  const blocked = subnets.filter((subnet) => blockModeOf(subnet) !== 'off');
  const modes = [...new Set(blocked.map(blockModeOf))].join(', ');
  const warnings =
    blocked.length === 0
      ? []
      : [
          {
            what: `VPC Block Public Access is on for ${blocked.map(({ SubnetId }) => SubnetId).join(', ')} (${modes})`,
            why: 'an internet gateway lets nothing in there, and with block-bidirectional nothing out, NAT gateways included',
            next: ['exclude these subnets or the VPC: aws ec2 create-vpc-block-public-access-exclusion'],
          },
        ];
  return { id: 'block-public-access', fact: 'VPC Block Public Access is off', warnings };
}

function foreignTags({ subnets }: VpcReading, clusters: readonly string[]): Question {
  const tagged = new Map<string, string[]>();
  for (const { SubnetId = '', Tags = [] } of subnets) {
    const names = Tags.flatMap(({ Key = '' }) => (Key.startsWith(clusterTag) ? [Key.slice(clusterTag.length)] : []));
    if (names.length === 0 || names.some((name) => clusters.includes(name))) continue;
    const key = names.sort().join(', ');
    tagged.set(key, [...(tagged.get(key) ?? []), SubnetId]);
  }
  const warnings = [...tagged].map(([names, ids]) => ({
    what: `${ids.join(', ')} ${ids.length === 1 ? 'is' : 'are'} tagged for other clusters only: ${names}`,
    why: 'load balancers of this fleet’s Services are not put there, save that of the Karmada API, which names its subnets',
    next: [`for such Services tag them ${clusterTag}<cluster>=shared too`],
  }));
  return { id: 'subnet-tags', fact: 'no subnet is tagged for other clusters only', warnings };
}
