/**
 * Who may reach the Karmada API: those the user named, else this machine, or the parent's VPC when the load balancer is
 * internal; and always the pull members.
 */
import { isIPv4 } from 'node:net';
import { Problem } from '../errors/problem.js';
import type { Fleet } from '../fleet/fleet.js';
import type { World } from '../world/world.js';
import { clusterKey, type Finding, type Network, type Remark } from './facts.js';

/** AWS's own service that says from which address a request came. */
const checkIpUrl = 'https://checkip.amazonaws.com/';

const everyone = '0.0.0.0/0';

/** The CIDRs for the load balancer's source ranges, sorted, without doubles. */
export async function findSourceRanges(
  world: World,
  fleet: Fleet,
  networks: ReadonlyMap<string, Network>,
): Promise<Finding<readonly string[]>> {
  return fleet.internal ? internalRanges(fleet, networks) : await publicRanges(world, fleet, networks);
}

async function publicRanges(
  world: World,
  fleet: Fleet,
  networks: ReadonlyMap<string, Network>,
): Promise<Finding<readonly string[]>> {
  const problems: Problem[] = [];
  const ranges = new Set(fleet.allow);
  if (fleet.allow.length === 0) {
    const own = await ownAddress(world);
    if (own instanceof Problem) problems.push(own);
    else ranges.add(`${own}/32`);
  }
  if (ranges.has(everyone)) {
    const what = 'the Karmada API is open to the whole internet: only its certificates protect it';
    const next = ['name who may reach it instead: --allow 203.0.113.7/32 (may be repeated)'];
    return { found: [everyone], problems, warnings: [{ what, next }] };
  }
  for (const member of pullMembers(fleet)) {
    const network = networks.get(clusterKey(member));
    if (network === undefined) continue;
    for (const address of network.natAddresses) ranges.add(`${address}/32`);
    if (network.natAddresses.length === 0 && fleet.allow.length === 0) problems.push(unknownSource(member.name));
  }
  return { found: [...ranges].sort(), problems, warnings: [] };
}

/** Inside of a network addresses are private: those of the VPCs, and nothing is asked of the internet. */
function internalRanges(fleet: Fleet, networks: ReadonlyMap<string, Network>): Finding<readonly string[]> {
  const parent = networks.get(clusterKey(fleet.parent));
  const ranges = new Set(fleet.allow.length > 0 ? fleet.allow : parent?.cidrs);
  const warnings = parent === undefined ? [] : [mustBeInside(parent)];
  for (const member of pullMembers(fleet)) {
    const network = networks.get(clusterKey(member));
    if (network === undefined) continue;
    for (const cidr of network.cidrs) ranges.add(cidr);
    if (parent !== undefined && network.vpcId !== parent.vpcId)
      warnings.push(mustBePeered(member.name, network, parent));
  }
  return { found: ranges.has(everyone) ? [everyone] : [...ranges].sort(), problems: [], warnings };
}

function pullMembers({ members }: Fleet): Fleet['members'] {
  return members.filter(({ mode }) => mode === 'pull');
}

function mustBeInside({ vpcId, vpcName }: Network): Remark {
  return {
    what: `the Karmada API is internal: this machine must reach it inside of VPC ${vpcId} (${vpcName}), by peering or by VPN`,
    next: [
      'run karmada-eks on a machine in that VPC',
      'or on one that comes by peering or VPN, and say its private address: --allow 10.1.2.3/32 (may be repeated)',
    ],
  };
}

function mustBePeered(member: string, { vpcId }: Network, parent: Network): Remark {
  return {
    what: `pull member ${member} lies in another VPC than the internal Karmada API: ${vpcId} must be peered with ${parent.vpcId}`,
    next: [`peer ${vpcId} with ${parent.vpcId}, with routes in both`, 'or join it by push: mode=push'],
  };
}

async function ownAddress(world: World): Promise<string | Problem> {
  const answer = await world.httpGet(checkIpUrl, 10_000);
  const address = answer.kind === 'answered' && answer.status === 200 ? answer.body.trim() : '';
  if (isIPv4(address)) return address;
  return new Problem('address-unknown', {
    what: "this machine's public address could not be asked of AWS's check-ip service",
    why: answer.kind === 'failed' ? answer.reason : `it answered ${answer.status}`,
    next: ['say who may reach the Karmada API: --allow 203.0.113.7/32 (your own address; may be repeated)'],
  });
}

function unknownSource(member: string): Problem {
  return new Problem('address-unknown', {
    what: `pull member ${member} has no NAT gateway: the addresses from which it will call Karmada are not known`,
    next: [
      'say them: --allow CIDR (may be repeated)',
      'or give its VPC a NAT gateway',
      `or join it by push: mode=push`,
    ],
  });
}
