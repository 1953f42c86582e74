/** The ClusterConfig of a cluster of the fleet, which eksctl receives: built in one place. */

import { defaults } from '../../fleet/defaults.js';
import { ebsAddon } from '../../fleet/ebs-driver.js';
import { adminsOf, type ClusterRole, type FleetMemberCluster } from '../../fleet/fleet.js';
import { fleetTag, nameTag, roleTag } from '../../fleet/names.js';
import { type ConfigPatch, patched, patchPaths } from '../../fleet/settings/config-patch.js';
import { nodeFormOf } from '../../fleet/settings/node-form.js';
import { volumeKeyOf } from '../../fleet/settings/volume-keys.js';
import { type ClassifiedSubnet, type Network, networkOf } from '../../model/facts.js';
import { privateAccessTo } from '../../preflight/endpoints/private-endpoints.js';
import { zonesOfNodes } from '../../preflight/network/node-zones.js';
import { publicAccessTo } from '../../preflight/public-access.js';
import { regionsTag } from '../../state/find-fleet.js';
import type { AddonConfig, ClusterConfig } from '../../tools/eksctl/cluster-config.js';
import { ebsAccount } from '../../tools/eksctl/commands.js';
import type { CreateContext, FleetContext } from '../context.js';
import { ebsRole, ebsRoleArn, needsOwnRole } from './addons/ebs-role.js';
import { regionsOf } from './regions-tag.js';

/** Add-ons that nodes need before they can become Ready. */
export const nodeAddons: readonly string[] = ['vpc-cni', 'kube-proxy'];

/**
 * eksctl makes it by itself, unwaited for, with every new cluster in the commercial partition, and with no other (eksctl 0.230.0,
 * pkg/apis/eksctl.io/v1alpha5/known_addons.go). So it must only be there.
 */
export const metricsServer = 'metrics-server';

/** The add-ons that a cluster is to have: those that eksctl is told, and the one that it makes by itself. */
export function wantedAddons(
  { caller }: Pick<FleetContext, 'caller'>,
  { role }: Pick<FleetMemberCluster, 'role'>,
): readonly AddonConfig[] {
  return [...addonsOf(role), ...(caller.partition === 'aws' ? [{ name: metricsServer }] : [])];
}

/** All add-ons that eksctl is told; only the parent has volumes, for Karmada's etcd. */
export function addonsOf(role: ClusterRole): readonly AddonConfig[] {
  const base: readonly AddonConfig[] = [...nodeAddons.map((name) => ({ name })), { name: 'coredns' }];
  return role === 'parent' ? [...base, { name: ebsAddon, wellKnownPolicies: { ebsCSIController: true } }] : base;
}

/** Those whose pods call AWS, by a role that eksctl makes for them. */
const addonsWithRole: readonly string[] = ['vpc-cni', ebsAddon];

/** By itself eksctl gives the add-on that it adds no tags. */
function toldAddons(context: CreateContext, cluster: FleetMemberCluster): readonly AddonConfig[] {
  const isTagged = Object.keys(context.fleet.tags).length > 0;
  return asAsked(context, cluster, isTagged ? wantedAddons(context, cluster) : addonsOf(cluster.role));
}

/** Tags and boundary of a cluster do not come to its add-ons (eksctl 0.230.0, pkg/actions/addon/create.go). */
function asAsked(
  context: CreateContext,
  cluster: FleetMemberCluster,
  addons: readonly AddonConfig[],
): readonly AddonConfig[] {
  const { tags } = context.fleet;
  return addons.map((addon) => ({
    ...(addon.name === ebsAddon && needsOwnRole(context, cluster)
      ? { name: ebsAddon, serviceAccountRoleARN: ebsRoleArn(context, cluster) }
      : { ...addon, ...(addonsWithRole.includes(addon.name) ? bounded(context, 'permissionsBoundary') : {}) }),
    ...(Object.keys(tags).length === 0 ? {} : { tags }),
  }));
}

/** The boundary of a role, under the name that it has there; nothing where none is asked for. */
function bounded<Field extends string>(
  { fleet: { permissionsBoundary } }: Pick<FleetContext, 'fleet'>,
  field: Field,
): { readonly [Each in Field]?: string } {
  return permissionsBoundary === undefined ? {} : ({ [field]: permissionsBoundary } as Record<Field, string>);
}

/** The tags of everything that belongs to a cluster of the fleet. */
function tagsOf(context: FleetContext, role: ClusterRole): Readonly<Record<string, string>> {
  const { id, name, tags } = context.fleet;
  return { ...tags, [fleetTag]: id, [nameTag]: name, [roleTag]: role, [regionsTag]: regionsOf(context).join(' ') };
}

