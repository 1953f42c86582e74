/** Reads a ClusterConfig as strictly as eksctl 0.230.0 does, and refuses the values that the rehearsal does not model. */
import { Problem } from '../../errors/problem.js';
import { at, isJson, type Json, listAt, mapAt, textAt } from '../json.js';
import { fieldNames } from './field-names.js';
import { EksctlFailure } from './run.js';

export interface AddonEntry {
  readonly name: string;
  /** `useDefaultPodIdentityAssociations`: its permissions come through Pod Identity, else through a role for its service account. */
  readonly podIdentity: boolean;
  /** A role that was made before. */
  readonly roleArn?: string | undefined;
  /** Of the add-on itself. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Of its role. */
  readonly boundary?: string | undefined;
}

/** A role for a service account. */
export interface ServiceAccountEntry {
  readonly account: string;
  readonly namespace: string;
  readonly roleName: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly boundary: string | undefined;
  /** Its inline policy. */
  readonly policy: unknown;
  /** ARNs of the KMS keys that its inline policy names. */
  readonly keys: readonly string[];
}

export interface NodeGroupEntry {
  readonly name: string;
  /** At least one. */
  readonly instanceTypes: readonly string[];
  readonly spot: boolean;
  /** Of the Name tag of its instances. */
  readonly instancePrefix: string;
  readonly size: number;
  readonly limits: { readonly least: number; readonly most: number };
  readonly privateNetworking: boolean;
  /** Zones of its nodes; all of the config's subnets when empty. */
  readonly zones: readonly string[];
  /** Of its nodes. */
  readonly labels: Readonly<Record<string, string>>;
  readonly amiFamily: string;
  /** Of the disk of each node. */
  readonly volumeGib: number;
  readonly encrypted: boolean;
  readonly volumeKey: string | undefined;
  readonly repairs: boolean;
  /** Of its role. */
  readonly boundary: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

/** What the simulator needs of a ClusterConfig, defaults filled in as eksctl does. */
export interface Config {
  readonly name: string;
  readonly region: string;
  readonly version: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly withOIDC: boolean;
  /** Of the role of the control plane. */
  readonly boundary: string | undefined;
  readonly serviceAccounts: readonly ServiceAccountEntry[];
  readonly supportType: 'STANDARD' | 'EXTENDED';
  /** Whether the identity that makes the cluster becomes an administrator of it. */
  readonly creatorIsAdmin: boolean;
  readonly vpcId: string | undefined;
  /** Subnet ids by their key, which is a zone. */
  readonly privateSubnets: Readonly<Record<string, string>>;
  readonly publicSubnets: Readonly<Record<string, string>>;
  /** Host bits cleared, as eksctl passes them on; empty: not given. */
  readonly publicAccessCidrs: readonly string[];
  readonly privateAccess: boolean;
  readonly publicAccess: boolean;
  /** Who may reach the private endpoint besides the cluster's own nodes. */
  readonly extraCidrs: readonly string[];
  /** Whether EKS sends any log of the control plane to CloudWatch. */
  readonly logs: readonly string[];
  readonly accessEntries: readonly string[];
  /** ARN of the KMS key that encrypts Secrets. */
  readonly secretsKey: string | undefined;
  readonly addons: readonly AddonEntry[];
  readonly nodeGroups: readonly NodeGroupEntry[];
}

/** The logs of a control plane (EKS API, LogSetup). */
const logTypes: readonly string[] = ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'];

/** What a field may hold: a kind of value, or one of the listed values; all others are not modelled. */
type Kind = 'string' | 'number' | 'boolean' | readonly unknown[];

/** Every field that is modelled, by its path: `*` is any key, and the places in a list are left out. */
const fields: Readonly<Record<string, Kind>> = {
  apiVersion: 'string',
  kind: 'string',
  'metadata.name': 'string',
  'metadata.region': 'string',
  'metadata.version': 'string',
  'metadata.tags.*': 'string',
  'iam.withOIDC': 'boolean',
  'iam.serviceRolePermissionsBoundary': 'string',
  'iam.serviceAccounts.metadata.name': 'string',
  'iam.serviceAccounts.metadata.namespace': 'string',
  'iam.serviceAccounts.attachPolicyARNs': 'string',
  'iam.serviceAccounts.attachPolicy.Version': ['2012-10-17'],
  'iam.serviceAccounts.attachPolicy.Statement.Effect': ['Allow'],
  'iam.serviceAccounts.attachPolicy.Statement.Action': 'string',
  'iam.serviceAccounts.attachPolicy.Statement.Resource': 'string',
  'iam.serviceAccounts.attachPolicy.Statement.Condition.Bool.kms:GrantIsForAWSResource': ['true'],
  'iam.serviceAccounts.attachPolicy.Statement.Condition.StringEquals.*': 'string',
  'iam.serviceAccounts.attachPolicy.Statement.Condition.ForAnyValue:StringEquals.kms:ResourceAliases': 'string',
  'iam.serviceAccounts.roleName': 'string',
  'iam.serviceAccounts.roleOnly': [true],
  'iam.serviceAccounts.permissionsBoundary': 'string',
  'iam.serviceAccounts.tags.*': 'string',
  'autoModeConfig.enabled': [false],
  'upgradePolicy.supportType': ['STANDARD', 'EXTENDED'],
  'accessConfig.authenticationMode': ['API_AND_CONFIG_MAP'],
  'accessConfig.bootstrapClusterCreatorAdminPermissions': 'boolean',
  'accessConfig.accessEntries.principalARN': 'string',
  'accessConfig.accessEntries.accessPolicies.policyARN': ['aws', 'aws-cn', 'aws-us-gov'].map(
    (partition) => `arn:${partition}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy`,
  ),
  'accessConfig.accessEntries.accessPolicies.accessScope.type': ['cluster'],
  'vpc.id': 'string',
  'vpc.subnets.private.*.id': 'string',
  'vpc.subnets.public.*.id': 'string',
  'vpc.publicAccessCIDRs': 'string',
  'vpc.clusterEndpoints.publicAccess': 'boolean',
  'vpc.clusterEndpoints.privateAccess': 'boolean',
  'vpc.extraCIDRs': 'string',
  'cloudWatch.clusterLogging.enableTypes': [...logTypes, 'all'],
  'addons.name': 'string',
  'addons.wellKnownPolicies.ebsCSIController': [true],
  'addons.useDefaultPodIdentityAssociations': 'boolean',
  'addons.resolveConflicts': ['overwrite'],
  'addons.serviceAccountRoleARN': 'string',
  'addons.tags.*': 'string',
  'addons.permissionsBoundary': 'string',
  'managedNodeGroups.name': 'string',
  'managedNodeGroups.amiFamily': ['AmazonLinux2023', 'AmazonLinux2', 'Bottlerocket', 'BottlerocketFips', 'Ubuntu2404'],
  'managedNodeGroups.instanceType': 'string',
  'managedNodeGroups.instanceTypes': 'string',
  'managedNodeGroups.spot': 'boolean',
  'managedNodeGroups.instancePrefix': 'string',
  'managedNodeGroups.desiredCapacity': 'number',
  'managedNodeGroups.minSize': 'number',
  'managedNodeGroups.maxSize': 'number',
  'managedNodeGroups.privateNetworking': 'boolean',
  'managedNodeGroups.availabilityZones': 'string',
  'managedNodeGroups.volumeSize': 'number',
  'managedNodeGroups.volumeEncrypted': 'boolean',
  'managedNodeGroups.volumeKmsKeyID': 'string',
  'managedNodeGroups.disablePodIMDS': 'boolean',
  'managedNodeGroups.nodeRepairConfig.enabled': 'boolean',
  'managedNodeGroups.iam.instanceRolePermissionsBoundary': 'string',
  'managedNodeGroups.labels.*': 'string',
  'managedNodeGroups.tags.*': 'string',
  'secretsEncryption.keyARN': 'string',
};

/** Reads the text; fails as eksctl does when it is no ClusterConfig or holds a field that it does not know. */
export function parseConfig(text: string): Config {
  const json = parse(text);
  check(json, '');
  if (json['apiVersion'] !== 'eksctl.io/v1alpha5' || json['kind'] !== 'ClusterConfig') {
    throw loading(`no kind "${json['kind']}" is registered for version "${json['apiVersion']}" in scheme`);
  }
  const name = textAt(json, 'metadata', 'name');
  const region = textAt(json, 'metadata', 'region');
  if (name === '') throw new EksctlFailure('metadata.name must be set');
  if (region === '') throw new EksctlFailure('metadata.region must be set');
  const version = textAt(json, 'metadata', 'version') || undefined;
  return {
    name,
    region,
    version,
    tags: mapAt(json, 'metadata', 'tags'),
    withOIDC: at(json, 'iam', 'withOIDC') === true,
    boundary: textAt(json, 'iam', 'serviceRolePermissionsBoundary') || undefined,
    serviceAccounts: listAt(json, 'iam', 'serviceAccounts').map((entry) => ({
      account: textAt(entry, 'metadata', 'name'),
      namespace: textAt(entry, 'metadata', 'namespace'),
      roleName: textAt(entry, 'roleName'),
      tags: mapAt(entry, 'tags'),
      boundary: textAt(entry, 'permissionsBoundary') || undefined,
      policy: at(entry, 'attachPolicy'),
      keys: grantedKeys(entry),
    })),
    supportType: textAt(json, 'upgradePolicy', 'supportType') === 'STANDARD' ? 'STANDARD' : 'EXTENDED',
    creatorIsAdmin: at(json, 'accessConfig', 'bootstrapClusterCreatorAdminPermissions') !== false,
    vpcId: textAt(json, 'vpc', 'id') || undefined,
    privateSubnets: subnetIds(at(json, 'vpc', 'subnets', 'private')),
    publicSubnets: subnetIds(at(json, 'vpc', 'subnets', 'public')),
    publicAccessCidrs: listAt(json, 'vpc', 'publicAccessCIDRs').map((cidr) => networkOf(String(cidr))),
    privateAccess: at(json, 'vpc', 'clusterEndpoints', 'privateAccess') === true,
    publicAccess: at(json, 'vpc', 'clusterEndpoints', 'publicAccess') !== false,
    extraCidrs: listAt(json, 'vpc', 'extraCIDRs').map((cidr) => networkOf(String(cidr))),
    logs: logsOf(listAt(json, 'cloudWatch', 'clusterLogging', 'enableTypes').map(String)),
    accessEntries: listAt(json, 'accessConfig', 'accessEntries').map(adminOf),
    secretsKey: textAt(json, 'secretsEncryption', 'keyARN') || undefined,
    addons: listAt(json, 'addons').map((addon) => ({
      name: textAt(addon, 'name'),
      podIdentity: at(addon, 'useDefaultPodIdentityAssociations') === true,
      roleArn: textAt(addon, 'serviceAccountRoleARN') || undefined,
      tags: mapAt(addon, 'tags'),
      boundary: textAt(addon, 'permissionsBoundary') || undefined,
    })),
    nodeGroups: listAt(json, 'managedNodeGroups').map((group) => nodeGroup(group, version)),
  };
}

/** eksctl's own default is m5.large, two nodes; least and most are as many as desired (v1alpha5/validation.go). */
function nodeGroup(entry: unknown, version = ''): NodeGroupEntry {
  const size = Number(at(entry, 'desiredCapacity') ?? 2);
  const least = Number(at(entry, 'minSize') ?? size);
  const most = Number(at(entry, 'maxSize') ?? size);
  if (size < least) throw new EksctlFailure(`cannot use --nodes-min=${least} and --nodes=${size} at the same time`);
  if (size > most) throw new EksctlFailure(`cannot use --nodes-max=${most} and --nodes=${size} at the same time`);
  const types = listAt(entry, 'instanceTypes').map(String);
  if (types.length > 0 && textAt(entry, 'instanceType') !== '')
    throw new EksctlFailure('only one of instanceType or instanceTypes can be specified (managedNodeGroups[0])');
  if (textAt(entry, 'amiFamily') === 'AmazonLinux2') refuseAmazonLinux2(version);
  return {
    name: textAt(entry, 'name'),
    instanceTypes: types.length > 0 ? types : [textAt(entry, 'instanceType') || 'm5.large'],
    spot: at(entry, 'spot') === true,
    instancePrefix: textAt(entry, 'instancePrefix'),
    size,
    limits: { least, most },
    privateNetworking: at(entry, 'privateNetworking') === true,
    zones: listAt(entry, 'availabilityZones').map(String),
    labels: mapAt(entry, 'labels'),
    amiFamily: textAt(entry, 'amiFamily') || 'AmazonLinux2023',
    volumeGib: Number(at(entry, 'volumeSize') ?? 80),
    encrypted: at(entry, 'volumeEncrypted') === true,
    volumeKey: textAt(entry, 'volumeKmsKeyID') || undefined,
    repairs: at(entry, 'nodeRepairConfig', 'enabled') === true,
    boundary: textAt(entry, 'iam', 'instanceRolePermissionsBoundary') || undefined,
    tags: mapAt(entry, 'tags'),
  };
}

/** What EBS needs to encrypt with a key is a grant on it (EBS User Guide, how EBS encryption works). */
function grantedKeys(entry: unknown): readonly string[] {
  const statements = listAt(entry, 'attachPolicy', 'Statement');
  const granting = statements.filter((each) => listAt(each, 'Action').includes('kms:CreateGrant'));
  return granting.flatMap((each) => listAt(each, 'Resource').map(String));
}

/** EKS has images of it up to Kubernetes 1.32 (v1alpha5/defaults.go); older nodes are not modelled. */
function refuseAmazonLinux2(version: string): void {
  if (Number(version.split('.')[1]) < 33) throw notModelled('managedNodeGroups.amiFamily', 'AmazonLinux2');
  throw new EksctlFailure(`AmazonLinux2 is not supported for Kubernetes version ${version}`);
}

/** An entry without a policy gives no rights, which is not modelled: a principal is an administrator or nobody. */
function adminOf(entry: unknown): string {
  if (listAt(entry, 'accessPolicies').length === 0) throw notModelled('accessConfig.accessEntries.accessPolicies', []);
  return textAt(entry, 'principalARN');
}

function parse(text: string): Json {
  try {
    const value: unknown = JSON.parse(text);
    if (isJson(value)) return value;
  } catch {
    // Falls through to eksctl's own words.
  }
  throw loading('error converting YAML to JSON: yaml: did not find expected node content');
}

function check(value: unknown, path: string): void {
  if (value === undefined) return;
  if (Array.isArray(value)) {
    for (const entry of value) check(entry, path);
    return;
  }
  const kind = fields[path];
  if (typeof kind === 'string' && typeof value !== kind)
    throw loading('error unmarshaling JSON: json: cannot unmarshal');
  if (Array.isArray(kind) && !kind.includes(value)) throw notModelled(path, value);
  if (kind !== undefined) return;
  if (!isJson(value)) throw loading('error unmarshaling JSON: json: cannot unmarshal');
  for (const [field, inner] of Object.entries(value)) {
    const known = [field, '*'].map((key) => (path === '' ? key : `${path}.${key}`)).find(isField);
    if (known === undefined) throw unknownField(field, path);
    check(inner, known);
  }
}

/** eksctl knows more fields than are modelled. */
function unknownField(field: string, path: string): Error {
  if (fieldNames.has(field)) return notModelled([path, field].filter(Boolean).join('.'), '');
  return loading(`error unmarshaling JSON: while decoding JSON: json: unknown field "${field}"`);
}

function isField(path: string): boolean {
  return Object.keys(fields).some((field) => field === path || field.startsWith(`${path}.`));
}

function notModelled(path: string, value: unknown): Problem {
  return new Problem('rehearsal-unmodelled', {
    what: `the rehearsal does not model ${path} ${JSON.stringify(value)} in a ClusterConfig`,
  });
}

function loading(why: string): EksctlFailure {
  return new EksctlFailure(`loading config file "-": ${why}`);
}

/** `203.0.113.7/24` is `203.0.113.0/24` (Go, net.ParseCIDR). */
function networkOf(cidr: string): string {
  const [address = '', bits = ''] = cidr.split('/');
  const size = 2 ** (32 - Number(bits));
  const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const first = Math.floor(number / size) * size;
  return `${[24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join('.')}/${bits}`;
}

function subnetIds(subnets: unknown): Record<string, string> {
  if (!isJson(subnets)) return {};
  return Object.fromEntries(Object.entries(subnets).map(([zone, subnet]) => [zone, textAt(subnet, 'id')]));
}

/** `all` stands for every type (eksctl's documentation, CloudWatch logging). */
function logsOf(types: readonly string[]): readonly string[] {
  return types.includes('all') ? logTypes : types;
}
