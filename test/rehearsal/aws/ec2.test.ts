/** The simulated EC2: pages, filters, routes, errors. */
import {
  DeleteVolumeCommand,
  DescribeAvailabilityZonesCommand,
  DescribeImagesCommand,
  DescribeInstanceTypeOfferingsCommand,
  DescribeNatGatewaysCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRouteTablesCommand,
  DescribeSubnetsCommand,
  DescribeVolumesCommand,
  DescribeVpcAttributeCommand,
  DescribeVpcsCommand,
} from '@aws-sdk/client-ec2';
import { expect, it } from 'vitest';
import { addBareVpc, addLocalZone, addNat, addRouteTable, addSubnet, addVpc } from '../../../src/rehearsal/vpcs.js';
import { region, rig } from '../rig.js';

it('lists in pages of five', async () => {
  const ec2 = rig().world.aws.ec2(region);
  const first = await ec2.send(new DescribeSubnetsCommand({}));
  expect(first.Subnets).toHaveLength(5);
  const second = await ec2.send(new DescribeSubnetsCommand({ NextToken: first.NextToken }));
  expect(second.Subnets).toHaveLength(1);
  expect(second.NextToken).toBeUndefined();
});

it('finds VPCs by name, with wildcards, and by id', async () => {
  const { world, account, vpc } = rig();
  addVpc(account, { region, name: 'maintenance' });
  const ec2 = world.aws.ec2(region);
  const named = async (value: string): Promise<number | undefined> =>
    (await ec2.send(new DescribeVpcsCommand({ Filters: [{ Name: 'tag:Name', Values: [value] }] }))).Vpcs?.length;
  expect([await named('main'), await named('main*'), await named('mai?'), await named('none')]).toEqual([1, 2, 1, 0]);
  expect((await ec2.send(new DescribeVpcsCommand({ VpcIds: [vpc.vpc.id] }))).Vpcs?.[0]?.VpcId).toBe(vpc.vpc.id);
  await expect(ec2.send(new DescribeVpcsCommand({ VpcIds: ['vpc-0'] }))).rejects.toMatchObject({
    name: 'InvalidVpcID.NotFound',
  });
});

it('shows routes by the kind of their target', async () => {
  const { world, account, vpc } = rig();
  addRouteTable(account, region, vpc.vpc.id, { defaultTarget: 'tgw-1', blackhole: true });
  const filter = { Filters: [{ Name: 'vpc-id', Values: [vpc.vpc.id] }] };
  const { RouteTables } = await world.aws.ec2(region).send(new DescribeRouteTablesCommand(filter));
  const defaults = RouteTables?.map((table) =>
    table.Routes?.find((route) => route.DestinationCidrBlock === '0.0.0.0/0'),
  );
  expect(defaults).toEqual([
    undefined,
    expect.objectContaining({ GatewayId: expect.stringMatching(/^igw-/), State: 'active' }),
    expect.objectContaining({ NatGatewayId: expect.stringMatching(/^nat-/), State: 'active' }),
    expect.objectContaining({ TransitGatewayId: 'tgw-1', State: 'blackhole' }),
  ]);
  expect(RouteTables?.[0]?.Associations).toEqual([expect.objectContaining({ Main: true })]);
});

it('shows local zones only when asked for all', async () => {
  const { world, account } = rig();
  addLocalZone(account, region, 'us-west-2-lax-1a');
  const ec2 = world.aws.ec2(region);
  const zones = async (AllAvailabilityZones: boolean): Promise<number | undefined> =>
    (await ec2.send(new DescribeAvailabilityZonesCommand({ AllAvailabilityZones }))).AvailabilityZones?.length;
  expect([await zones(false), await zones(true)]).toEqual([3, 4]);
});

it('answers the rest of what discovery asks', async () => {
  const { world, vpc } = rig();
  const ec2 = world.aws.ec2(region);
  const VpcId = vpc.vpc.id;
  const dns = await ec2.send(new DescribeVpcAttributeCommand({ VpcId, Attribute: 'enableDnsHostnames' }));
  expect(dns.EnableDnsHostnames?.Value).toBe(true);
  const nat = await ec2.send(new DescribeNatGatewaysCommand({ Filter: [{ Name: 'vpc-id', Values: [VpcId] }] }));
  expect(nat.NatGateways).toHaveLength(1);
  const offers = await ec2.send(
    new DescribeInstanceTypeOfferingsCommand({
      LocationType: 'availability-zone',
      Filters: [{ Name: 'instance-type', Values: ['m5.large'] }],
    }),
  );
  expect(offers.InstanceTypeOfferings?.map((offer) => offer.Location)).toEqual([
    'us-west-2a',
    'us-west-2b',
    'us-west-2c',
  ]);
});

