/** What is in a VPC: everything that EC2 does not delete with it. */
import {
  type CarrierGateway,
  DescribeCarrierGatewaysCommand,
  DescribeEgressOnlyInternetGatewaysCommand,
  DescribeNetworkAclsCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcPeeringConnectionsCommand,
  DescribeVpnGatewaysCommand,
  type EC2Client,
  type EgressOnlyInternetGateway,
  type Filter,
  type Instance,
  type NatGateway,
  type NetworkAcl,
  type NetworkInterface,
  type RouteTable,
  type SecurityGroup,
  type Subnet,
  type VpcEndpoint,
  type VpcPeeringConnection,
  type VpnGateway,
} from '@aws-sdk/client-ec2';
import type { AwsClients } from '../../world/aws.js';
import { type Place, placeName } from '../../world/place.js';
import { answerOf, answerOrMissing } from '../call.js';
import { allPages } from '../pages.js';
import { makeEc2 } from './ec2.js';
import { listInstances, listInterfaces, listSecurityGroups, listVpcs, where, wholeList } from './lists.js';

export interface VpcContents {
  readonly interfaces: readonly NetworkInterface[];
  readonly instances: readonly Instance[];
  readonly groups: readonly SecurityGroup[];
  readonly subnets: readonly Subnet[];
  readonly natGateways: readonly NatGateway[];
  /** Asked for by this VPC or by another one. */
  readonly peerings: readonly VpcPeeringConnection[];
  readonly endpoints: readonly VpcEndpoint[];
  readonly vpnGateways: readonly VpnGateway[];
  /** With the main one, which goes with the VPC. */
  readonly routeTables: readonly RouteTable[];
  /** Without the default one, which goes with the VPC. */
  readonly networkAcls: readonly NetworkAcl[];
  readonly egressOnlyGateways: readonly EgressOnlyInternetGateway[];
  readonly carrierGateways: readonly CarrierGateway[];
}

/** All lists, in parallel. @throws Problem as `answerOf` */
export async function vpcContents(aws: AwsClients, place: Place, vpcId: string): Promise<VpcContents> {
  const client = aws.ec2(place);
  const ec2 = makeEc2(aws, place);
  const inVpc = where('vpc-id', vpcId);
  return await allOf<VpcContents>({
    interfaces: listInterfaces(aws, place, inVpc),
    instances: listInstances(aws, place, inVpc),
    groups: listSecurityGroups(aws, place, inVpc),
    subnets: ec2.subnets(vpcId),
    natGateways: ec2.natGateways(vpcId),
    peerings: peeringsWith(client, place, vpcId),
    endpoints: wholeList(
      place,
      'VPC endpoints',
      (NextToken) => client.send(new DescribeVpcEndpointsCommand({ Filters: [inVpc], NextToken })),
      (page) => page.VpcEndpoints,
    ),
    vpnGateways: vpnGatewaysOf(client, place, vpcId),
    routeTables: ec2.routeTables(vpcId),
    networkAcls: networkAclsIn(client, place, inVpc),
    egressOnlyGateways: egressOnlyGatewaysOf(client, place, vpcId),
    carrierGateways: carrierGatewaysOf(client, place, inVpc),
  });
}

/** What all of these promises give, each under its name. */
async function allOf<T extends object>(asked: { readonly [Key in keyof T]: Promise<T[Key]> }): Promise<T> {
  const given = Object.entries<Promise<unknown>>(asked).map(async ([name, value]) => [name, await value] as const);
  return Object.fromEntries(await Promise.all(given)) as T;
}

type Client = Pick<EC2Client, 'send'>;

/** Those that exist or may come to exist; EC2 lists ended ones for some hours (VPC Peering Guide, lifecycle). */
async function peeringsWith(client: Client, place: Place, vpcId: string): Promise<readonly VpcPeeringConnection[]> {
  const sides = ['requester-vpc-info.vpc-id', 'accepter-vpc-info.vpc-id'].map((side) => where(side, vpcId));
  const found = await Promise.all(
    sides.map((side) =>
      wholeList(
        place,
        'VPC peering connections',
        (NextToken) => client.send(new DescribeVpcPeeringConnectionsCommand({ Filters: [side], NextToken })),
        (page) => page.VpcPeeringConnections,
      ),
    ),
  );
  const living = ['initiating-request', 'pending-acceptance', 'provisioning', 'active'];
  return found.flat().filter(({ Status }) => living.includes(Status?.Code ?? ''));
}

async function vpnGatewaysOf(client: Client, place: Place, vpcId: string): Promise<readonly VpnGateway[]> {
  const command = new DescribeVpnGatewaysCommand({ Filters: [where('attachment.vpc-id', vpcId)] });
  const page = await answerOf(`listing VPN gateways in ${placeName(place)}`, client.send(command));
  return (page.VpnGateways ?? []).filter(({ State }) => State !== 'deleted');
}

async function networkAclsIn(client: Client, place: Place, inVpc: Filter): Promise<readonly NetworkAcl[]> {
  const found = await wholeList(
    place,
    'network ACLs',
    (NextToken) => client.send(new DescribeNetworkAclsCommand({ Filters: [inVpc], NextToken })),
    (page) => page.NetworkAcls,
  );
  return found.filter(({ IsDefault }) => IsDefault !== true);
}

/** EC2 has no filter for the VPC of these. */
async function egressOnlyGatewaysOf(
  client: Client,
  place: Place,
  vpcId: string,
): Promise<readonly EgressOnlyInternetGateway[]> {
  const found = await wholeList(
    place,
    'egress-only internet gateways',
    (NextToken) => client.send(new DescribeEgressOnlyInternetGatewaysCommand({ NextToken })),
    (page) => page.EgressOnlyInternetGateways,
  );
  return found.filter(({ Attachments = [] }) => Attachments.some(({ VpcId }) => VpcId === vpcId));
}

/** None in regions without Wavelength Zones, where EC2 may not know the call. */
async function carrierGatewaysOf(client: Client, place: Place, inVpc: Filter): Promise<readonly CarrierGateway[]> {
  const found = await allPages(async (NextToken) => {
    const command = new DescribeCarrierGatewaysCommand({ Filters: [inVpc], NextToken });
    const what = `listing carrier gateways in ${placeName(place)}`;
    const unknown = (name: string): boolean => name === 'UnsupportedOperation' || name === 'InvalidAction';
    const page = await answerOrMissing(what, unknown, client.send(command));
    return { items: page?.CarrierGateways ?? [], next: page?.NextToken };
  });
  return found.filter(({ State }) => State !== 'deleted' && State !== 'deleting');
}

/** The id of the VPC that a stack of CloudFormation made, by the tag that this puts on it; undefined: it is gone. */
export async function vpcOfStack(aws: AwsClients, place: Place, stackId: string): Promise<string | undefined> {
  const [found] = await listVpcs(aws, place, where('tag:aws:cloudformation:stack-id', stackId));
  return found?.VpcId;
}
