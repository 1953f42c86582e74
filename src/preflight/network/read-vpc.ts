/** Reads a VPC from EC2, without judging it. */
import type { Vpc } from '../../aws/ec2.js';
import { nameIn } from '../../aws/tags.js';
import type { Clients } from '../../clients/clients.js';
import { Problem } from '../../errors/problem.js';
import type { VpcParts } from './subnets.js';

/** What to search for, and its requirements. */
export interface NetworkSpec {
  readonly region: string;
  /** VPC id or Name tag. */
  readonly vpc: string;
  readonly instanceType: string;
  /** The parent's VPC also holds the load balancer of the Karmada API: in public subnets, unless it is internal. */
  readonly needsPublicSubnet: boolean;
  /** Whether a cluster is to be made in it; where all are there already, it need not be good for anything. */
  readonly holdsNew: boolean;
}

/** All that was read of one VPC. */
export interface VpcReading extends VpcParts {
  readonly vpcId: string;
  /** Its Name tag, or an empty text. */
  readonly vpcName: string;
  /** Its IPv4 CIDRs. */
  readonly cidrs: readonly string[];
  readonly dns: { readonly support: boolean; readonly hostnames: boolean };
  /** Names of the zones that offer the instance type. */
  readonly offering: readonly string[];
}

/**
 * Reads the matching VPC, or returns why there is not exactly one; eight calls to EC2, all but the first in parallel.
 * EC2 promises no order: lists are sorted, so that the same VPC is always reported alike.
 */
export async function readVpc(clients: Pick<Clients, 'ec2'>, spec: NetworkSpec): Promise<VpcReading | Problem> {
  const ec2 = clients.ec2(spec.region);
  const matching = sorted(await ec2.vpcs(spec.vpc), vpcIdOf);
  const vpc = oneOf(matching, spec, matching.length === 0 ? sorted(await ec2.vpcs(), vpcIdOf) : []);
  if (vpc instanceof Problem) return vpc;
  const vpcId = vpc.VpcId ?? '';
  const [dns, subnets, routeTables, natGateways, zones, offering] = await Promise.all([
    ec2.vpcHasDns(vpcId),
    ec2.subnets(vpcId),
    ec2.routeTables(vpcId),
    ec2.natGateways(vpcId),
    ec2.availabilityZones(),
    ec2.zonesOffering(spec.instanceType),
  ]);
  return {
    vpcId,
    vpcName: nameIn(vpc.Tags),
    cidrs: cidrsOf(vpc),
    dns,
    subnets: sorted(subnets, ({ SubnetId }) => SubnetId),
    routeTables,
    natGateways: sorted(natGateways, ({ NatGatewayId }) => NatGatewayId),
    zones,
    offering: [...offering].sort(),
  };
}

const vpcIdOf = ({ VpcId }: Vpc): string | undefined => VpcId;

function sorted<T>(items: readonly T[], idOf: (item: T) => string | undefined): readonly T[] {
  return [...items].sort((a, b) => (idOf(a) ?? '').localeCompare(idOf(b) ?? ''));
}

/** `others`: all VPCs of the region if none matches, as suggestions. */
function oneOf(found: readonly Vpc[], spec: NetworkSpec, others: readonly Vpc[]): Vpc | Problem {
  const [first] = found;
  if (first === undefined) {
    return new Problem('vpc-not-found', {
      what: `no VPC ${spec.vpc} in ${spec.region}`,
      ...(others.length > 0 ? { why: `available VPCs: ${others.map(label).join(', ')}` } : {}),
      next: ['choose another VPC with --vpc (ID or Name tag; * matches any text)', 'or choose another --region'],
    });
  }
  if (found.length === 1) return first;
  return new Problem('vpc-ambiguous', {
    what: `${found.length} VPCs match ${spec.vpc} in ${spec.region}`,
    why: found.map(label).join(', '),
    next: ['choose one by its ID: --vpc vpc-…'],
  });
}

function label(vpc: Vpc): string {
  return `${vpc.VpcId} (${nameIn(vpc.Tags) || 'no name'}, ${vpc.CidrBlock})`;
}

/** CIDRs that are added to a VPC, or taken from it, stand in its associations only (EC2 API, DescribeVpcs). */
function cidrsOf({ CidrBlock, CidrBlockAssociationSet = [] }: Vpc): readonly string[] {
  const associated = CidrBlockAssociationSet.filter(({ CidrBlockState }) => CidrBlockState?.State === 'associated');
  return [...new Set([CidrBlock, ...associated.map((each) => each.CidrBlock)].flatMap((cidr) => cidr ?? []))];
}
