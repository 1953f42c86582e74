/** What an account has of its quotas of networks in a region: VPCs, internet gateways, NAT gateways of a zone. */
import { DescribeInternetGatewaysCommand } from '@aws-sdk/client-ec2';
import type { AwsClients } from '../../world/aws.js';
import { listNatGateways, listSubnets, listVpcs, wholeList } from './lists.js';

/** Those that others share with the account count against theirs. */
export async function vpcsOwnedBy(aws: AwsClients, region: string, account: string): Promise<number> {
  const all = await listVpcs(aws, region);
  return all.filter(({ OwnerId }) => OwnerId === undefined || OwnerId === account).length;
}

export async function internetGateways(aws: AwsClients, region: string): Promise<number> {
  const all = await wholeList(
    region,
    'internet gateways',
    (NextToken) => aws.ec2(region).send(new DescribeInternetGatewaysCommand({ NextToken })),
    (page) => page.InternetGateways,
  );
  return all.length;
}

/** Of the one of these zones that has most; deleted ones are listed for an hour, and do not count. */
export async function natGatewaysInZone(aws: AwsClients, region: string, zones: readonly string[]): Promise<number> {
  const [gateways, subnets] = await Promise.all([listNatGateways(aws, region), listSubnets(aws, region)]);
  const zoneOf = new Map(subnets.map(({ SubnetId, AvailabilityZone }) => [SubnetId, AvailabilityZone]));
  const living = gateways.filter(({ State }) => State !== 'deleted' && State !== 'failed');
  return Math.max(0, ...zones.map((zone) => living.filter(({ SubnetId }) => zoneOf.get(SubnetId) === zone).length));
}