/** What `eksctl create cluster` is given. */
export function clusterConfig(context: CreateContext, cluster: FleetMemberCluster): ClusterConfig {
  return withPatches(context, cluster, plainConfig(context, cluster));
}

function plainConfig(context: CreateContext, cluster: FleetMemberCluster): ClusterConfig {
  const network = networkOf(context.facts, cluster);
  const publicAccessCIDRs = publicAccessTo(context.fleet, cluster, context.facts.networks);
  const enableTypes = context.fleet.controlPlaneLogs;
  return {
    ...header(context, cluster, context.facts.kubernetesVersion),
    iam: {
      withOIDC: true,
      ...bounded(context, 'serviceRolePermissionsBoundary'),
      ...(needsOwnRole(context, cluster) ? { serviceAccounts: [ebsAccount(ebsRole(context, cluster))] } : {}),
    },
    // Stated because a coming release of eksctl turns Auto Mode on by default (eksctl, auto-mode.md).
    autoModeConfig: { enabled: false },
    // Without this a cluster moves into extended support, at six times the price (EKS, UpgradePolicy).
    upgradePolicy: { supportType: 'STANDARD' },
    accessConfig: {
      authenticationMode: 'API_AND_CONFIG_MAP',
      bootstrapClusterCreatorAdminPermissions: true,
      ...(adminsOf(context.fleet, cluster).length > 0 ? { accessEntries: accessEntries(context) } : {}),
    },
    vpc: {
      ...vpcOf(network),
      clusterEndpoints: { publicAccess: !context.fleet.privateEndpoints, privateAccess: true },
      // In the VPC the endpoint's name leads to private addresses: for Karmada and for whoever works in this VPC too.
      extraCIDRs: privateAccessTo(context.fleet, cluster, context.facts.networks),
      ...(publicAccessCIDRs.length > 0 ? { publicAccessCIDRs } : {}),
    },
    ...(enableTypes.length > 0 ? { cloudWatch: { clusterLogging: { enableTypes } } } : {}),
    addons: toldAddons(context, cluster),
    managedNodeGroups: [nodeGroup(context, cluster, network, [])],
  };
}

/** What sets more than the fleet does, the fleet's patch first. */
export function patchesOf({ fleet }: Pick<FleetContext, 'fleet'>, cluster: FleetMemberCluster): readonly ConfigPatch[] {
  return [fleet.clusterConfigPatch, cluster.clusterConfigPatch].filter((patch) => patch !== undefined);
}

/** That what we write stays as it is was checked when the patches were read; what eksctl makes of the rest it tells itself. */
function withPatches(context: FleetContext, cluster: FleetMemberCluster, config: ClusterConfig): ClusterConfig {
  const plain: ConfigPatch = { ...config };
  return patchesOf(context, cluster).reduce(patched, plain) as unknown as ClusterConfig;
}

/** The parts that an existing cluster lacks. */
interface MissingParts {
  /** Nodes, and the zones to which volumes of the cluster are bound. */
  readonly nodes?: { readonly boundZones: readonly string[] };
  readonly addons?: readonly string[];
  readonly admins?: true;
}

/** What eksctl is given to add a node group, add-ons or access entries to an existing cluster. */
export function partialConfig(
  context: CreateContext,
  cluster: FleetMemberCluster,
  version: string,
  part: MissingParts,
): ClusterConfig {
  const network = networkOf(context.facts, cluster);
  const groupIn = (boundZones: readonly string[]): Pick<ClusterConfig, 'vpc' | 'managedNodeGroups'> => ({
    vpc: vpcOf(network),
    managedNodeGroups: [nodeGroup(context, cluster, network, boundZones)],
  });
  const config: ClusterConfig = {
    ...header(context, cluster, version),
    ...(part.nodes ? groupIn(part.nodes.boundZones) : {}),
    ...(part.addons
      ? {
          addons: asAsked(context, cluster, wantedAddons(context, cluster)).filter(({ name }) =>
            part.addons?.includes(name),
          ),
        }
      : {}),
    ...(part.admins ? { accessConfig: { accessEntries: accessEntries(context) } } : {}),
  };
  // All else a cluster has since it was created.
  const { managedNodeGroups, addons } = withPatches(context, cluster, config);
  return { ...config, ...(managedNodeGroups && { managedNodeGroups }), ...(addons && { addons }) };
}

