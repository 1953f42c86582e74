/** A VPC that the fleet makes for itself: what is asked of it, and its names. */

export interface OwnVpc {
  /** Its IPv4 range: /16 to /22, private addresses. */
  readonly cidr: string;
  /** Whether each zone has a NAT gateway of its own; otherwise one serves all. */
  readonly natPerZone: boolean;
}

/** Rarely taken by others, so that the VPC can be peered later. Any range that is not 10.100.0.0/16 or 172.20.0.0/16 would do. */
export const defaultVpcCidr = '10.64.0.0/16';

/** Stands for the VPC in what describes the fleet's clusters: its id is known only once it is made. */
export const ownVpcPlace = 'made-by-karmada-eks';

/** Its Name tag. */
export function ownVpcName(fleet: string): string {
  return `karmada-eks-${fleet}`;
}

/** The name of its stack in CloudFormation. */
export function ownVpcStack(fleet: string): string {
  return `karmada-eks-${fleet}-vpc`;
}

/** The description of its template, by which the stack is known besides its tag. */
export function ownVpcDescription(fleetId: string): string {
  return `VPC of karmada-eks fleet ${fleetId}`;
}

/** The tag of the stack that tells what was asked for; a machine without a record finds it there. */
export const ownVpcTag = 'karmada-eks/vpc';

const perZone = ' nat-per-zone';

export function ownVpcWords({ cidr, natPerZone }: OwnVpc): string {
  return `${cidr}${natPerZone ? perZone : ''}`;
}

/** Undefined for what is no such text: anybody can set a tag. */
export function ownVpcFrom(words: string | undefined): OwnVpc | undefined {
  const cidr = words?.replace(perZone, '');
  if (cidr === undefined || !/^[\d.]+\/\d\d$/.test(cidr)) return undefined;
  return { cidr, natPerZone: words?.endsWith(perZone) === true };
}