it('finds the addresses of a network load balancer by the description of its interfaces', async () => {
  const { world, account, vpc } = rig();
  account.region(region).networkInterfaces.push({
    id: 'eni-1',
    subnetId: 'subnet-1',
    vpcId: vpc.vpc.id,
    zone: 'us-west-2a',
    description: 'ELB net/a0123/89ab',
    publicIp: '203.0.113.9',
    privateIp: '10.0.0.9',
    loadBalancer: 'a0123',
  });
  const Filters = [{ Name: 'description', Values: ['ELB net/a0123/*'] }];
  const answer = await world.aws.ec2(region).send(new DescribeNetworkInterfacesCommand({ Filters }));
  expect(answer.NetworkInterfaces?.map((eni) => eni.Association?.PublicIp)).toEqual(['203.0.113.9']);
});

it('finds volumes by tag and deletes them once', async () => {
  const { world, account } = rig();
  const tags = { 'kubernetes.io/cluster/demo': 'owned' };
  const volume = { id: 'vol-1', sizeGiB: 5, zone: 'us-west-2a', encrypted: true, createdAt: account.now(), tags };
  account.region(region).volumes.push(volume, { ...volume, id: 'vol-2', tags: {} });
  const ec2 = world.aws.ec2(region);
  const Filters = [{ Name: 'tag-key', Values: ['kubernetes.io/cluster/*'] }];
  const { Volumes } = await ec2.send(new DescribeVolumesCommand({ Filters }));
  expect(Volumes?.map((found) => found.VolumeId)).toEqual(['vol-1']);
  await ec2.send(new DeleteVolumeCommand({ VolumeId: 'vol-1' }));
  await expect(ec2.send(new DeleteVolumeCommand({ VolumeId: 'vol-1' }))).rejects.toMatchObject({
    name: 'InvalidVolume.NotFound',
  });
});

it('does not guess: unknown commands and filters are refused', async () => {
  const ec2 = rig().world.aws.ec2(region);
  const unmodelled = { code: 'rehearsal-unmodelled' };
  await expect(ec2.send(new DescribeImagesCommand({}))).rejects.toMatchObject(unmodelled);
  const Filters = [{ Name: 'colour', Values: ['red'] }];
  await expect(ec2.send(new DescribeVpcsCommand({ Filters }))).rejects.toMatchObject(unmodelled);
});

it('shows layouts that a user may have made by hand', async () => {
  const { account, world } = rig();
  const vpc = addBareVpc(account, region, 'odd', 9);
  const zone = 'us-west-2a';
  const plain = addSubnet(account, region, vpc, {
    zone,
    third: 1,
    freeAddresses: 3,
    blockPublicAccess: 'block-ingress',
  });
  addSubnet(account, region, vpc, { zone, third: 2, outpostArn: 'arn:aws:outposts:us-west-2:1:outpost/op-1' });
  addSubnet(account, region, vpc, { zone, third: 3, ipv6Native: true });
  const nat = addNat(account, region, plain);
  const ec2 = world.aws.ec2(region);
  const Filters = [{ Name: 'vpc-id', Values: [vpc.id] }];
  const { Subnets } = await ec2.send(new DescribeSubnetsCommand({ Filters }));
  expect(Subnets).toMatchObject([
    { AvailableIpAddressCount: 3, BlockPublicAccessStates: { InternetGatewayBlockMode: 'block-ingress' } },
    { OutpostArn: 'arn:aws:outposts:us-west-2:1:outpost/op-1' },
    { Ipv6Native: true },
  ]);
  const gateways = await ec2.send(new DescribeNatGatewaysCommand({ Filter: Filters }));
  expect(gateways.NatGateways?.map((gateway) => gateway.NatGatewayId)).toEqual([nat]);
});