function header(
  context: FleetContext,
  cluster: FleetMemberCluster,
  version: string,
): Pick<ClusterConfig, 'apiVersion' | 'kind' | 'metadata'> {
  const tags = tagsOf(context, cluster.role);
  const metadata = { name: cluster.cluster, region: cluster.region, version, tags };
  return { apiVersion: 'eksctl.io/v1alpha5', kind: 'ClusterConfig', metadata };
}

function nodeGroup(
  context: FleetContext,
  cluster: FleetMemberCluster,
  network: Network,
  boundZones: readonly string[],
): NonNullable<ClusterConfig['managedNodeGroups']>[number] {
  const { nodes, instanceTypes } = context.fleet;
  const { amiFamily = 'AmazonLinux2023', volumeSize, spot } = nodeFormOf(context.fleet, cluster);
  const volumeKmsKeyID = volumeKeyOf(context.fleet, cluster);
  const availabilityZones = zonesOfNodes(context.fleet, cluster, network, boundZones);
  return {
    name: defaults.nodeGroup,
    amiFamily,
    ...(instanceTypes.length === 1 ? { instanceType: instanceTypes[0] ?? '' } : { instanceTypes }),
    ...(spot ? { spot } : {}),
    instancePrefix: defaults.instancePrefix,
    desiredCapacity: nodes,
    minSize: nodes,
    maxSize: nodes,
    privateNetworking: network.nodesArePrivate,
    ...(cluster.role === 'parent' ? { availabilityZones } : {}),
    ...(volumeSize === undefined ? {} : { volumeSize }),
    volumeEncrypted: true,
    ...(volumeKmsKeyID === undefined ? {} : { volumeKmsKeyID }),
    disablePodIMDS: true,
    nodeRepairConfig: { enabled: true },
    ...(context.fleet.permissionsBoundary === undefined
      ? {}
      : { iam: bounded(context, 'instanceRolePermissionsBoundary') }),
    tags: tagsOf(context, cluster.role),
  };
}

/** eksctl wants either no subnets of a kind or at least two (eksctl 0.230.0, HasSufficientSubnets). */
function vpcOf(network: Network): NonNullable<ClusterConfig['vpc']> {
  const byZone = (subnets: readonly ClassifiedSubnet[]) =>
    Object.fromEntries(subnets.map(({ zone, id }) => [zone, { id }]));
  return {
    id: network.vpcId,
    subnets: {
      ...(network.private.length >= 2 ? { private: byZone(network.private) } : {}),
      ...(network.public.length >= 2 ? { public: byZone(network.public) } : {}),
    },
  };
}

function accessEntries(
  context: FleetContext,
): NonNullable<NonNullable<ClusterConfig['accessConfig']>['accessEntries']> {
  const policyARN = `arn:${context.caller.partition}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy`;
  return context.fleet.admins.map((principalARN) => ({
    principalARN,
    accessPolicies: [{ policyARN, accessScope: { type: 'cluster' } }],
  }));
}

/** Who may reach a new cluster's endpoint, who is its administrator and what it logs, for people; nothing for what is the default. */
export function accessSummary(context: CreateContext, cluster: FleetMemberCluster): readonly string[] {
  const cidrs = publicAccessTo(context.fleet, cluster, context.facts.networks);
  const { controlPlaneLogs: logs, privateEndpoints } = context.fleet;
  const inside = privateAccessTo(context.fleet, cluster, context.facts.networks);
  const admins = adminsOf(context.fleet, cluster);
  return [
    ...(privateEndpoints ? [`private endpoint only, open to ${inside.join(', ')}`] : []),
    ...(cidrs.length === 0 ? [] : [`public endpoint restricted to ${cidrs.join(', ')}`]),
    ...(admins.length === 0 ? [] : [`administrators ${admins.join(', ')}, and whoever creates it`]),
    ...(logs.length === 0 ? [] : [`control-plane logs ${logs.join(', ')}`]),
  ];
}

/** Where the nodes of a cluster will lie, for people. */
export function networkSummary(context: CreateContext, cluster: FleetMemberCluster): string {
  const network = networkOf(context.facts, cluster);
  const zones = zonesOfNodes(context.fleet, cluster, network, []).join(', ');
  return `${network.nodesArePrivate ? 'private' : 'public'} subnets of ${network.vpcId} in ${zones}`;
}

/** What the patches set, without any value: it may be a secret. */
export function patchSummary(context: FleetContext, cluster: FleetMemberCluster): readonly string[] {
  const paths = patchesOf(context, cluster).flatMap(patchPaths);
  return paths.length === 0 ? [] : [`ClusterConfig patched: ${[...new Set(paths)].join(', ')}`];
}
