/** The VPCs of members that existed before the fleet, which only EKS knows. */
import pMap from 'p-map';
import type { Clients } from '../clients/clients.js';
import type { Fleet, Member } from '../fleet/fleet.js';

/**
 * The fleet with, for each member that was there before, the VPC of its cluster. One that EKS does not know is left as it
 * is: it is refused with everything else that stands in the way.
 */
export async function withExistingVpcs(clients: Pick<Clients, 'eks' | 'concurrency'>, fleet: Fleet): Promise<Fleet> {
  const { concurrency } = clients;
  const located = async (member: Member): Promise<Member> => {
    if (member.kind !== 'eks' || !member.existing) return member;
    const found = await clients.eks(member).cluster(member.cluster);
    return { ...member, vpc: found?.resourcesVpcConfig?.vpcId ?? member.vpc };
  };
  return { ...fleet, members: await pMap(fleet.members, located, { concurrency }) };
}
