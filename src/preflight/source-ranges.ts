/**
 * Who may reach the Karmada API: those listed by the user, otherwise this machine, or the parent's VPC if the load
 * balancer is internal; and always the pull members.
 */
import { isLetIn, isReal, ownAddress } from '../access/own-address.js';
import { okUnless, warning } from '../errors/diagnostic.js';
import { type Diagnostic, Problem } from '../errors/problem.js';
import type { Fleet, Member } from '../fleet/fleet.js';
import { type ApiAccess, everyone, nobody, rangesOf } from '../model/api-access.js';
import { type Checked, clusterKey, type Network } from '../model/facts.js';
import type { World } from '../world/world.js';

/** The CIDRs for the load balancer's source ranges. */
export async function findSourceRanges(
  world: World,
  fleet: Fleet,
  networks: ReadonlyMap<string, Network>,
): Promise<Checked<ApiAccess>> {
  return fleet.internal ? internalRanges(fleet, networks) : await publicRanges(world, fleet, networks);
}

async function publicRanges(
  world: World,
  fleet: Fleet,
  networks: ReadonlyMap<string, Network>,
): Promise<Checked<ApiAccess>> {
  const members = publicMemberRanges(fleet, networks);
  const problems = [...members.problems];
  const base = new Set(fleet.allow);
  const own = fleet.allow.includes(everyone) ? undefined : await ownAddress(world);
  if (fleet.allow.length === 0) {
    if (own instanceof Problem) problems.unshift(own);
    else base.add(`${own}/32`);
  } else if (
    typeof own === 'string' &&
    isReal(own) &&
    !isLetIn([...fleet.allow, ...[...members.found.values()].flat()], own)
  ) {
    problems.push(shutsOut(fleet, own));
  }
  return admitting({ base: [...base], members: members.found }, [...problems, ...openToAll(fleet)]);
}

/** `kubectl karmada init`, and what joins members, call the Karmada API from this machine. */
function shutsOut({ allow }: Fleet, own: string): Problem {
  return new Problem('address-shut-out', {
    what: `this machine’s address ${own} is not in --allow, and Karmada is installed and managed through its API`,
    why: `the load balancer will admit only ${allow.join(', ')}`,
    next: [`add it: --allow ${own}/32 (repeatable)`, 'or run the command on a machine with an address that is allowed'],
  });
}

function admitting(found: ApiAccess, diagnostics: readonly Diagnostic[]): Checked<ApiAccess> {
  return { found, diagnostics: okUnless(diagnostics, `the Karmada API admits ${rangesOf(found).join(', ')}`) };
}

/** The CIDRs of the pull members alone, for a load balancer that is there; nobody else's are found out. */
export function memberRanges(fleet: Fleet, networks: ReadonlyMap<string, Network>): Checked<ApiAccess> {
  const { found: members, problems } = fleet.internal
    ? { found: internalMemberRanges(fleet, networks), problems: [] }
    : publicMemberRanges(fleet, networks);
  const warnings = fleet.internal ? peerings(fleet, networks) : [];
  return admitting({ ...nobody, members }, [...problems, ...warnings]);
}

type MemberRanges = ReadonlyMap<string, readonly string[]>;

function publicMemberRanges(
  fleet: Fleet,
  networks: ReadonlyMap<string, Network>,
): { readonly found: MemberRanges; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const found = new Map<string, readonly string[]>();
  for (const member of pullMembers(fleet)) {
    const network = networkIn(networks, member);
    // A VPC that could not be read is a problem of its own.
    if (member.sources.length === 0 && member.kind === 'eks' && network === undefined) continue;
    const ranges = member.sources.length > 0 ? member.sources : natRanges(member, network);
    found.set(member.name, ranges);
    if (ranges.length === 0 && fleet.allow.length === 0) problems.push(unknownSource(member, network));
  }
  return { found, problems };
}

/** Nodes of a cluster that was there before may be behind any NAT gateway of its VPC. */
function natRanges(member: Member, network: Network | undefined): readonly string[] {
  const stands = member.kind === 'eks' && member.existing;
  const addresses = (stands ? network?.allNatAddresses : network?.natAddresses) ?? [];
  return addresses.map((ip) => `${ip}/32`);
}

