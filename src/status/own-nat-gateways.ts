/** The NAT gateways of the VPC that the fleet made for itself. */
import type { Clients } from '../clients/clients.js';
import type { Fleet } from '../fleet/fleet.js';
import { findOwnVpc } from '../ownership/own-vpc.js';

/** How many of them cost: 0 where the VPC is others', or not complete. */
export async function ownNatGateways(clients: Clients, fleet: Fleet): Promise<number> {
  if (fleet.ownVpc === undefined) return 0;
  const found = await findOwnVpc(clients, fleet, fleet.parent);
  if (found?.vpcId === undefined || found.verdict.whose !== 'ours') return 0;
  const gateways = await clients.ec2(fleet.parent).natGateways(found.vpcId);
  return gateways.filter(({ State }) => State === 'available' || State === 'pending').length;
}
