/** The requirements on a VPC before clusters are created in it, check by check. */
import { counted } from '../../errors/counted.js';
import { ok, okUnless, problemsIn, warning } from '../../errors/diagnostic.js';
import { type Diagnostic, Problem } from '../../errors/problem.js';
import type { Network } from '../../model/facts.js';
import { classifySubnets, type NetworkSpec, type VpcReading } from './subnets.js';

/** One question about a VPC, with what is the case. */
export interface NetworkCheck {
  readonly id: 'vpc-dns' | 'instance-type' | 'limits' | 'vpc-zones' | 'auto-assign' | 'nat' | 'load-balancer-subnets';
  readonly diagnostics: readonly Diagnostic[];
}

/** EKS wants two zones; three let etcd survive the loss of one. */
const zones = { least: 2, wanted: 3 } as const;

/**
 * In reporting order. Zones count only if they offer the type: if there are none or too few, the rest is not checked.
 */
export function checkNetwork(network: Network, reading: VpcReading, spec: NetworkSpec): readonly NetworkCheck[] {
  const early = [dnsCheck(network, reading), offerCheck(spec, reading)];
  if (reading.offering.length === 0) return early;
  const inZones = zonesCheck(network, reading);
  const first = [...early, ...limitsCheck(network, reading), inZones];
  if (problemsIn(inZones.diagnostics).length > 0) return first;
  return [
    ...first,
    autoAssignCheck(network),
    placementCheck(network),
    ...(spec.needsPublicSubnet ? [loadBalancerCheck(network, reading)] : []),
  ];
}

/** How a VPC is named to the user. */
function vpcLabel({ vpcId, vpcName }: Pick<Network, 'vpcId' | 'vpcName'>): string {
  return `VPC ${vpcId} (${vpcName})`;
}

function dnsCheck(network: Network, { dns }: VpcReading): NetworkCheck {
  const fact = 'enableDnsSupport and enableDnsHostnames are enabled';
  const off = [dns.support ? '' : 'enableDnsSupport', dns.hostnames ? '' : 'enableDnsHostnames'].filter(Boolean);
  const why = `${off.join(' and ')} ${off.length === 1 ? 'is' : 'are'} disabled; EKS nodes need it`;
  const problems = off.length === 0 ? [] : [unusable(network, why, `enable ${off.join(' and ')}`)];
  return { id: 'vpc-dns', diagnostics: okUnless(problems, fact) };
}

/** Whether there are nodes to be had. */
export function offerCheck(
  spec: NetworkSpec,
  { offering, architectures }: Pick<VpcReading, 'offering' | 'architectures'>,
): NetworkCheck {
  const types = spec.instanceTypes.join(', ');
  const isOne = spec.instanceTypes.length === 1;
  const fact = `${types} ${isOne ? 'is' : 'are'} offered in ${offering.join(', ')}`;
  const what = isOne
    ? `instance type ${types} is not available in ${spec.region}`
    : `no zone of ${spec.region} has all of the instance types ${types}`;
  const problem = new Problem('invalid-value', { what, next: ['choose another with --instance-type'] });
  const problems = [...(offering.length > 0 ? [] : [problem]), ...mixedCheck(architectures)];
  return { id: 'instance-type', diagnostics: okUnless(problems, fact) };
}

/** The nodes of a node group run one image (EKS API, Nodegroup.amiType). */
function mixedCheck(architectures: VpcReading['architectures']): readonly Problem[] {
  const ofArm = architectures.flatMap(({ type, isArm }) => (isArm ? [type] : []));
  const others = architectures.flatMap(({ type, isArm }) => (isArm ? [] : [type]));
  if (ofArm.length === 0 || others.length === 0) return [];
  return [
    new Problem('invalid-value', {
      what: `the instance types have different processors: ${ofArm.join(', ')} arm64, ${others.join(', ')} x86_64`,
      why: 'all nodes of a cluster run the same image',
      next: ['choose types of one kind with --instance-type'],
    }),
  ];
}