/** Inside a network, addresses are private: those of the VPCs, without a lookup on the internet. */
function internalRanges(fleet: Fleet, networks: ReadonlyMap<string, Network>): Checked<ApiAccess> {
  const parent = networks.get(clusterKey(fleet.parent));
  // Whoever is to reach private endpoints from elsewhere runs this program there.
  const base = fleet.allow.length > 0 ? fleet.allow : [...(parent?.cidrs ?? []), ...fleet.privateAccess];
  const warnings = parent === undefined ? [] : [mustBeInside(parent), ...peerings(fleet, networks)];
  const members = internalMemberRanges(fleet, networks);
  return admitting({ base, members }, [...warnings, ...openToAll(fleet)]);
}

function internalMemberRanges(fleet: Fleet, networks: ReadonlyMap<string, Network>): MemberRanges {
  return new Map(
    pullMembers(fleet).map((member) => {
      const { name, sources } = member;
      return [name, sources.length > 0 ? sources : (networkIn(networks, member)?.cidrs ?? [])];
    }),
  );
}

/** What has to be done for the pull members in other VPCs than that of an internal load balancer. */
function peerings(fleet: Fleet, networks: ReadonlyMap<string, Network>): readonly Diagnostic[] {
  const parent = networks.get(clusterKey(fleet.parent));
  return pullMembers(fleet).flatMap((member) => {
    const network = networkIn(networks, member);
    const apart = parent !== undefined && network !== undefined && network.vpcId !== parent.vpcId;
    return apart ? [mustBePeered(member.name, network, parent)] : [];
  });
}

function networkIn(networks: ReadonlyMap<string, Network>, member: Member): Network | undefined {
  return member.kind === 'eks' ? networks.get(clusterKey(member)) : undefined;
}

function openToAll({ allow, internal }: Fleet): readonly Diagnostic[] {
  if (internal || !allow.includes(everyone)) return [];
  const what = 'the Karmada API is open to the whole internet, protected by client certificates only';
  return [warning({ what, next: ['restrict who may reach it: --allow 203.0.113.7/32 (repeatable)'] })];
}

function pullMembers({ members }: Fleet): readonly Member[] {
  return members.filter(({ mode }) => mode === 'pull');
}

function mustBeInside({ vpcId, vpcName }: Network): Diagnostic {
  return warning({
    what: `the Karmada API is internal: this machine must be in VPC ${vpcId} (${vpcName}) or reach it by peering or VPN`,
    next: [
      'run karmada-eks on a machine in that VPC',
      'or on one that reaches it by peering or VPN, and allow its private address: --allow 10.1.2.3/32 (repeatable)',
    ],
  });
}

function mustBePeered(member: string, { vpcId }: Network, parent: Network): Diagnostic {
  return warning({
    what: `pull member ${member} is not in the VPC of the internal Karmada API: ${vpcId} must be peered with ${parent.vpcId}`,
    next: [`peer ${vpcId} with ${parent.vpcId}, with routes in both`, 'or join it in push mode: mode=push'],
  });
}

function unknownSource(member: Member, network: Network | undefined): Problem {
  const [hidden] = network?.hiddenNats ?? [];
  const { name, kind } = member;
  return new Problem('address-unknown', {
    what:
      kind === 'eks'
        ? hidden === undefined
          ? `pull member ${name} has no NAT gateway, so its source addresses are unknown`
          : `pull member ${name} is behind ${hidden}, a NAT gateway of another account that shares the VPC: its addresses are unknown`
        : `the source addresses of pull member ${name} are unknown`,
    next: [
      `set sources=CIDR for ${name} (join: --source CIDR), or --allow CIDR (repeatable)`,
      ...(hidden === undefined
        ? []
        : [`its owner knows them: aws ec2 describe-nat-gateways --nat-gateway-ids ${hidden}`]),
      ...(kind === 'eks' && hidden === undefined ? ['or add a NAT gateway to its VPC'] : []),
      'or join it in push mode: mode=push',
    ],
  });
}
