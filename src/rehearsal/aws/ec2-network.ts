/** The simulated EC2, networks: VPCs, subnets, routes, NAT gateways. */
import type * as EC2 from '@aws-sdk/client-ec2';
import { freeAddressesOf } from '../account/addresses.js';
import type { RegionState, RouteTableState, SubnetState, VpcState } from '../state.js';
import { AwsError, byIds, filtered, listing, operation, type Service, tagList } from './answer.js';

export const ec2Network: Service = {
  DescribeVpcsCommand: operation((input: EC2.DescribeVpcsCommandInput, { region }) => {
    const asked = byIds(region.vpcs, input.VpcIds, vpcMissing);
    return listing(
      'Vpcs',
      filtered(asked, input.Filters, { 'vpc-id': (vpc) => [vpc.id] }).map(showVpc),
      input.NextToken,
    );
  }),

  DescribeVpcAttributeCommand: operation((input: EC2.DescribeVpcAttributeCommandInput, { region }) => {
    const [vpc] = byIds(region.vpcs, [input.VpcId ?? ''], vpcMissing);
    return input.Attribute === 'enableDnsSupport'
      ? { VpcId: vpc?.id, EnableDnsSupport: { Value: vpc?.dnsSupport } }
      : { VpcId: vpc?.id, EnableDnsHostnames: { Value: vpc?.dnsHostnames } };
  }),

  DescribeSubnetsCommand: operation((input: EC2.DescribeSubnetsCommandInput, { region, simulation }) => {
    const missing = (id: string) => new AwsError('InvalidSubnetID.NotFound', `The subnet ID '${id}' does not exist`);
    const asked = byIds(region.subnets, input.SubnetIds, missing);
    const fields = {
      'vpc-id': (subnet: SubnetState) => [subnet.vpcId],
    };
    const show = (subnet: SubnetState) => showSubnet(subnet, freeAddressesOf(region, simulation.state.apis, subnet));
    return listing('Subnets', filtered(asked, input.Filters, fields).map(show), input.NextToken);
  }),

  DescribeRouteTablesCommand: operation((input: EC2.DescribeRouteTablesCommandInput, { region }) => {
    const fields = {
      'vpc-id': (table: RouteTableState) => [table.vpcId],
    };
    return listing(
      'RouteTables',
      filtered<RouteTableState>(region.routeTables, input.Filters, fields).map(showRouteTable),
      input.NextToken,
    );
  }),

  DescribeNatGatewaysCommand: operation((input: EC2.DescribeNatGatewaysCommandInput, { region, simulation }) => {
    const own = region.natGateways.filter(({ vpcId }) => isOwn(region.vpcs, vpcId, simulation.state.accountId));
    const asked = byIds(own, input.NatGatewayIds, (id) => {
      return new AwsError('NatGatewayNotFound', `NAT gateway ${id} was not found`);
    });
    const found = filtered<(typeof asked)[number]>(asked, input.Filter, {
      'vpc-id': (nat) => [nat.vpcId],
    });
    const show = (nat: (typeof asked)[number]) => ({
      NatGatewayId: nat.id,
      VpcId: nat.vpcId,
      SubnetId: nat.subnetId,
      State: nat.state,
      ConnectivityType: 'public',
      NatGatewayAddresses: [{ PublicIp: nat.publicIp }],
      Tags: tagList(nat.tags ?? {}),
    });
    return listing('NatGateways', found.map(show), input.NextToken);
  }),
};

/** Between VPCs of this account alone. */
export const ec2Gateways: Service = {
  DescribeVpcPeeringConnectionsCommand: operation(
    (input: EC2.DescribeVpcPeeringConnectionsCommandInput, { region }) => {
      const peerings = region.peerings ?? [];
      const found = filtered<(typeof peerings)[number]>(peerings, input.Filters, {
        'requester-vpc-info.vpc-id': ({ vpcIds }) => vpcIds.slice(0, 1),
        'accepter-vpc-info.vpc-id': ({ vpcIds }) => vpcIds.slice(1),
      });
      const show = ({ id, vpcIds, tags }: (typeof peerings)[number]) => ({
        VpcPeeringConnectionId: id,
        RequesterVpcInfo: { VpcId: vpcIds[0] },
        AccepterVpcInfo: { VpcId: vpcIds[1] },
        Status: { Code: 'active' },
        Tags: tagList(tags),
      });
      return listing('VpcPeeringConnections', found.map(show), input.NextToken);
    },
  ),

  DescribeInternetGatewaysCommand: operation((input: EC2.DescribeInternetGatewaysCommandInput, { region }) => {
    const show = ({ id, vpcId, tags }: NonNullable<typeof region.internetGateways>[number]) => ({
      InternetGatewayId: id,
      Attachments: vpcId === undefined ? [] : [{ VpcId: vpcId, State: 'available' }],
      Tags: tagList(tags),
    });
    return listing('InternetGateways', (region.internetGateways ?? []).map(show), input.NextToken);
  }),

  DescribeNetworkAclsCommand: operation((input: EC2.DescribeNetworkAclsCommandInput, { region }) => {
    const acls = partsIn(region, 'network ACL', input.Filters);
    const shown = acls.map(({ id, vpcId }) => ({ NetworkAclId: id, VpcId: vpcId, IsDefault: false, Tags: [] }));
    return listing('NetworkAcls', shown, input.NextToken);
  }),

  DescribeEgressOnlyInternetGatewaysCommand: operation(
    (input: EC2.DescribeEgressOnlyInternetGatewaysCommandInput, { region }) => {
      const shown = partsIn(region, 'egress-only gateway', input.Filters).map(({ id, vpcId }) => ({
        EgressOnlyInternetGatewayId: id,
        Attachments: [{ VpcId: vpcId, State: 'attached' }],
      }));
      return listing('EgressOnlyInternetGateways', shown, input.NextToken);
    },
  ),

  DescribeCarrierGatewaysCommand: operation((input: EC2.DescribeCarrierGatewaysCommandInput, { region }) => {
    const shown = partsIn(region, 'carrier gateway', input.Filters).map(({ id, vpcId }) => ({
      CarrierGatewayId: id,
      VpcId: vpcId,
      State: 'available',
    }));
    return listing('CarrierGateways', shown, input.NextToken);
  }),

  /** No account of a rehearsal has any. */
  DescribeVpcEndpointsCommand: operation(() => ({ VpcEndpoints: [] })),
  DescribeVpnGatewaysCommand: operation(() => ({ VpnGateways: [] })),
};

