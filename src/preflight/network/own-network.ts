/** The network of a VPC that the fleet makes for itself: what is there, or what it will be. */
import type { AvailabilityZone } from '../../aws/ec2/ec2.js';
import { tagsIn } from '../../aws/tags.js';
import type { Clients } from '../../clients/clients.js';
import { problemsIn } from '../../errors/diagnostic.js';
import { Problem } from '../../errors/problem.js';
import { fleetCommand } from '../../fleet/fleet-command.js';
import { ownVpcFrom, ownVpcName, ownVpcStack, ownVpcTag, ownVpcWords } from '../../fleet/settings/own-vpc.js';
import { subnetRanges } from '../../fleet/settings/vpc-ranges.js';
import type { ClassifiedSubnet, Network } from '../../model/facts.js';
import { findOwnVpc, foreignVpcStack, type OwnVpcStack, vpcState } from '../../ownership/own-vpc.js';
import { offerCheck } from './network-checks.js';
import { architecturesOf, zonesOffering } from './offered-types.js';
import { whyNotRemade } from './remade-vpc.js';
import { canHoldControlPlanes, type NetworkSpec, type VpcOwner } from './subnets.js';

type OwnSpec = NetworkSpec & { readonly own: VpcOwner };

/** The id of the VPC where it is complete, the network as it will be where it can be made, or why neither is so. */
export async function findOwnNetwork(
  clients: Pick<Clients, 'ec2' | 'cloudformation' | 'world'>,
  spec: OwnSpec,
): Promise<string | Network | Problem> {
  const { own } = spec;
  const found = await findOwnVpc(clients, own, spec);
  if (found !== undefined && found.verdict.whose !== 'ours') return foreignVpcStack(own.name, spec, found);
  if (found !== undefined && !isAsAsked(own, found)) return otherwiseMade(spec, found);
  if (found?.vpcId !== undefined && vpcState(found) === 'complete') return found.vpcId;
  const kept = found && (await whyNotRemade(clients, own, spec, found));
  if (kept !== undefined) return kept;
  if (!own.mayBeMade || (!spec.holdsNew && found === undefined)) return missing(spec);
  return await plannedNetwork(clients, spec);
}

async function plannedNetwork(clients: Pick<Clients, 'ec2' | 'world'>, spec: OwnSpec): Promise<Network | Problem> {
  const { own } = spec;
  const ec2 = clients.ec2(spec);
  const [zones, offering, architectures] = await Promise.all([
    ec2.availabilityZones(),
    zonesOffering(ec2, spec.instanceTypes),
    architecturesOf(clients, spec),
  ]);
  const [problem] = problemsIn(offerCheck(spec, { offering, architectures }).diagnostics);
  if (problem !== undefined) return problem;
  const usable = zones.flatMap((zone) => (isUsable(zone, offering) ? (zone.ZoneName ?? []) : [])).sort();
  const wanted = own.wantedZones ?? usable.slice(0, 3);
  const limited = wanted.filter((zone) => spec.zones?.includes(zone) ?? true);
  const named = new Set([...wanted, ...(spec.zones ?? [])]);
  const wrong = [...named].filter((zone) => !wanted.includes(zone) || !usable.includes(zone));
  if (wrong.length > 0 || limited.length < 2) return tooFewZones(spec, usable, wrong);
  const ranges = subnetRanges(own.cidr, wanted.length);
  const subnets = (kind: 'public' | 'private'): readonly ClassifiedSubnet[] =>
    wanted.flatMap((zone, index) =>
      limited.includes(zone) ? [planned(kind, zone, ranges[kind][index] ?? '', own.natPerZone)] : [],
    );
  const gateways = [...new Set(subnets('private').flatMap(({ natGateway }) => natGateway ?? []))];
  return {
    vpcId: '<new VPC>',
    vpcName: ownVpcName(own.name),
    region: spec.region,
    cidrs: [own.cidr],
    public: subnets('public'),
    private: subnets('private'),
    nodesArePrivate: true,
    natAddresses: gateways,
    hiddenNats: [],
    allNatAddresses: gateways,
    planned: wanted,
  };
}

function isUsable(zone: AvailabilityZone, offering: readonly string[]): boolean {
  const { ZoneName = '', ZoneId = '', ZoneType, State } = zone;
  const isZone = (ZoneType ?? 'availability-zone') === 'availability-zone' && (State ?? 'available') === 'available';
  return isZone && canHoldControlPlanes(ZoneId) && offering.includes(ZoneName);
}

function planned(kind: 'public' | 'private', zone: string, cidr: string, natPerZone: boolean): ClassifiedSubnet {
  return {
    id: `<new ${kind} subnet in ${zone}>`,
    zone,
    kind,
    // Of each subnet AWS keeps five (VPC User Guide, subnet sizing).
    freeAddresses: 2 ** (32 - Number(cidr.split('/')[1])) - 5,
    mapPublicIp: kind === 'public',
    natGateway: kind === 'public' ? undefined : `<new NAT gateway${natPerZone ? ` in ${zone}` : ''}>`,
  };
}

function tooFewZones({ region, instanceTypes }: OwnSpec, usable: readonly string[], wrong: readonly string[]): Problem {
  return new Problem('vpc-unusable', {
    what: `a VPC cannot be created in ${region}${wrong.length > 0 ? `: ${wrong.join(', ')} cannot be used` : ''}`,
    why: `zones that EKS accepts and that offer ${instanceTypes.join(', ')}: ${usable.join(', ') || 'none'}; two are required`,
    next: ['choose other --zones, another --instance-type or another --region'],
  });
}

/** What failed is made anew as it is asked for now. */
function isAsAsked(own: VpcOwner, found: OwnVpcStack): boolean {
  const made = tagsIn(found.stack.Tags)[ownVpcTag];
  return made === undefined || made === ownVpcWords(own) || vpcState(found) === 'half-made';
}

function otherwiseMade({ own, region }: OwnSpec, { stack }: OwnVpcStack): Problem {
  const made = ownVpcFrom(tagsIn(stack.Tags)[ownVpcTag]);
  const flags = made && ['--create-vpc', made.cidr, ...(made.natPerZone ? ['--nat-gateway-per-zone'] : [])].join(' ');
  return new Problem('invalid-value', {
    what: `the VPC of fleet ${own.name} in ${region} was created with other settings: ${flags ?? 'its tags do not tell which'}`,
    why: 'a fleet keeps the range and the NAT gateways that its VPC began with',
    next: [`use ${flags ?? 'the flags that it was made with'}, or omit them`],
  });
}

function missing({ own, region }: OwnSpec): Problem {
  return new Problem('vpc-not-found', {
    what: `the VPC of fleet ${own.name} in ${region} is missing, or not complete`,
    why: `CloudFormation has no complete stack ${ownVpcStack(own.name)}`,
    next: [`create it: ${fleetCommand('up', { name: own.name, parent: { region } })}`],
  });
}
