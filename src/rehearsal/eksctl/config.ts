/** Reads a ClusterConfig as strictly as eksctl 0.230.0 does: a field it does not know is an error. */
import { EksctlFailure } from './run.js';

export interface AddonEntry {
  readonly name: string;
  /** `useDefaultPodIdentityAssociations`: its permissions come through Pod Identity, else through a role for its service account. */
  readonly podIdentity: boolean;
}

export interface NodeGroupEntry {
  readonly name: string;
  readonly instanceType: string;
  readonly size: number;
  readonly privateNetworking: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

/** What the simulator needs of a ClusterConfig, defaults filled in as eksctl does. */
export interface Config {
  readonly name: string;
  readonly region: string;
  readonly version: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly withOIDC: boolean;
  readonly autoModePinned: boolean;
  readonly supportType: 'STANDARD' | 'EXTENDED';
  readonly vpcId: string | undefined;
  /** Subnet ids by the key they stand under, which is a zone. */
  readonly privateSubnets: Readonly<Record<string, string>>;
  readonly publicSubnets: Readonly<Record<string, string>>;
  /** Host bits cleared, as eksctl passes them on; empty: not said. */
  readonly publicAccessCidrs: readonly string[];
  readonly accessEntries: readonly string[];
  readonly addons: readonly AddonEntry[];
  readonly nodeGroups: readonly NodeGroupEntry[];
}

type Json = Record<string, unknown>;

/** The fields modelled here, level by level; `*` stands for any key. */
interface Shape {
  readonly [field: string]: Shape | 'value';
}
const subnets: Shape = { '*': { id: 'value' } };
const shape: Shape = {
  apiVersion: 'value',
  kind: 'value',
  metadata: { name: 'value', region: 'value', version: 'value', tags: { '*': 'value' } },
  iam: { withOIDC: 'value' },
  autoModeConfig: { enabled: 'value' },
  upgradePolicy: { supportType: 'value' },
  accessConfig: {
    authenticationMode: 'value',
    bootstrapClusterCreatorAdminPermissions: 'value',
    accessEntries: { principalARN: 'value', accessPolicies: { policyARN: 'value', accessScope: { type: 'value' } } },
  },
  vpc: { id: 'value', subnets: { private: subnets, public: subnets }, publicAccessCIDRs: 'value' },
  addons: {
    name: 'value',
    wellKnownPolicies: { ebsCSIController: 'value' },
    useDefaultPodIdentityAssociations: 'value',
    resolveConflicts: 'value',
  },
  managedNodeGroups: {
    name: 'value',
    amiFamily: 'value',
    instanceType: 'value',
    instancePrefix: 'value',
    desiredCapacity: 'value',
    minSize: 'value',
    maxSize: 'value',
    privateNetworking: 'value',
    tags: { '*': 'value' },
  },
};

/** Reads the text; fails as eksctl does when it is no ClusterConfig or holds a field that it does not know. */
export function parseConfig(text: string): Config {
  const json = parse(text);
  checkShape(json, shape);
  if (json['apiVersion'] !== 'eksctl.io/v1alpha5' || json['kind'] !== 'ClusterConfig') {
    throw loading(`no kind "${json['kind']}" is registered for version "${json['apiVersion']}" in scheme`);
  }
  const metadata = part(json, 'metadata');
  const vpc = part(json, 'vpc');
  const name = textOf(metadata, 'name');
  const region = textOf(metadata, 'region');
  if (name === undefined) throw new EksctlFailure('metadata.name must be set');
  if (region === undefined) throw new EksctlFailure('metadata.region must be set');
  return {
    name,
    region,
    version: textOf(metadata, 'version'),
    tags: strings(part(metadata, 'tags')),
    withOIDC: part(json, 'iam')['withOIDC'] === true,
    autoModePinned: part(json, 'autoModeConfig')['enabled'] === false,
    supportType: part(json, 'upgradePolicy')['supportType'] === 'STANDARD' ? 'STANDARD' : 'EXTENDED',
    vpcId: textOf(vpc, 'id'),
    privateSubnets: subnetIds(part(part(vpc, 'subnets'), 'private')),
    publicSubnets: subnetIds(part(part(vpc, 'subnets'), 'public')),
    publicAccessCidrs: texts(vpc, 'publicAccessCIDRs').map(networkOf),
    accessEntries: list(part(json, 'accessConfig'), 'accessEntries').map((entry) => String(entry['principalARN'])),
    addons: list(json, 'addons').map((addon) => ({
      name: String(addon['name']),
      podIdentity: addon['useDefaultPodIdentityAssociations'] === true,
    })),
    nodeGroups: list(json, 'managedNodeGroups').map(nodeGroup),
  };
}

/** eksctl's own default is m5.large, two nodes. */
function nodeGroup(entry: Json): NodeGroupEntry {
  return {
    name: String(entry['name']),
    instanceType: textOf(entry, 'instanceType') ?? 'm5.large',
    size: Number(entry['desiredCapacity'] ?? 2),
    privateNetworking: entry['privateNetworking'] === true,
    tags: strings(part(entry, 'tags')),
  };
}

function parse(text: string): Json {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    // Falls through to eksctl's own words.
  }
  throw loading('error converting YAML to JSON: yaml: did not find expected node content');
}

function checkShape(value: unknown, expected: Shape | 'value'): void {
  if (expected === 'value' || value === undefined) return;
  if (Array.isArray(value)) {
    for (const entry of value) checkShape(entry, expected);
    return;
  }
  if (!isObject(value)) throw loading('error unmarshaling JSON: json: cannot unmarshal');
  for (const [field, inner] of Object.entries(value)) {
    const known = expected[field] ?? expected['*'];
    if (known === undefined)
      throw loading(`error unmarshaling JSON: while decoding JSON: json: unknown field "${field}"`);
    checkShape(inner, known);
  }
}

function loading(why: string): EksctlFailure {
  return new EksctlFailure(`loading config file "-": ${why}`);
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function part(json: Json, field: string): Json {
  const value = json[field];
  return isObject(value) ? value : {};
}

function list(json: Json, field: string): readonly Json[] {
  const value = json[field];
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function textOf(json: Json, field: string): string | undefined {
  const value = json[field];
  return typeof value === 'string' ? value : undefined;
}

function texts(json: Json, field: string): readonly string[] {
  const value = json[field];
  return Array.isArray(value) ? value.map(String) : [];
}

/** `203.0.113.7/24` is `203.0.113.0/24` (Go, net.ParseCIDR). */
function networkOf(cidr: string): string {
  const [address = '', bits = ''] = cidr.split('/');
  const size = 2 ** (32 - Number(bits));
  const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const first = Math.floor(number / size) * size;
  return `${[24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join('.')}/${bits}`;
}

function strings(json: Json): Record<string, string> {
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, String(value)]));
}

function subnetIds(json: Json): Record<string, string> {
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) => [key, String(isObject(value) ? value['id'] : '')]),
  );
}
