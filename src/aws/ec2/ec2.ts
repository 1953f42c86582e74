/** The EC2 reads of the product; answers have the SDK's own types. */
import {
  type AvailabilityZone,
  DescribeAvailabilityZonesCommand,
  DescribeInstanceTypeOfferingsCommand,
  DescribeRouteTablesCommand,
  DescribeVpcAttributeCommand,
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
import { listInterfaces, listNatGateways, listSubnets, listVolumes, listVpcs, where, wholeList } from './lists.js';

export type { AvailabilityZone, NatGateway, RouteTable, Subnet, Volume, Vpc };

export type Ec2 = ReturnType<typeof makeEc2>;

/** EC2 in one region. */
export function makeEc2(aws: AwsClients, place: Place) {
  const client = aws.ec2(place);
  const ask = <T>(what: string, answer: Promise<T>): Promise<T> => answerOf(`${what} in ${placeName(place)}`, answer);
  const inVpc = (vpcId: string): Filter => where('vpc-id', vpcId);
  return {
    /** By id (`vpc-…`) or by Name tag, where `*` and `?` are wildcards; all VPCs without a selector. */
    vpcs: (selector?: string) => listVpcs(aws, place, ...(selector === undefined ? [] : [vpcFilter(selector)])),
    vpcHasDns: async (vpcId: string) => {
      const [{ EnableDnsSupport: support }, { EnableDnsHostnames: hostnames }] = await Promise.all([
        ask('reading a VPC', client.send(attribute(vpcId, 'enableDnsSupport'))),
        ask('reading a VPC', client.send(attribute(vpcId, 'enableDnsHostnames'))),
      ]);
      return { support: support?.Value === true, hostnames: hostnames?.Value === true };
    },
    subnets: (vpcId: string) => listSubnets(aws, place, inVpc(vpcId)),
    routeTables: (vpcId: string) =>
      wholeList(
        place,
        'route tables',
        (NextToken) => client.send(new DescribeRouteTablesCommand({ Filters: [inVpc(vpcId)], NextToken })),
        (page) => page.RouteTables,
      ),
    natGateways: (vpcId: string) => listNatGateways(aws, place, inVpc(vpcId)),
    availabilityZones: async (): Promise<readonly AvailabilityZone[]> => {
      const answer = await ask('listing availability zones', client.send(new DescribeAvailabilityZonesCommand({})));
      return answer.AvailabilityZones ?? [];
    },
    /** Names of the zones that offer the instance type. */
    zonesOffering: (instanceType: string) => {
      const wanted = { LocationType: 'availability-zone' as const, Filters: [where('instance-type', instanceType)] };
      return wholeList(
        place,
        'instance types',
        (NextToken) => client.send(new DescribeInstanceTypeOfferingsCommand({ ...wanted, NextToken })),
        (page) => page.InstanceTypeOfferings?.flatMap(({ Location }) => Location ?? []),
      );
    },
    /** The network interfaces of a load balancer, by its name: of a Network Load Balancer they are described as `ELB net/<name>/<hash>`. */
    loadBalancerInterfaces: (loadBalancer: string) =>
      listInterfaces(aws, place, where('description', `ELB net/${loadBalancer}/*`)),
    /** The ids among these that exist. */
    volumes: (ids: readonly string[]) => listVolumes(aws, place, where('volume-id', ...ids)),
  };
}

function attribute(VpcId: string, Attribute: 'enableDnsSupport' | 'enableDnsHostnames'): DescribeVpcAttributeCommand {
  return new DescribeVpcAttributeCommand({ VpcId, Attribute });
}

function vpcFilter(selector: string): Filter {
  const isId = /^vpc-[0-9a-f]+$/.test(selector);
  return where(isId ? 'vpc-id' : 'tag:Name', selector);
}
