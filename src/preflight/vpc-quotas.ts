/** Whether the account's quotas leave room for the VPC that the fleet is to make. */
import { elasticIps } from '../aws/ec2/capacity.js';
import { internetGateways, natGatewaysInZone, vpcsOwnedBy } from '../aws/ec2/network-capacity.js';
import type { Clients } from '../clients/clients.js';
import type { Fleet } from '../fleet/fleet.js';
import type { Network } from '../model/facts.js';
import { findOwnVpc } from '../ownership/own-vpc.js';
import { ownRegion } from '../world/place.js';
import { checkCount, type QuotaCheck, readable } from './quotas.js';

/** Codes and services as AWS Service Quotas names them; each is 5 for an account that never asked for more. */
const quotas = {
  vpcs: { service: 'vpc', code: 'L-F678F1CE' },
  internetGateways: { service: 'vpc', code: 'L-A4707A72' },
  natGateways: { service: 'vpc', code: 'L-FE5A380F' },
  elasticIps: { service: 'ec2', code: 'L-0263D0A3' },
} as const;

/** Nothing for a VPC that is there, or half there: what there is of it counts already. */
export async function checkVpcQuotas(
  clients: Clients,
  fleet: Fleet,
  network: Network | undefined,
  account: string,
): Promise<readonly QuotaCheck[]> {
  if (network?.planned === undefined) return [];
  const found = await findOwnVpc(clients, fleet, fleet.parent);
  if (found !== undefined && found.stack.StackStatus !== 'ROLLBACK_COMPLETE') return [];
  const { aws } = clients.world;
  const { region, planned, allNatAddresses } = network;
  const gateways = allNatAddresses.length;
  const zones = planned.slice(0, gateways);
  const count = { place: ownRegion(region), more: 1 };
  return await Promise.all([
    readable('quota-vpcs', region, () =>
      checkCount(clients, {
        ...count,
        quota: quotas.vpcs,
        things: 'VPCs',
        used: () => vpcsOwnedBy(aws, region, account),
      }),
    ),
    readable('quota-igw', region, () =>
      checkCount(clients, {
        ...count,
        quota: quotas.internetGateways,
        things: 'internet gateways',
        used: () => internetGateways(aws, region),
      }),
    ),
    readable('quota-nat', region, () =>
      checkCount(clients, {
        ...count,
        quota: quotas.natGateways,
        things: `NAT gateways of ${zones.length === 1 ? zones[0] : 'a zone'}`,
        used: () => natGatewaysInZone(aws, region, zones),
      }),
    ),
    readable('quota-addresses', region, () =>
      checkCount(clients, {
        ...count,
        more: gateways,
        quota: quotas.elasticIps,
        things: 'Elastic IPs',
        used: () => elasticIps(aws, region),
      }),
    ),
  ]);
}
