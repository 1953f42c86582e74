/** What must hold of a VPC before clusters are made in it, question by question. */
import { ok, okUnless, problemsIn, warning } from '../../errors/diagnostic.js';
import { type Diagnostic, Problem } from '../../errors/problem.js';
import type { Network } from '../../model/facts.js';
import type { NetworkSpec, VpcReading } from './read-vpc.js';
import { classifySubnets } from './subnets.js';

/** One question about a VPC, with what is the case. */
export interface NetworkCheck {
  readonly id: 'vpc-dns' | 'instance-type' | 'vpc-zones' | 'auto-assign' | 'load-balancer-subnets';
  readonly diagnostics: readonly Diagnostic[];
}

/** EKS wants two zones; three let etcd survive the loss of one. */
const zones = { least: 2, wanted: 3 } as const;

/** In the order in which they are told. Zones count only where the type is offered: where it is nowhere, or they are too few, the rest is not asked. */
export function checkNetwork(network: Network, reading: VpcReading, spec: NetworkSpec): readonly NetworkCheck[] {
  const early = [dnsCheck(network, reading), offerCheck(spec, reading)];
  if (reading.offering.length === 0) return early;
  const inZones = zonesCheck(network, reading);
  const first = [...early, inZones];
  if (problemsIn(inZones.diagnostics).length > 0) return first;
  return [...first, autoAssignCheck(network), ...(spec.needsPublicSubnet ? [loadBalancerCheck(network, reading)] : [])];
}

/** How a VPC is named to the user. */
function vpcLabel({ vpcId, vpcName }: Pick<Network, 'vpcId' | 'vpcName'>): string {
  return `VPC ${vpcId} (${vpcName})`;
}

function dnsCheck(network: Network, { dns }: VpcReading): NetworkCheck {
  const fact = 'enableDnsSupport and enableDnsHostnames are on';
  const off = [dns.support ? '' : 'enableDnsSupport', dns.hostnames ? '' : 'enableDnsHostnames'].filter(Boolean);
  const why = `${off.join(' and ')} is off; EKS nodes need it`;
  const problems = off.length === 0 ? [] : [unusable(network, why, `turn ${off.join(' and ')} on`)];
  return { id: 'vpc-dns', diagnostics: okUnless(problems, fact) };
}

function offerCheck(spec: NetworkSpec, { offering }: VpcReading): NetworkCheck {
  const fact = `${spec.instanceType} is offered in ${offering.join(', ')}`;
  const what = `instance type ${spec.instanceType} is not offered in ${spec.region}`;
  const problem = new Problem('invalid-value', { what, next: ['choose another one: --instance-type'] });
  return { id: 'instance-type', diagnostics: okUnless(offering.length > 0 ? [] : [problem], fact) };
}

function zonesCheck(network: Network, reading: VpcReading): NetworkCheck {
  const count = (network.nodesArePrivate ? network.private : network.public).length;
  const fact = seenIn(network, reading);
  if (count >= zones.least) return { id: 'vpc-zones', diagnostics: okUnless(fewZones(network, count), fact) };
  const problem = unusable(
    network,
    `its subnets lie in too few zones: ${fact}`,
    'give it subnets in at least two zones with a default route, or name another VPC',
  );
  return { id: 'vpc-zones', diagnostics: [problem] };
}

function fewZones(network: Network, count: number): readonly Diagnostic[] {
  if (count >= zones.wanted) return [];
  const what = `${vpcLabel(network)} has subnets for nodes in ${count} zones only: the loss of one may stop Karmada’s etcd`;
  return [warning({ what, next: ['give it such subnets in a third zone, or name another VPC'] })];
}

function autoAssignCheck(network: Network): NetworkCheck {
  const fact = network.nodesArePrivate
    ? 'nodes lie in private subnets: auto-assigned addresses do not matter'
    : 'the public subnets give nodes public addresses';
  const closed = network.nodesArePrivate ? [] : network.public.filter((subnet) => !subnet.mapPublicIp);
  if (closed.length === 0) return { id: 'auto-assign', diagnostics: [ok(fact)] };
  const ids = closed.map((subnet) => subnet.id).join(', ');
  const problem = unusable(
    network,
    `nodes would lie in public subnets, but ${ids} do not assign public addresses (and there are no private ones with a way out)`,
    `turn auto-assign public IPv4 on for ${ids}, or give the private subnets a NAT gateway`,
  );
  return { id: 'auto-assign', diagnostics: [problem] };
}

function loadBalancerCheck(network: Network, reading: VpcReading): NetworkCheck {
  const fact = `public subnets for the load balancer: ${network.public.map(({ id }) => id).join(', ')}`;
  const why = `no public subnet for the load balancer of the Karmada API: ${seenIn(network, reading)}`;
  const problems = network.public.length > 0 ? [] : [unusable(network, why, 'add public subnets')];
  return { id: 'load-balancer-subnets', diagnostics: okUnless(problems, fact) };
}

function seenIn(network: Network, reading: VpcReading): string {
  const out = classifySubnets(reading).leftOut.map(({ id, why }) => `${id} ${why}`);
  return [
    `public in ${network.public.length} zones, private with a way out in ${network.private.length}`,
    ...(out.length > 0 ? [`left out: ${out.join(', ')}`] : []),
  ].join('; ');
}

function unusable(network: Network, why: string, next: string): Problem {
  const what = `${vpcLabel(network)} in ${network.region} cannot hold the fleet`;
  return new Problem('vpc-unusable', { what, why, next: [next] });
}
