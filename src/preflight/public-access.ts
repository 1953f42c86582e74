/**
 * Who may reach the public endpoints of new EKS clusters, if the user restricts it. Whatever is in a cluster's VPC has its private
 * endpoint; Karmada reaches a push member in another VPC from outside, through the addresses of NAT gateways.
 */

import { ok, okUnless, warning } from '../errors/diagnostic.js';
import { type Diagnostic, Problem } from '../errors/problem.js';
import type { Fleet, FleetMemberCluster } from '../fleet/fleet.js';
import { everyone } from '../model/api-access.js';
import { clusterKey, type Network } from '../model/facts.js';
import { nodeSubnets } from './network/network.js';

type Networks = ReadonlyMap<string, Network>;

/** Public endpoint access CIDR ranges per cluster, which cannot be raised (EKS service quotas). */
const mostRanges = 40;

/**
 * The CIDRs for the endpoint of a new cluster: the requested ones, the NAT gateways of its nodes (a VPC whose DNS servers do not
 * ask Amazon's has no private endpoint), and for a push member those of the parent's VPC, from which Karmada calls. Empty if none
 * were requested: everyone.
 */
export function publicAccessTo(fleet: Fleet, cluster: FleetMemberCluster, networks: Networks): readonly string[] {
  if (fleet.publicAccess.length === 0) return [];
  const own = networks.get(clusterKey(cluster))?.natAddresses ?? [];
  const karmadas = isPushed(fleet, cluster) ? (networks.get(clusterKey(fleet.parent))?.allNatAddresses ?? []) : [];
  return [...new Set([...fleet.publicAccess, ...[...own, ...karmadas].map((address) => `${address}/32`)])];
}

/** Whether the endpoints of the new clusters can be restricted this way. `shutOut`: that this machine would not reach them. */
export function judgePublicAccess(
  fleet: Fleet,
  made: readonly FleetMemberCluster[],
  networks: Networks,
  shutOut: readonly Problem[],
): readonly Diagnostic[] {
  if (fleet.publicAccess.length === 0) return [];
  const fact = `new clusters admit ${fleet.publicAccess.join(', ')}, their nodes and Karmada`;
  if (fleet.publicAccess.includes(everyone)) return [ok(fact)];
  const callers = outsideCallers(fleet, made, networks);
  const diagnostics = [
    ...tooMany(fleet, made, networks),
    ...callers.filter(({ nodesArePrivate }) => !nodesArePrivate).map(cannotBeNamed),
    ...callers.filter(hasUnknownWayOut).map(accessRequired),
    ...shutOut,
  ];
  return okUnless(diagnostics, fact);
}

/** Of each new cluster, with the addresses that are added for its nodes and for Karmada. */
function tooMany(fleet: Fleet, made: readonly FleetMemberCluster[], networks: Networks): readonly Problem[] {
  const counts = made
    .map((each) => ({ cluster: each.cluster, count: publicAccessTo(fleet, each, networks).length }))
    .filter(({ count }) => count > mostRanges);
  if (counts.length === 0) return [];
  const most = Math.max(...counts.map(({ count }) => count));
  const added = most - new Set(fleet.publicAccess).size;
  const problem = new Problem('invalid-value', {
    what: `public endpoints cannot be limited to ${most} CIDRs, EKS takes ${mostRanges}: ${counts.map(({ cluster }) => cluster).join(', ')}`,
    ...(added === 0 ? {} : { why: `${added} of these CIDRs are added for nodes and for Karmada` }),
    next: ['set fewer, larger CIDRs: --public-access-cidr 203.0.113.0/24 instead of its single addresses'],
  });
  return [problem];
}

/** The parent's network, if Karmada calls the endpoint of a new push member in another VPC from there. */
function outsideCallers(fleet: Fleet, made: readonly FleetMemberCluster[], networks: Networks): readonly Network[] {
  const parents = networks.get(clusterKey(fleet.parent));
  if (parents === undefined) return [];
  const isElsewhere = (cluster: FleetMemberCluster): boolean => {
    const own = networks.get(clusterKey(cluster));
    return own !== undefined && (own.region !== parents.region || own.vpcId !== parents.vpcId);
  };
  return made.some((cluster) => isPushed(fleet, cluster) && isElsewhere(cluster)) ? [parents] : [];
}

/** Whether Karmada is to reach the cluster. */
export function isPushed({ members }: Fleet, { scope, role }: FleetMemberCluster): boolean {
  return role === 'member' && members.some(({ name, mode }) => name === scope && mode === 'push');
}

/** Private subnets may lead out by something else than a NAT gateway, or by one without a public address. */
function hasUnknownWayOut(network: Network): boolean {
  if (!network.nodesArePrivate) return false;
  const isByNat = nodeSubnets(network).every(({ natGateway }) => natGateway !== undefined);
  return !isByNat || network.natAddresses.length === 0;
}

function cannotBeNamed({ vpcId, vpcName, region }: Network): Problem {
  return new Problem('vpc-unusable', {
    what: `nodes in VPC ${vpcId} (${vpcName}) in ${region} have their own public addresses, which --public-access-cidr would block: Karmada could not reach push members in other VPCs`,
    why: 'these addresses are not known in advance and change with every node; the address of a NAT gateway is stable',
    next: [
      'add a default route to a NAT gateway to its private subnets in two zones, or choose another VPC',
      'or put these members into this VPC, or join them in pull mode',
      `or leave the cluster endpoints open: omit --public-access-cidr, or set it to ${everyone}`,
    ],
  });
}

function accessRequired({ vpcId, vpcName, region }: Network): Diagnostic {
  return warning({
    what: `not all nodes in VPC ${vpcId} (${vpcName}) in ${region} use a NAT gateway with a public address: --public-access-cidr must include their source addresses, or Karmada cannot reach push members in other VPCs`,
    next: ['add those addresses: --public-access-cidr 203.0.113.7/32 (repeatable)'],
  });
}
