/** EC2's lists, each as a whole, of what passes all of these filters. */
import {
  DescribeInstancesCommand,
  DescribeNatGatewaysCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVolumesCommand,
  DescribeVpcsCommand,
  type Filter,
  type Instance,
  type NatGateway,
  type NetworkInterface,
  type SecurityGroup,
  type Subnet,
  type Volume,
  type Vpc,
} from '@aws-sdk/client-ec2';
import type { AwsClients } from '../../world/aws.js';
import { type Place, placeName } from '../../world/place.js';
import { answerOf } from '../call.js';
import { allPages } from '../pages.js';

/** A filter, where a request by id would be an error: an id that does not exist is none. */
export function where(Name: string, ...Values: readonly string[]): Filter {
  return { Name, Values: [...Values] };
}

/** All pages of a list; `things` are what it lists, for messages. @throws Problem as `answerOf` */
export async function wholeList<Page extends { readonly NextToken?: string | undefined }, T>(
  place: Place,
  things: string,
  ask: (NextToken: string | undefined) => Promise<Page>,
  itemsOf: (page: Page) => readonly T[] | undefined,
): Promise<readonly T[]> {
  return await allPages(async (NextToken) => {
    const page = await answerOf(`listing ${things} in ${placeName(place)}`, ask(NextToken));
    return { items: itemsOf(page) ?? [], next: page.NextToken };
  });
}

function some(filters: readonly Filter[]): Filter[] | undefined {
  return filters.length === 0 ? undefined : [...filters];
}

type List<T> = (aws: AwsClients, place: Place, ...filters: readonly Filter[]) => Promise<readonly T[]>;

export const listInstances: List<Instance> = (aws, place, ...filters) =>
  wholeList(
    place,
    'instances',
    (NextToken) => aws.ec2(place).send(new DescribeInstancesCommand({ Filters: some(filters), NextToken })),
    ({ Reservations = [] }) => Reservations.flatMap(({ Instances = [] }) => Instances),
  );

export const listInterfaces: List<NetworkInterface> = (aws, place, ...filters) =>
  wholeList(
    place,
    'network interfaces',
    (NextToken) => aws.ec2(place).send(new DescribeNetworkInterfacesCommand({ Filters: some(filters), NextToken })),
    ({ NetworkInterfaces }) => NetworkInterfaces,
  );

export const listNatGateways: List<NatGateway> = (aws, place, ...filters) =>
  wholeList(
    place,
    'NAT gateways',
    (NextToken) => aws.ec2(place).send(new DescribeNatGatewaysCommand({ Filter: some(filters), NextToken })),
    ({ NatGateways }) => NatGateways,
  );

export const listSecurityGroups: List<SecurityGroup> = (aws, place, ...filters) =>
  wholeList(
    place,
    'security groups',
    (NextToken) => aws.ec2(place).send(new DescribeSecurityGroupsCommand({ Filters: some(filters), NextToken })),
    ({ SecurityGroups }) => SecurityGroups,
  );

export const listSubnets: List<Subnet> = (aws, place, ...filters) =>
  wholeList(
    place,
    'subnets',
    (NextToken) => aws.ec2(place).send(new DescribeSubnetsCommand({ Filters: some(filters), NextToken })),
    ({ Subnets }) => Subnets,
  );

export const listVolumes: List<Volume> = (aws, place, ...filters) =>
  wholeList(
    place,
    'volumes',
    (NextToken) => aws.ec2(place).send(new DescribeVolumesCommand({ Filters: some(filters), NextToken })),
    ({ Volumes }) => Volumes,
  );

export const listVpcs: List<Vpc> = (aws, place, ...filters) =>
  wholeList(
    place,
    'VPCs',
    (NextToken) => aws.ec2(place).send(new DescribeVpcsCommand({ Filters: some(filters), NextToken })),
    ({ Vpcs }) => Vpcs,
  );