/** What was asked for by name and cannot be had; in zones that are left out nobody would look for the nodes. */
function limitsCheck(network: Network, reading: VpcReading): readonly NetworkCheck[] {
  const { zones: asked = [], subnets = [] } = reading.limits ?? {};
  if (asked.length + subnets.length === 0) return [];
  const { usable, leftOut } = classifySubnets(reading);
  const used = network.nodesArePrivate ? network.private : network.public;
  const problems = [
    ...asked
      .filter((zone) => used.every((subnet) => subnet.zone !== zone))
      .map((zone) =>
        unusable(network, `no subnet for nodes in ${zone}: ${seenIn(network, reading)}`, 'choose other --zones'),
      ),
    ...subnets
      .filter((id) => usable.every((subnet) => subnet.id !== id))
      .map((id) => {
        const why = leftOut.find((each) => each.id === id)?.why ?? 'is not in this VPC';
        return unusable(network, `${id} ${why}`, 'choose another --subnet');
      }),
  ];
  return [{ id: 'limits', diagnostics: okUnless(problems, `only ${[...asked, ...subnets].join(', ')} are used`) }];
}

function zonesCheck(network: Network, reading: VpcReading): NetworkCheck {
  const count = (network.nodesArePrivate ? network.private : network.public).length;
  const fact = seenIn(network, reading);
  if (count >= zones.least) return { id: 'vpc-zones', diagnostics: okUnless(fewZones(network, count), fact) };
  const problem = unusable(
    network,
    `its subnets are in too few zones: ${fact}`,
    'add subnets with a default route in at least two zones, or choose another VPC',
  );
  return { id: 'vpc-zones', diagnostics: [problem] };
}

/** A warning where the loss of one zone would be that of etcd's majority. */
export function fewZones(network: Network, count: number): readonly Diagnostic[] {
  if (count >= zones.wanted) return [];
  const what = `${vpcLabel(network)} has subnets for nodes in ${counted(count, 'zone')} only; losing one may stop Karmada’s etcd`;
  return [warning({ what, next: ['add such subnets in a third zone, or choose another VPC'] })];
}

function autoAssignCheck(network: Network): NetworkCheck {
  const fact = network.nodesArePrivate
    ? 'nodes are in private subnets: auto-assigned addresses do not matter'
    : 'the public subnets assign public addresses to nodes';
  const closed = network.nodesArePrivate ? [] : network.public.filter((subnet) => !subnet.mapPublicIp);
  if (closed.length === 0) return { id: 'auto-assign', diagnostics: [ok(fact)] };
  const ids = closed.map((subnet) => subnet.id).join(', ');
  const problem = unusable(
    network,
    `nodes would be in public subnets, but ${ids} do not assign public addresses (and no private subnets have outbound access)`,
    `enable auto-assign public IPv4 for ${ids}, or route the private subnets to a NAT gateway`,
  );
  return { id: 'auto-assign', diagnostics: [problem] };
}

/** Where nodes go: to public subnets only for want of private ones, which people should know. */
function placementCheck(network: Network): NetworkCheck {
  const { natAddresses, hiddenNats } = network;
  const hidden = hiddenNats.map((id) => `${id} of another account, whose addresses are unknown`);
  const behind = [...natAddresses, ...hidden].join(', ') || 'a gateway without NAT';
  if (network.nodesArePrivate) return { id: 'nat', diagnostics: [ok(`nodes are in private subnets behind ${behind}`)] };
  const what = `nodes in ${vpcLabel(network)} will be in public subnets, each with its own public address`;
  const why = `private subnets with outbound access are in ${counted(network.private.length, 'zone')}; two are required`;
  const next = [
    'add a default route to a NAT gateway to the private subnets of two zones',
    'or keep it; pull members then need --allow',
  ];
  return { id: 'nat', diagnostics: [warning({ what, why, next })] };
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
    `public in ${counted(network.public.length, 'zone')}, private with outbound access in ${network.private.length}`,
    ...(out.length > 0 ? [`skipped: ${out.join(', ')}`] : []),
  ].join('; ');
}

function unusable(network: Network, why: string, next: string): Problem {
  const what = `${vpcLabel(network)} in ${network.region} cannot hold the fleet`;
  return new Problem('vpc-unusable', { what, why, next: [next] });
}
