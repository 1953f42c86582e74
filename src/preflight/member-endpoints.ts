/** Whether Karmada may call the public endpoints of push members that are there: some admit certain addresses only, such as a former parent's. */

import type { Cluster } from '../aws/eks.js';
import { Problem } from '../errors/problem.js';
import { clusterOf, type EksCluster, type Fleet } from '../fleet/fleet.js';
import { admits } from '../model/cidr.js';
import { clusterKey, type Network } from '../model/facts.js';
import { asWhom, placeName } from '../world/place.js';

/** One Problem a member; where the addresses of the parent's nodes are not known, none. @param from the parent's network @param clusters as EKS has them, by cluster key */
export function closedEndpoints(
  { members }: Pick<Fleet, 'members'>,
  from: Pick<Network, 'vpcId' | 'region' | 'natAddresses'>,
  clusters: ReadonlyMap<string, Pick<Cluster, 'resourcesVpcConfig'> | undefined>,
): readonly Problem[] {
  return members.flatMap((member) => {
    const cluster = clusterOf(member);
    const found = cluster && clusters.get(clusterKey(cluster))?.resourcesVpcConfig;
    if (member.mode !== 'push' || cluster === undefined || found === undefined) return [];
    const { vpcId, endpointPublicAccess, endpointPrivateAccess, publicAccessCidrs = [] } = found;
    const isInside = vpcId === from.vpcId && cluster.region === from.region;
    if ((isInside && endpointPrivateAccess === true) || endpointPublicAccess !== true) return [];
    const shutOut = from.natAddresses.filter((address) => !admits(publicAccessCidrs, address));
    return shutOut.length === 0 ? [] : [closed(cluster, publicAccessCidrs, shutOut)];
  });
}

function closed({ cluster, ...place }: EksCluster, admitted: readonly string[], shutOut: readonly string[]): Problem {
  const all = [...admitted, ...shutOut.map((address) => `${address}/32`)].join(',');
  return new Problem('cluster-unreachable', {
    what: `Karmada cannot reach the API of EKS cluster ${cluster} in ${placeName(place)}: it does not admit ${shutOut.join(', ')}`,
    why: `its public endpoint admits ${admitted.join(', ')}`,
    next: [
      `let it in: aws eks update-cluster-config --name ${cluster} --region ${place.region} --resources-vpc-config publicAccessCidrs=${all}${asWhom(place)}`,
      'then run the same command again',
    ],
  });
}
