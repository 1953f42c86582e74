/** What is in a VPC: everything that EC2 does not delete with it. */
import {
  type CarrierGateway,
  DescribeCarrierGatewaysCommand,
  DescribeEgressOnlyInternetGatewaysCommand,
  DescribeInstancesCommand,
  DescribeNetworkAclsCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupsCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcPeeringConnectionsCommand,
  DescribeVpcsCommand,
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
  const [
    interfaces,
    instances,
    groups,
    subnets,
    natGateways,
    peerings,
    endpoints,
    vpnGateways,
    routeTables,
    networkAcls,
    egressOnlyGateways,
    carrierGateways,
  ] = await Promise.all([
    interfacesIn(client, place, vpcId),
    instancesIn(client, place, vpcId),
    groupsIn(client, place, vpcId),
    ec2.subnets(vpcId),
    ec2.natGateways(vpcId),
    peeringsWith(client, place, vpcId),
    endpointsIn(client, place, vpcId),
    vpnGatewaysOf(client, place, vpcId),
    ec2.routeTables(vpcId),
    networkAclsIn(client, place, vpcId),
    egressOnlyGatewaysOf(client, place, vpcId),
    carrierGatewaysOf(client, place, vpcId),
  ]);
  return {
    interfaces,
    instances,
    groups,
    subnets,
    natGateways,
    peerings,
    endpoints,
    vpnGateways,
    routeTables,
    networkAcls,
    egressOnlyGateways,
    carrierGateways,
  };
}

type Client = Pick<EC2Client, 'send'>;

const filter = (Name: string, value: string): Filter[] => [{ Name, Values: [value] }];

async function interfacesIn(client: Client, place: Place, vpcId: string): Promise<readonly NetworkInterface[]> {
  return await allPages(async (NextToken) => {
    const command = new DescribeNetworkInterfacesCommand({ Filters: filter('vpc-id', vpcId), NextToken });
    const page = await answerOf(`listing network interfaces in ${placeName(place)}`, client.send(command));
    return { items: page.NetworkInterfaces ?? [], next: page.NextToken };
  });
}

async function instancesIn(client: Client, place: Place, vpcId: string): Promise<readonly Instance[]> {
  return await allPages(async (NextToken) => {
    const command = new DescribeInstancesCommand({ Filters: filter('vpc-id', vpcId), NextToken });
    const page = await answerOf(`listing instances in ${placeName(place)}`, client.send(command));
    return { items: page.Reservations?.flatMap(({ Instances = [] }) => Instances) ?? [], next: page.NextToken };
  });
}

async function groupsIn(client: Client, place: Place, vpcId: string): Promise<readonly SecurityGroup[]> {
  return await allPages(async (NextToken) => {
    const command = new DescribeSecurityGroupsCommand({ Filters: filter('vpc-id', vpcId), NextToken });
    const page = await answerOf(`listing security groups in ${placeName(place)}`, client.send(command));
    return { items: page.SecurityGroups ?? [], next: page.NextToken };
  });
}

async function peeringsWith(client: Client, place: Place, vpcId: string): Promise<readonly VpcPeeringConnection[]> {
  const sides = ['requester-vpc-info.vpc-id', 'accepter-vpc-info.vpc-id'];
  return (await Promise.all(sides.map((side) => peeringsOf(client, place, side, vpcId)))).flat();
}

/** Those that exist or may come to exist; EC2 lists ended ones for some hours (VPC Peering Guide, lifecycle). */
async function peeringsOf(
  client: Client,
  place: Place,
  side: string,
  vpcId: string,
): Promise<readonly VpcPeeringConnection[]> {
  const found = await allPages(async (NextToken) => {
    const command = new DescribeVpcPeeringConnectionsCommand({ Filters: filter(side, vpcId), NextToken });
    const page = await answerOf(`listing VPC peering connections in ${placeName(place)}`, client.send(command));
    return { items: page.VpcPeeringConnections ?? [], next: page.NextToken };
  });
  const living = ['initiating-request', 'pending-acceptance', 'provisioning', 'active'];
  return found.filter(({ Status }) => living.includes(Status?.Code ?? ''));
}

async function endpointsIn(client: Client, place: Place, vpcId: string): Promise<readonly VpcEndpoint[]> {
  return await allPages(async (NextToken) => {
    const command = new DescribeVpcEndpointsCommand({ Filters: filter('vpc-id', vpcId), NextToken });
    const page = await answerOf(`listing VPC endpoints in ${placeName(place)}`, client.send(command));
    return { items: page.VpcEndpoints ?? [], next: page.NextToken };
  });
}

async function vpnGatewaysOf(client: Client, place: Place, vpcId: string): Promise<readonly VpnGateway[]> {
  const command = new DescribeVpnGatewaysCommand({ Filters: filter('attachment.vpc-id', vpcId) });
  const page = await answerOf(`listing VPN gateways in ${placeName(place)}`, client.send(command));
  return (page.VpnGateways ?? []).filter(({ State }) => State !== 'deleted');
}

async function networkAclsIn(client: Client, place: Place, vpcId: string): Promise<readonly NetworkAcl[]> {
  const found = await allPages(async (NextToken) => {
    const command = new DescribeNetworkAclsCommand({ Filters: filter('vpc-id', vpcId), NextToken });
    const page = await answerOf(`listing network ACLs in ${placeName(place)}`, client.send(command));
    return { items: page.NetworkAcls ?? [], next: page.NextToken };
  });
  return found.filter(({ IsDefault }) => IsDefault !== true);
}

/** EC2 has no filter for the VPC of these. */
async function egressOnlyGatewaysOf(
  client: Client,
  place: Place,
  vpcId: string,
): Promise<readonly EgressOnlyInternetGateway[]> {
  const found = await allPages(async (NextToken) => {
    const command = new DescribeEgressOnlyInternetGatewaysCommand({ NextToken });
    const page = await answerOf(`listing egress-only internet gateways in ${placeName(place)}`, client.send(command));
    return { items: page.EgressOnlyInternetGateways ?? [], next: page.NextToken };
  });
  return found.filter(({ Attachments = [] }) => Attachments.some(({ VpcId }) => VpcId === vpcId));
}

/** None in regions without Wavelength Zones, where EC2 may not know the call. */
async function carrierGatewaysOf(client: Client, place: Place, vpcId: string): Promise<readonly CarrierGateway[]> {
  const found = await allPages(async (NextToken) => {
    const command = new DescribeCarrierGatewaysCommand({ Filters: filter('vpc-id', vpcId), NextToken });
    const what = `listing carrier gateways in ${placeName(place)}`;
    const unknown = (name: string): boolean => name === 'UnsupportedOperation' || name === 'InvalidAction';
    const page = await answerOrMissing(what, unknown, client.send(command));
    return { items: page?.CarrierGateways ?? [], next: page?.NextToken };
  });
  return found.filter(({ State }) => State !== 'deleted' && State !== 'deleting');
}

/** The id of the VPC that a stack of CloudFormation made, by the tag that this puts on it; undefined: it is gone. */
export async function vpcOfStack(aws: AwsClients, place: Place, stackId: string): Promise<string | undefined> {
  const command = new DescribeVpcsCommand({ Filters: filter('tag:aws:cloudformation:stack-id', stackId) });
  const { Vpcs = [] } = await answerOf(`listing VPCs in ${placeName(place)}`, aws.ec2(place).send(command));
  return Vpcs[0]?.VpcId;
}
