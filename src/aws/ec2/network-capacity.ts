/** What an account has of its quotas of networks in a region: VPCs, internet gateways, NAT gateways of a zone. */
import {
  DescribeInternetGatewaysCommand,
  DescribeNatGatewaysCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
} from '@aws-sdk/client-ec2';
import type { AwsClients } from '../../world/aws.js';
import { answerOf } from '../call.js';
import { allPages } from '../pages.js';

/** Those that others share with the account count against theirs. */
export async function vpcsOwnedBy(aws: AwsClients, region: string, account: string): Promise<number> {
  const all = await allPages(async (NextToken) => {
    const command = new DescribeVpcsCommand({ NextToken });
    const page = await answerOf(`listing VPCs in ${region}`, aws.ec2(region).send(command));
    return { items: page.Vpcs ?? [], next: page.NextToken };
  });
  return all.filter(({ OwnerId }) => OwnerId === undefined || OwnerId === account).length;
}

export async function internetGateways(aws: AwsClients, region: string): Promise<number> {
  const all = await allPages(async (NextToken) => {
    const command = new DescribeInternetGatewaysCommand({ NextToken });
    const page = await answerOf(`listing internet gateways in ${region}`, aws.ec2(region).send(command));
    return { items: page.InternetGateways ?? [], next: page.NextToken };
  });
  return all.length;
}

/** Of the one of these zones that has most; deleted ones are listed for an hour, and do not count. */
export async function natGatewaysInZone(aws: AwsClients, region: string, zones: readonly string[]): Promise<number> {
  const gateways = await allPages(async (NextToken) => {
    const command = new DescribeNatGatewaysCommand({ NextToken });
    const page = await answerOf(`listing NAT gateways in ${region}`, aws.ec2(region).send(command));
    return { items: page.NatGateways ?? [], next: page.NextToken };
  });
  const subnets = await allPages(async (NextToken) => {
    const command = new DescribeSubnetsCommand({ NextToken });
    const page = await answerOf(`listing subnets in ${region}`, aws.ec2(region).send(command));
    return { items: page.Subnets ?? [], next: page.NextToken };
  });
  const zoneOf = new Map(subnets.map(({ SubnetId, AvailabilityZone }) => [SubnetId, AvailabilityZone]));
  const living = gateways.filter(({ State }) => State !== 'deleted' && State !== 'failed');
  return Math.max(0, ...zones.map((zone) => living.filter(({ SubnetId }) => zoneOf.get(SubnetId) === zone).length));
}
