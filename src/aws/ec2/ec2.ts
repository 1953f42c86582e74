/** The EC2 reads of the product; answers have the SDK's own types. */
import {
  type AvailabilityZone,
  DescribeAvailabilityZonesCommand,
  DescribeInstanceTypeOfferingsCommand,
  DescribeNatGatewaysCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRouteTablesCommand,
  DescribeSubnetsCommand,
  DescribeVolumesCommand,
  DescribeVpcAttributeCommand,
  DescribeVpcsCommand,
  type Filter,
  type NatGateway,
  type RouteTable,
  type Subnet,
  type Volume,
  type Vpc,
} from '@aws-sdk/client-ec2';
import type { AwsClients } from '../../world/aws.js';
import { type Place, placeName } from '../../world/place.js';
import { answerOf } from '../call.js';
import { allPages } from '../pages.js';

export type { AvailabilityZone, NatGateway, RouteTable, Subnet, Volume, Vpc };

export type Ec2 = ReturnType<typeof makeEc2>;

/** EC2 in one region. */
export function makeEc2(aws: AwsClients, place: Place) {
  const client = aws.ec2(place);
  const ask = <T>(what: string, answer: Promise<T>): Promise<T> => answerOf(`${what} in ${placeName(place)}`, answer);
  const inVpc = (vpcId: string): Filter[] => [{ Name: 'vpc-id', Values: [vpcId] }];
  return {
    /** By id (`vpc-…`) or by Name tag, where `*` and `?` are wildcards; all VPCs without a selector. */
    vpcs: (selector?: string) =>
      allPages(async (NextToken) => {
        const filters = selector === undefined ? {} : { Filters: [vpcFilter(selector)] };
        const command = new DescribeVpcsCommand({ ...filters, NextToken });
        const page = await ask('listing VPCs', client.send(command));
        return { items: page.Vpcs ?? [], next: page.NextToken };
      }),
    vpcHasDns: async (vpcId: string) => {
      const [{ EnableDnsSupport: support }, { EnableDnsHostnames: hostnames }] = await Promise.all([
        ask('reading a VPC', client.send(attribute(vpcId, 'enableDnsSupport'))),
        ask('reading a VPC', client.send(attribute(vpcId, 'enableDnsHostnames'))),
      ]);
      return { support: support?.Value === true, hostnames: hostnames?.Value === true };
    },
    subnets: (vpcId: string) =>
      allPages(async (NextToken) => {
        const command = new DescribeSubnetsCommand({ Filters: inVpc(vpcId), NextToken });
        const page = await ask('listing subnets', client.send(command));
        return { items: page.Subnets ?? [], next: page.NextToken };
      }),
    routeTables: (vpcId: string) =>
      allPages(async (NextToken) => {
        const command = new DescribeRouteTablesCommand({ Filters: inVpc(vpcId), NextToken });
        const page = await ask('listing route tables', client.send(command));
        return { items: page.RouteTables ?? [], next: page.NextToken };
      }),
    natGateways: (vpcId: string) =>
      allPages(async (NextToken) => {
        const command = new DescribeNatGatewaysCommand({ Filter: inVpc(vpcId), NextToken });
        const page = await ask('listing NAT gateways', client.send(command));
        return { items: page.NatGateways ?? [], next: page.NextToken };
      }),
    availabilityZones: async (): Promise<readonly AvailabilityZone[]> => {
      const answer = await ask('listing availability zones', client.send(new DescribeAvailabilityZonesCommand({})));
      return answer.AvailabilityZones ?? [];
    },
    /** Names of the zones that offer the instance type. */
    zonesOffering: (instanceType: string) =>
      allPages(async (NextToken) => {
        const Filters = [{ Name: 'instance-type', Values: [instanceType] }];
        const wanted = { LocationType: 'availability-zone' as const, Filters, NextToken };
        const command = new DescribeInstanceTypeOfferingsCommand(wanted);
        const page = await ask('listing instance types', client.send(command));
        const items = page.InstanceTypeOfferings?.flatMap(({ Location }) => Location ?? []) ?? [];
        return { items, next: page.NextToken };
      }),
    /** The network interfaces of a load balancer, by its name. */
    loadBalancerInterfaces: (loadBalancer: string) =>
      allPages(async (NextToken) => {
        // The interfaces of a Network Load Balancer are described as `ELB net/<name>/<hash>`.
        const filter: Filter = { Name: 'description', Values: [`ELB net/${loadBalancer}/*`] };
        const command = new DescribeNetworkInterfacesCommand({ Filters: [filter], NextToken });
        const page = await ask('listing network interfaces', client.send(command));
        return { items: page.NetworkInterfaces ?? [], next: page.NextToken };
      }),
    /** The ids among these that exist. */
    volumes: (ids: readonly string[]) =>
      allPages(async (NextToken) => {
        // A filter, because requesting an id that does not exist is an error.
        const filter: Filter = { Name: 'volume-id', Values: [...ids] };
        const command = new DescribeVolumesCommand({ Filters: [filter], NextToken });
        const page = await ask('listing volumes', client.send(command));
        return { items: page.Volumes ?? [], next: page.NextToken };
      }),
  };
}

function attribute(VpcId: string, Attribute: 'enableDnsSupport' | 'enableDnsHostnames'): DescribeVpcAttributeCommand {
  return new DescribeVpcAttributeCommand({ VpcId, Attribute });
}

function vpcFilter(selector: string): Filter {
  const isId = /^vpc-[0-9a-f]+$/.test(selector);
  return { Name: isId ? 'vpc-id' : 'tag:Name', Values: [selector] };
}
