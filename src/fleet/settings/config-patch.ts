/** A JSON merge patch (RFC 7396) of the ClusterConfigs of new clusters: for what eksctl takes and the fleet has no setting of its own. */

/** An object as JSON has it. Its values may be secrets, and are never shown. */
export type ConfigPatch = Readonly<Record<string, unknown>>;

const nodeGroup = 'nodes';

/** Those that eksctl is told; the last one in the parent only. */
const addons: readonly string[] = ['vpc-cni', 'kube-proxy', 'coredns', 'aws-ebs-csi-driver'];

/** Lists whose entries are merged by their names, and the names that there are. */
const named: Readonly<Record<string, readonly string[]>> = { managedNodeGroups: [nodeGroup], addons };

/**
 * What stays as the fleet has it, with what sets it instead, if anything does: `*` is any name. By it clusters are found, owned, deleted
 * and compared, or eksctl makes it once at the end of a creation, so that a run that is resumed would lack it.
 */
const ours: Readonly<Record<string, string>> = {
  apiVersion: '',
  kind: '',
  'metadata.name': '--fleet, or cluster of the member',
  'metadata.region': '--region, or region of the member',
  'metadata.version': '--kubernetes-version',
  'metadata.tags': '--tag',
  'iam.withOIDC': '',
  'iam.serviceAccounts': 'eksctl create iamserviceaccount, once the cluster is there',
  'iam.podIdentityAssociations': 'eksctl create podidentityassociation, once the cluster is there',
  'iam.serviceRolePermissionsBoundary': '--permissions-boundary',
  iamIdentityMappings: 'eksctl create iamidentitymapping, once the cluster is there',
  identityProviders: 'eksctl associate identityprovider, once the cluster is there',
  autoModeConfig: '',
  accessConfig: '--admin',
  'vpc.id': '--vpc',
  'vpc.subnets': '--subnet',
  'vpc.cidr': '',
  'vpc.ipv6Cidr': '',
  'vpc.ipv6Pool': '',
  'vpc.autoAllocateIPv6': '',
  'vpc.nat': '',
  'vpc.securityGroup': '',
  'vpc.clusterEndpoints': '--private-endpoints',
  'vpc.extraCIDRs': '--private-access-cidr',
  'vpc.publicAccessCIDRs': '--public-access-cidr',
  'kubernetesNetworkConfig.ipFamily': '',
  'cloudWatch.clusterLogging.enableTypes': '--control-plane-log',
  addonsConfig: '',
  availabilityZones: '--zones',
  localZones: '--zones',
  nodeGroups: 'eksctl create nodegroup, once the cluster is there',
  fargateProfiles: 'eksctl create fargateprofile, once the cluster is there',
  karpenter: '',
  gitops: '',
  outpost: '',
  privateCluster: '',
  capabilities: 'eksctl create capability, once the cluster is there',
  'managedNodeGroups.*.name': '',
  'managedNodeGroups.*.amiFamily': '--ami-family',
  'managedNodeGroups.*.instanceType': '--instance-type',
  'managedNodeGroups.*.instanceTypes': '--instance-type',
  'managedNodeGroups.*.instanceSelector': '--instance-type',
  'managedNodeGroups.*.instanceMarketOptions': '--spot',
  'managedNodeGroups.*.spot': '--spot',
  'managedNodeGroups.*.instancePrefix': '',
  'managedNodeGroups.*.instanceName': '',
  'managedNodeGroups.*.desiredCapacity': '--nodes',
  'managedNodeGroups.*.minSize': '--nodes',
  'managedNodeGroups.*.maxSize': '--nodes',
  'managedNodeGroups.*.privateNetworking': '',
  'managedNodeGroups.*.availabilityZones': '--zones',
  'managedNodeGroups.*.subnets': '--subnet',
  'managedNodeGroups.*.outpostARN': '',
  'managedNodeGroups.*.launchTemplate': '',
  'managedNodeGroups.*.volumeSize': '--volume-size',
  'managedNodeGroups.*.volumeEncrypted': '',
  'managedNodeGroups.*.volumeKmsKeyID': '--kms-key',
  'managedNodeGroups.*.nodeRepairConfig.enabled': '',
  'managedNodeGroups.*.taints': '',
  'managedNodeGroups.*.tags': '--tag',
  'managedNodeGroups.*.iam.instanceRolePermissionsBoundary': '--permissions-boundary',
  'addons.*.name': '',
  'addons.*.wellKnownPolicies': '',
  'addons.*.attachPolicy': '',
  'addons.*.attachPolicyARNs': '',
  'addons.*.serviceAccountRoleARN': '',
  'addons.*.podIdentityAssociations': '',
  'addons.*.useDefaultPodIdentityAssociations': '',
  'addons.*.permissionsBoundary': '--permissions-boundary',
  'addons.*.tags': '--tag',
};

