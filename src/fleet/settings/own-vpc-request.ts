/** What a request tells of a VPC that the fleet makes for itself, and what of it cannot be. */
import { Problem } from '../../errors/problem.js';
import { isSamePlace, placeName } from '../../world/place.js';
import type { Fleet } from '../fleet.js';
import type { FleetRequest } from '../schema.js';
import { type OwnVpc, ownVpcPlace } from './own-vpc.js';

/** Undefined: all VPCs are others'. @throws Problem `invalid-value` where it does not go with the rest */
export function ownVpcOf({
  vpc,
  createVpc: cidr,
  natGatewayPerZone: natPerZone = false,
  subnets,
}: FleetRequest): OwnVpc | undefined {
  const clash = (what: string, next: string): Problem => new Problem('invalid-value', { what, next: [next] });
  if (cidr === undefined) {
    if (natPerZone) throw clash('--nat-gateway-per-zone requires --create-vpc', 'add --create-vpc, or omit it');
    return undefined;
  }
  if (vpc !== undefined)
    throw clash(
      `expected a VPC that exists, or one to create: got both ${vpc} and ${cidr}`,
      'omit --vpc or --create-vpc; a fleet keeps the VPC that it began with',
    );
  if (subnets !== undefined)
    throw clash(
      '--subnet names subnets that exist, but --create-vpc makes new ones',
      'omit --subnet; --zones limits the zones',
    );
  return { cidr, natPerZone };
}

/** The part of a request that names the parent's VPC. */
export function vpcRequest({ parent, ownVpc }: Fleet): Pick<FleetRequest, 'vpc' | 'createVpc' | 'natGatewayPerZone'> {
  if (ownVpc === undefined) return { vpc: parent.vpc };
  return { createVpc: ownVpc.cidr, ...(ownVpc.natPerZone ? { natGatewayPerZone: true } : {}) };
}

/** The VPC that is made is in one region, with subnets in two or three zones, and no subnet of it is known beforehand. */
export function outsideOwnVpc(fleet: Fleet): readonly Problem[] {
  if (fleet.ownVpc === undefined) return [];
  const elsewhere = fleet.members.flatMap((member) => {
    if (member.kind !== 'eks' || member.existing || member.vpc !== ownVpcPlace) return [];
    if (isSamePlace(member, fleet.parent)) return [];
    const what = `member ${member.name} is in ${placeName(member)}, but --create-vpc makes a VPC in ${fleet.parent.region} only`;
    return [
      new Problem('invalid-value', {
        what,
        next: [`set a VPC of ${placeName(member)}: --member name=${member.name},vpc=…`],
      }),
    ];
  });
  const { zones = [] } = fleet.parent;
  if (zones.length <= 3) return elsewhere;
  const what = `--create-vpc makes subnets in three zones, but ${zones.length} were requested`;
  return [...elsewhere, new Problem('invalid-value', { what, next: ['set two or three --zones'] })];
}
