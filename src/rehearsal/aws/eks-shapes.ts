/** Clusters, node groups and add-ons as EKS describes them. */
import { amiTypeOf } from '../account/images.js';
import type { AddonState, ClusterState, NodeGroupState, RegionState } from '../state.js';

/** A cluster that is still being made has no endpoint, issuer or certificate yet. */
export function showCluster(cluster: ClusterState, region: RegionState) {
  const group = region.securityGroups.find((candidate) => candidate.tags['aws:eks:cluster-name'] === cluster.name);
  const made =
    cluster.status === 'CREATING' || cluster.status === 'FAILED'
      ? {}
      : {
          endpoint: cluster.endpoint,
          identity: { oidc: { issuer: cluster.oidcIssuer } },
          certificateAuthority: { data: Buffer.from(`certificate authority of ${cluster.arn}`).toString('base64') },
        };
  return {
    ...made,
    name: cluster.name,
    arn: cluster.arn,
    version: cluster.version,
    status: cluster.status,
    createdAt: new Date(cluster.createdAt),
    platformVersion: 'eks.1',
    roleArn: cluster.roleArn,
    tags: { ...cluster.tags },
    resourcesVpcConfig: {
      vpcId: cluster.vpcId,
      subnetIds: [...cluster.subnetIds],
      securityGroupIds: region.securityGroups.flatMap(({ id, name }) =>
        name.startsWith(`eksctl-${cluster.name}-cluster-ControlPlaneSecurityGroup-`) ? [id] : [],
      ),
      clusterSecurityGroupId: group?.id,
      endpointPublicAccess: cluster.privateOnly !== true,
      endpointPrivateAccess: cluster.privateOnly === true || cluster.privateAccessCidrs !== undefined,
      publicAccessCidrs: [...(cluster.publicAccessCidrs ?? ['0.0.0.0/0'])],
    },
    kubernetesNetworkConfig: {
      ...(cluster.ipFamily === 'ipv6' ? { serviceIpv6Cidr: 'fd00::/108' } : { serviceIpv4Cidr: '10.100.0.0/16' }),
      ipFamily: cluster.ipFamily ?? 'ipv4',
      elasticLoadBalancing: { enabled: cluster.autoMode ?? false },
    },
    computeConfig: { enabled: cluster.autoMode ?? false },
    storageConfig: { blockStorage: { enabled: cluster.autoMode ?? false } },
    accessConfig: { authenticationMode: cluster.authenticationMode },
    logging: {
      clusterLogging: (cluster.logs ?? []).length === 0 ? [] : [{ types: [...(cluster.logs ?? [])], enabled: true }],
    },
    ...(cluster.secretsKey === undefined
      ? {}
      : { encryptionConfig: [{ resources: ['secrets'], provider: { keyArn: cluster.secretsKey } }] }),
    upgradePolicy: { supportType: cluster.supportType },
    health: { issues: [] },
    deletionProtection: false,
  };
}

export function showNodeGroup(cluster: ClusterState, group: NodeGroupState, arn: string) {
  return {
    nodegroupName: group.name,
    nodegroupArn: arn,
    clusterName: cluster.name,
    version: cluster.version,
    status: group.status,
    capacityType: group.spot ? 'SPOT' : 'ON_DEMAND',
    amiType: amiTypeOf(group),
    ...(group.launchTemplate === undefined
      ? { diskSize: group.volumeGib ?? 20 }
      : { launchTemplate: { id: group.launchTemplate, version: '1' } }),
    instanceTypes: [group.instanceType, ...(group.otherTypes ?? [])],
    scalingConfig: {
      minSize: group.limits?.least ?? group.size,
      maxSize: group.limits?.most ?? group.size,
      desiredSize: group.size,
    },
    subnets: [...group.subnetIds],
    nodeRepairConfig: { enabled: group.repairs ?? false },
    tags: { ...group.tags },
    health: { issues: group.issues.map((issue) => ({ ...issue, resourceIds: [...group.subnetIds] })) },
  };
}

export function showAddon(cluster: ClusterState, addon: AddonState, arn: string) {
  return {
    addonName: addon.name,
    addonArn: arn,
    clusterName: cluster.name,
    status: addon.status,
    addonVersion: 'v1.0.0-eksbuild.1',
    health: { issues: addon.issues.map((issue) => ({ ...issue, resourceIds: [] })) },
    tags: { ...addon.tags },
    podIdentityAssociations:
      addon.podIdentityRoleArn === undefined ? [] : [`${arn.replace(':addon/', ':podidentityassociation/')}/a`],
    ...(addon.serviceAccountRoleArn === undefined ? {} : { serviceAccountRoleArn: addon.serviceAccountRoleArn }),
  };
}
