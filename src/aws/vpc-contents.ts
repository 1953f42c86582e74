/** What is in a VPC: everything that EC2 does not delete with it. */
import {
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupsCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcPeeringConnectionsCommand,
  DescribeVpcsCommand,
  DescribeVpnGatewaysCommand,
  type EC2Client,
  type Filter,
  type Instance,
  type NatGateway,
  type NetworkInterface,
  type SecurityGroup,
  type Subnet,
  type VpcEndpoint,
  type VpcPeeringConnection,
  type VpnGateway,
} from '@aws-sdk/client-ec2';
import type { AwsClients } from '../world/aws.js';
import { type Place, placeName } from '../world/place.js';
import { answerOf } from './call.js';
import { makeEc2 } from './ec2.js';
import { allPages } from './pages.js';

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
}

/** All lists, in parallel. @throws Problem as `answerOf` */
export async function vpcContents(aws: AwsClients, place: Place, vpcId: string): Promise<VpcContents> {
  const client = aws.ec2(place);
  const ec2 = makeEc2(aws, place);
  const [interfaces, instances, groups, subnets, natGateways, asked, accepted, endpoints, vpnGateways] =
    await Promise.all([
      interfacesIn(client, place, vpcId),
      instancesIn(client, place, vpcId),
      groupsIn(client, place, vpcId),
      ec2.subnets(vpcId),
      ec2.natGateways(vpcId),
      peeringsOf(client, place, 'requester-vpc-info.vpc-id', vpcId),
      peeringsOf(client, place, 'accepter-vpc-info.vpc-id', vpcId),
      endpointsIn(client, place, vpcId),
      vpnGatewaysOf(client, place, vpcId),
    ]);
  return {
    interfaces,
    instances,
    groups,
    subnets,
    natGateways,
    peerings: [...asked, ...accepted],
    endpoints,
    vpnGateways,
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

/** The id of the VPC that a stack of CloudFormation made, by the tag that this puts on it; undefined: it is gone. */
export async function vpcOfStack(aws: AwsClients, place: Place, stackId: string): Promise<string | undefined> {
  const command = new DescribeVpcsCommand({ Filters: filter('tag:aws:cloudformation:stack-id', stackId) });
  const { Vpcs = [] } = await answerOf(`listing VPCs in ${placeName(place)}`, aws.ec2(place).send(command));
  return Vpcs[0]?.VpcId;
}
