/** The CloudFormation template of a fleet's own VPC: public and private subnets in each zone, and the ways out. */
import { type OwnVpc, ownVpcDescription, ownVpcName } from '../../fleet/settings/own-vpc.js';
import { subnetRanges } from '../../fleet/settings/vpc-ranges.js';
import { vpcOutput } from '../../ownership/own-vpc.js';

interface Resource {
  readonly Type: string;
  readonly DependsOn?: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

type Resources = Readonly<Record<string, Resource>>;

const everywhere = '0.0.0.0/0';
const ref = (Ref: string) => ({ Ref });
const named = (Value: string, ...others: readonly { readonly Key: string; readonly Value: string }[]) => ({
  Tags: [{ Key: 'Name', Value }, ...others],
});

/** JSON. `zones`: two or three, by name. */
export function vpcTemplate(
  fleet: { readonly name: string; readonly id: string },
  { cidr, natPerZone }: OwnVpc,
  zones: readonly string[],
): string {
  const name = ownVpcName(fleet.name);
  const ranges = subnetRanges(cidr, zones.length);
  const gateways = natPerZone ? zones.length : 1;
  const each = zones.map((zone, index) => ({
    ...publicSubnet(`${name}-public-${zone}`, zone, index + 1, ranges.public[index] ?? ''),
    ...privateSubnet(`${name}-private-${zone}`, zone, index + 1, ranges.private[index] ?? '', gateways),
  }));
  const ways = zones.slice(0, gateways).map((zone, index) => wayOut(name, zone, index + 1));
  return JSON.stringify({
    AWSTemplateFormatVersion: '2010-09-09',
    Description: ownVpcDescription(fleet.id),
    Resources: Object.assign({}, around(name, cidr), ...each, ...ways) as Resources,
    Outputs: { [vpcOutput]: { Value: ref('Vpc') } },
  });
}

function around(name: string, CidrBlock: string): Resources {
  return {
    Vpc: {
      Type: 'AWS::EC2::VPC',
      Properties: { CidrBlock, EnableDnsSupport: true, EnableDnsHostnames: true, ...named(name) },
    },
    InternetGateway: { Type: 'AWS::EC2::InternetGateway', Properties: named(name) },
    Attachment: {
      Type: 'AWS::EC2::VPCGatewayAttachment',
      Properties: { VpcId: ref('Vpc'), InternetGatewayId: ref('InternetGateway') },
    },
    PublicRoutes: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: ref('Vpc'), ...named(`${name}-public`) } },
    PublicRoute: {
      Type: 'AWS::EC2::Route',
      DependsOn: 'Attachment',
      Properties: {
        RouteTableId: ref('PublicRoutes'),
        DestinationCidrBlock: everywhere,
        GatewayId: ref('InternetGateway'),
      },
    },
  };
}

/** The tags by which load balancer controllers find subnets (EKS User Guide, network requirements). */
function publicSubnet(name: string, AvailabilityZone: string, n: number, CidrBlock: string): Resources {
  return {
    [`PublicSubnet${n}`]: {
      Type: 'AWS::EC2::Subnet',
      Properties: {
        VpcId: ref('Vpc'),
        AvailabilityZone,
        CidrBlock,
        MapPublicIpOnLaunch: true,
        ...named(name, { Key: 'kubernetes.io/role/elb', Value: '1' }),
      },
    },
    [`PublicSubnetRoutes${n}`]: {
      Type: 'AWS::EC2::SubnetRouteTableAssociation',
      Properties: { SubnetId: ref(`PublicSubnet${n}`), RouteTableId: ref('PublicRoutes') },
    },
  };
}

function privateSubnet(
  name: string,
  AvailabilityZone: string,
  n: number,
  CidrBlock: string,
  gateways: number,
): Resources {
  return {
    [`PrivateSubnet${n}`]: {
      Type: 'AWS::EC2::Subnet',
      Properties: {
        VpcId: ref('Vpc'),
        AvailabilityZone,
        CidrBlock,
        ...named(name, { Key: 'kubernetes.io/role/internal-elb', Value: '1' }),
      },
    },
    [`PrivateSubnetRoutes${n}`]: {
      Type: 'AWS::EC2::SubnetRouteTableAssociation',
      Properties: { SubnetId: ref(`PrivateSubnet${n}`), RouteTableId: ref(`PrivateRoutes${Math.min(n, gateways)}`) },
    },
  };
}

/** A NAT gateway in a public subnet, and the routes of the private ones that use it; its address needs the gateway to the internet first. */
function wayOut(name: string, zone: string, n: number): Resources {
  return {
    [`NatAddress${n}`]: {
      Type: 'AWS::EC2::EIP',
      DependsOn: 'Attachment',
      Properties: { Domain: 'vpc', ...named(`${name}-${zone}`) },
    },
    [`NatGateway${n}`]: {
      Type: 'AWS::EC2::NatGateway',
      DependsOn: 'PublicRoute',
      Properties: {
        AllocationId: { 'Fn::GetAtt': [`NatAddress${n}`, 'AllocationId'] },
        SubnetId: ref(`PublicSubnet${n}`),
        ...named(`${name}-${zone}`),
      },
    },
    [`PrivateRoutes${n}`]: {
      Type: 'AWS::EC2::RouteTable',
      Properties: { VpcId: ref('Vpc'), ...named(`${name}-private-${zone}`) },
    },
    [`PrivateRoute${n}`]: {
      Type: 'AWS::EC2::Route',
      Properties: {
        RouteTableId: ref(`PrivateRoutes${n}`),
        DestinationCidrBlock: everywhere,
        NatGatewayId: ref(`NatGateway${n}`),
      },
    },
  };
}
