/** What the fleet's own clusters lack of the settings that new ones get: told, because `up` changes none of them. */

import type { Cluster, Nodegroup } from '../aws/eks.js';
import type { Clients } from '../clients/clients.js';
import { okUnless, warning } from '../errors/diagnostic.js';
import type { Diagnostic } from '../errors/problem.js';
import { defaults } from '../fleet/defaults.js';
import { clustersOf, type Fleet, type FleetMemberCluster } from '../fleet/fleet.js';
import { clusterKey, type Ownership } from '../model/facts.js';
import type { FoundClusters } from '../ownership/name-ownership.js';
import type { Finding } from './diagnosis.js';

/** Of clusters that are there and the fleet's. */
export async function checkNodeSettings(
  clients: Clients,
  fleet: Fleet,
  clusters: FoundClusters,
  ownership: ReadonlyMap<string, Ownership> | undefined,
): Promise<readonly Finding[]> {
  const own = clustersOf(fleet).filter((each) => ownership?.get(clusterKey(each)) === 'ours');
  const findings = own.map(async (wanted): Promise<readonly Finding[]> => {
    const found = clusters.get(clusterKey(wanted));
    if (found === undefined) return [];
    const groups = await clients.eks(wanted).nodeGroups(wanted.cluster);
    const group = groups.find(({ nodegroupName }) => nodegroupName === defaults.nodeGroup);
    const topic = { group: 'clusters', id: 'node-settings', about: wanted.cluster } as const;
    const fact = 'nodes are repaired, and reach the control plane inside the VPC';
    return okUnless(differences(wanted, found, group), fact).map((each) => ({ ...topic, ...each }));
  });
  return (await Promise.all(findings)).flat();
}

function differences(wanted: FleetMemberCluster, found: Cluster, group: Nodegroup | undefined): readonly Diagnostic[] {
  const { cluster, role } = wanted;
  const zones = group?.subnets?.length ?? 0;
  const nodes = group?.scalingConfig?.desiredSize ?? zones;
  return [
    ...(group === undefined || group.nodeRepairConfig?.enabled === true ? [] : [unrepaired(wanted)]),
    ...(role === 'parent' && zones > nodes ? [scattered(cluster, zones, nodes)] : []),
    ...(found.resourcesVpcConfig?.endpointPrivateAccess === true ? [] : [outside(wanted)]),
  ];
}

/** Changing it replaces no node (EKS API, UpdateNodegroupConfig). */
function unrepaired({ cluster, region }: FleetMemberCluster): Diagnostic {
  const where = `--cluster-name ${cluster} --region ${region} --nodegroup-name ${defaults.nodeGroup}`;
  return warning({
    what: `EKS does not replace nodes of ${cluster} that stop being Ready`,
    next: [`turn on node repair: aws eks update-nodegroup-config ${where} --node-repair-config enabled=true`],
  });
}

function scattered(cluster: string, zones: number, nodes: number): Diagnostic {
  return warning({
    what: `the ${nodes} nodes of ${cluster} may be in ${zones} zones: a replaced node in another zone cannot attach the volume of a member of etcd`,
    next: ['keep it in mind when nodes are replaced; the zones of a node group cannot be changed'],
  });
}

/** `extraCIDRs` in the ClusterConfig of new clusters does the first of these. */
function outside({ cluster, region }: FleetMemberCluster): Diagnostic {
  return warning({
    what: `what nodes of ${cluster} send to the control plane leaves the VPC`,
    why: 'its endpoint has no private access',
    next: [
      'admit the VPC’s CIDRs to port 443 of its security group eksctl-…-ControlPlaneSecurityGroup-…, or other clusters in the VPC are cut off from it',
      `then: eksctl utils update-cluster-vpc-config --cluster ${cluster} --region ${region} --private-access=true --public-access=true --approve`,
    ],
  });
}