type VpcPart = NonNullable<RegionState['vpcParts']>[number];

function partsIn(
  { vpcParts = [] }: RegionState,
  kind: VpcPart['kind'],
  filters: EC2.Filter[] | undefined,
): readonly VpcPart[] {
  const all = vpcParts.filter((part) => part.kind === kind);
  return filtered<VpcPart>(all, filters, { 'vpc-id': ({ vpcId }) => [vpcId] });
}

function vpcMissing(id: string): AwsError {
  return new AwsError('InvalidVpcID.NotFound', `The vpc ID '${id}' does not exist`);
}

/** A participant of a shared VPC does not see its NAT gateways. */
function isOwn(vpcs: readonly VpcState[], id: string, account: string): boolean {
  const owner = vpcs.find((vpc) => vpc.id === id)?.ownerId;
  return owner === undefined || owner === account;
}

function showVpc(vpc: VpcState) {
  const CidrBlockAssociationSet = [{ CidrBlock: vpc.cidr, CidrBlockState: { State: 'associated' } }];
  return {
    VpcId: vpc.id,
    ...(vpc.ownerId === undefined ? {} : { OwnerId: vpc.ownerId }),
    CidrBlock: vpc.cidr,
    CidrBlockAssociationSet,
    State: 'available',
    IsDefault: false,
    Tags: tagList(vpc.tags),
  };
}

function showSubnet(subnet: SubnetState, free: number) {
  return {
    SubnetId: subnet.id,
    VpcId: subnet.vpcId,
    State: 'available',
    AvailabilityZone: subnet.zone,
    AvailabilityZoneId: subnet.zoneId,
    CidrBlock: subnet.cidr,
    AvailableIpAddressCount: free,
    MapPublicIpOnLaunch: subnet.mapPublicIp,
    Ipv6Native: subnet.ipv6Native ?? false,
    OwnerId: subnet.ownerId,
    OutpostArn: subnet.outpostArn,
    BlockPublicAccessStates: { InternetGatewayBlockMode: subnet.blockPublicAccess ?? 'off' },
    Tags: tagList(subnet.tags),
  };
}

function showRouteTable(table: RouteTableState) {
  const main = table.main ? [{ Main: true, RouteTableId: table.id }] : [];
  const explicit = table.subnetIds.map((SubnetId) => ({ Main: false, RouteTableId: table.id, SubnetId }));
  return {
    RouteTableId: table.id,
    VpcId: table.vpcId,
    Associations: [...main, ...explicit],
    Routes: table.routes.map(showRoute),
    Tags: tagList(table.tags ?? {}),
  };
}

/** A route names its target in the field of its kind; destinations with a colon are IPv6. */
function showRoute(route: RouteTableState['routes'][number]): EC2.Route {
  const destination = route.destination.includes(':')
    ? { DestinationIpv6CidrBlock: route.destination }
    : { DestinationCidrBlock: route.destination };
  return { ...destination, ...targetField(route.target), State: route.state };
}

function targetField(target: string): Partial<EC2.Route> {
  if (target.startsWith('nat-')) return { NatGatewayId: target };
  if (target.startsWith('tgw-')) return { TransitGatewayId: target };
  if (target.startsWith('pcx-')) return { VpcPeeringConnectionId: target };
  if (target.startsWith('eni-')) return { NetworkInterfaceId: target };
  if (target.startsWith('i-')) return { InstanceId: target };
  if (target.startsWith('eigw-')) return { EgressOnlyInternetGatewayId: target };
  return { GatewayId: target };
}