/** All that is wrong with a patch, one line each; no value of it is told. */
export function wrongPatch(patch: ConfigPatch): readonly string[] {
  return [...wrongNames(patch), ...Object.entries(byName(patch)).flatMap(([key, value]) => wrongAt([key], value))];
}

function wrongNames(patch: ConfigPatch): readonly string[] {
  return Object.entries(named).flatMap(([list, names]) => {
    const entries = patch[list];
    if (entries === undefined) return [];
    if (!Array.isArray(entries) || !entries.every(isObject)) return [`${list}: expected a list of entries with fields`];
    const given = entries.map((entry) => nameIn(list, entry));
    const others = given.filter((name) => name === undefined || !names.includes(name));
    const twice = given.some((name, index) => given.indexOf(name) !== index);
    return [
      ...(others.length === 0
        ? []
        : [`${list}: expected the name ${names.join(', ')}; add others once the cluster is there`]),
      ...(twice ? [`${list}: expected each name once`] : []),
    ];
  });
}

function wrongAt(path: readonly string[], value: unknown): readonly string[] {
  const found = Object.entries(ours).find(([own]) => matches(own.split('.'), path));
  if (found !== undefined) {
    const [, instead] = found;
    return [`${path.join('.')} is the fleet’s${instead === '' ? '' : `; use ${instead}`}`];
  }
  if (isObject(value)) return Object.entries(value).flatMap(([key, inner]) => wrongAt([...path, key], inner));
  const below = Object.keys(ours).find((own) => matches(own.split('.').slice(0, path.length), path));
  return below === undefined ? [] : [`${path.join('.')}: expected fields, because ${below} in it is the fleet’s`];
}

function matches(pattern: readonly string[], path: readonly string[]): boolean {
  return pattern.length === path.length && pattern.every((part, index) => part === '*' || part === path[index]);
}

/** With what is named by its name in place of lists; what is no such list stays, for `wrongNames` to refuse. */
function byName(patch: ConfigPatch): ConfigPatch {
  const entries = Object.entries(patch).map(([key, value]): [string, unknown] => {
    if (!(key in named) || !Array.isArray(value)) return [key, value];
    const objects = value.filter(isObject).map((entry) => {
      const { name: _, ...fields } = entry;
      return [nameIn(key, entry) ?? '', fields] as const;
    });
    return [key, Object.fromEntries(objects)];
  });
  return Object.fromEntries(entries);
}

/** A fleet has one node group, which need not be named. */
function nameIn(list: string, { name }: ConfigPatch): string | undefined {
  if (name === undefined && list === 'managedNodeGroups') return nodeGroup;
  return typeof name === 'string' ? name : undefined;
}

/** A config with the patch in it. Of what is named, entries that the config does not have are left out. */
export function patched(config: ConfigPatch, patch: ConfigPatch): ConfigPatch {
  const { managedNodeGroups, addons: changed, ...rest } = byName(patch);
  const lists = Object.entries({ managedNodeGroups, addons: changed }).flatMap(([key, changes]) => {
    const there = config[key];
    if (!Array.isArray(there) || !isObject(changes)) return [];
    const merged = there.map((entry: unknown) =>
      isObject(entry) ? merge(entry, changes[String(entry['name'])] ?? {}) : entry,
    );
    return [[key, merged] as const];
  });
  return { ...(merge(config, rest) as ConfigPatch), ...Object.fromEntries(lists) };
}

/** RFC 7396: null takes a field away, objects are merged, all else is replaced. */
function merge(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const before = isObject(target) ? target : {};
  const changed = Object.entries(patch).map(([key, value]): [string, unknown] => [
    key,
    value === null ? undefined : merge(before[key], value),
  ]);
  const entries = [...Object.entries(before).filter(([key]) => !Object.hasOwn(patch, key)), ...changed];
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** What a patch sets and takes away, without any value, e.g. `managedNodeGroups.nodes.labels.team`, `no cloudWatch.x`. */
export function patchPaths(patch: ConfigPatch): readonly string[] {
  const at = (path: string, value: unknown): readonly string[] => {
    if (value === null) return [`no ${path}`];
    if (!isObject(value) || Object.keys(value).length === 0) return [path];
    return Object.entries(value).flatMap(([key, inner]) => at(`${path}.${key}`, inner));
  };
  return Object.entries(byName(patch)).flatMap(([key, value]) => at(key, value));
}

function isObject(value: unknown): value is ConfigPatch {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The patch in what may have one. */
export function patchIn({ clusterConfigPatch }: { readonly clusterConfigPatch?: ConfigPatch | undefined }): {
  readonly clusterConfigPatch?: Record<string, unknown>;
} {
  return clusterConfigPatch === undefined ? {} : { clusterConfigPatch: { ...clusterConfigPatch } };
}
