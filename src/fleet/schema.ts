/** What a user may specify about a fleet by flag, environment, file or prompt: one schema for all of them. */

import { z } from 'zod';
import { networkOf } from './ip-range.js';
import { apiNamePattern, fleetIdPattern, fleetNamePattern, memberNamePattern, notImpersonator } from './names.js';
import { rolePattern, wrongAccount } from './settings/account-role.js';
import { wrongPatch } from './settings/config-patch.js';
import { anyControlPlaneLog, controlPlaneLogTypes } from './settings/control-plane-logs.js';
import { isCertValidity } from './settings/duration.js';
import { isFailoverAfter } from './settings/failover.js';
import { imageRegistryPattern } from './settings/images.js';
import { amiFamilies, volumeSizes } from './settings/node-form.js';
import { wrongTags } from './settings/tags.js';
import { placeOfKey } from './settings/volume-keys.js';
import { wrongVpcCidr } from './settings/vpc-ranges.js';

/**
 * Who may reach the Karmada API: the load balancer has IPv4 addresses only, and the cloud controller asks EC2 for IPv4 rules
 * only, so that EC2 refuses an IPv6 range with all others (cloud-provider-aws, `updateInstanceSecurityGroupForNLBTraffic`).
 */
const cidr = z
  .cidrv4({
    error: ({ input }) =>
      z.cidrv6().safeParse(input).success
        ? 'the load balancer of the Karmada API takes IPv4 only: expected a CIDR such as 203.0.113.7/32'
        : 'expected a CIDR such as 203.0.113.7/32',
  })
  .refine(isNetwork, { error: otherNetwork });
/** The endpoint of a cluster with IPv4 takes no other (EKS API, VpcConfigRequest.publicAccessCidrs). */
const publicCidr = z
  .cidrv4({ error: 'expected an IPv4 CIDR such as 203.0.113.7/32' })
  .refine(isNetwork, { error: otherNetwork });
const region = z.string().regex(/^[a-z]{2,}(-[a-z]+)+-\d$/, 'expected a region such as eu-west-1');
const vpc = z
  .string()
  .regex(/^[\w*][\w .*+=@:/-]{0,254}$/, 'expected a VPC ID such as vpc-0abc… or the value of its Name tag');
const arn = z
  .string()
  .regex(/^arn:aws[a-z-]*:iam::\d{12}:(user|role)\/[\w+=,.@/-]+$/, 'expected the ARN of an IAM user or role');
const memberName = z
  .string('each member needs a name')
  .regex(
    memberNamePattern,
    'invalid name: use up to 48 lowercase letters, digits and hyphens, starting and ending with a letter or digit',
  )
  .regex(notImpersonator, 'invalid name: must not end in -impersonator, which Karmada uses for its Secrets');

/** One address with the size of a whole network would open the network to everybody in it, or be meant as one address. */
function isNetwork(range: string): boolean {
  return [range, undefined].includes(networkOf(range));
}

function otherNetwork({ input }: { readonly input: unknown }): string {
  const range = String(input);
  return `expected the first address of a network; did you mean ${networkOf(range)} or ${range.replace(/\/.*/, '/32')}?`;
}

/** DNS knows no case, and a dot at the end changes nothing. */
function asAsked(name: string): string {
  return name.toLowerCase().replace(/(?<=.)\.$/, '');
}

const yesOrNo = 'expected true or false';
const revision = 'expected a whole number from 1';
const memberCount = 'expected a number from 0 to 100 or a list of members';
const tooMany = 'expected at most 100 members';

/** Tags of releases have it, as does what the tools print. */
function withoutV(version: string): string {
  return version.replace(/^v(?=\d)/, '');
}

const zones = z
  .array(z.string().regex(/^[a-z]{2,}(-[a-z]+)+-\d[a-z]$/, 'expected a zone such as eu-west-1a'))
  .min(2, 'expected at least two zones, as EKS does');
const subnets = z
  .array(z.string().regex(/^subnet-[0-9a-f]+$/, 'expected the ID of a subnet such as subnet-0abc…'))
  .min(2, 'expected at least two subnets, as EKS does');

const anInstanceType = 'expected an instance type such as m5.large';
const instanceType = z.string(anInstanceType).regex(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/, anInstanceType);
const volumeSize = z
  .int(`expected GiB from ${volumeSizes.least} to ${volumeSizes.most}`)
  .min(volumeSizes.least, `expected at least ${volumeSizes.least} GiB, as the image has`)
  .max(volumeSizes.most, `expected at most ${volumeSizes.most} GiB`);
const amiFamily = z.enum(amiFamilies, `expected ${amiFamilies.slice(0, -1).join(', ')} or ${amiFamilies.at(-1)}`);

const clusterConfigPatch = z
  .record(z.string(), z.unknown(), 'expected fields of a ClusterConfig')
  .superRefine((patch, { addIssue }) => {
    for (const message of wrongPatch(patch)) addIssue({ code: 'custom', message, input: undefined });
  });

/** What only a member in EKS has. */
const ofEksAlone = [
  'cluster',
  'region',
  'vpc',
  'zones',
  'subnets',
  'volumeSize',
  'amiFamily',
  'spot',
  'clusterConfigPatch',
  'account',
  'role',
  'externalId',
  'existing',
] as const;

/** One member; omitted fields are taken from the fleet. */
const memberSchema = z
  .strictObject({
    name: memberName.describe('Name in Karmada: up to 48 lowercase letters, digits and hyphens'),
    cluster: z
      .string()
      .regex(/^[0-9A-Za-z][\w-]{0,99}$/, 'expected the name of an EKS cluster')
      .optional()
      .describe('Name in EKS (default: the member’s name)'),
    region: region.optional().describe('Region of the cluster (default: the parent’s)'),
    vpc: vpc.optional().describe('VPC ID or Name tag (default: the parent’s)'),
    zones: zones.optional().describe('The only zones that a new cluster uses (default: the parent’s in its VPC)'),
    subnets: subnets
      .optional()
      .describe('IDs of the only subnets that a new cluster uses (default: the parent’s in its VPC)'),
    volumeSize: volumeSize.optional().describe('GiB of the disk of each node of a new cluster (default: the fleet’s)'),
    spot: z
      .boolean(yesOrNo)
      .optional()
      .describe('Whether nodes of a new cluster are Spot Instances (default: the fleet’s)'),
    amiFamily: amiFamily.optional().describe('Image of the nodes of a new cluster (default: the fleet’s)'),
    clusterConfigPatch: clusterConfigPatch
      .optional()
      .describe('JSON merge patch of the ClusterConfig of a new cluster, after the fleet’s'),
    mode: z
      .enum(['push', 'pull'], 'expected push or pull')
      .optional()
      .describe('push (default): Karmada reaches the member; pull: an agent in the member reaches Karmada'),
    account: z
      .string("expected the twelve digits of an AWS account in quotes, such as '123456789012'")
      .regex(/^\d{12}$/, 'expected the twelve digits of an AWS account')
      .optional()
      .describe('Another AWS account that the cluster is in, or is created in, in quotes (default: the fleet’s)'),
    role: z
      .string()
      .regex(rolePattern, 'expected the name or the ARN of an IAM role')
      .optional()
      .describe('Role of that account, by name or ARN, which the fleet assumes for this member only'),
    externalId: z
      .string()
      .regex(/^[\w+=,.@:/-]{2,1224}$/, 'expected an external ID of 2 to 1224 letters, digits and +=,.@:/-')
      .optional()
      .describe('External ID that the trust policy of the role asks for'),
    existing: z
      .boolean(yesOrNo)
      .optional()
      .describe('The EKS cluster already exists: it is used as it is, and never deleted'),
    context: z
      .string()
      .min(1, 'expected the name of a context')
      .max(300, 'expected the name of a context, of at most 300 characters')
      .optional()
      .describe('A context of your kubeconfig, for a cluster outside EKS; replaces cluster, region and vpc'),
    sources: z
      .array(cidr)
      .max(20, 'expected at most 20 CIDRs')
      .optional()
      .describe('Source IPv4 CIDRs of a pull member’s agent (default: the NAT gateways of its VPC)'),
  })
  .refine(standsAlone, {
    error: `context cannot be combined with ${ofEksAlone.slice(0, -1).join(', ')} or ${ofEksAlone.at(-1)}`,
  })
  .superRefine((member, context) => {
    const wrong = wrongAccount(member);
    if (wrong !== undefined) context.addIssue({ code: 'custom', message: wrong, path: ['account'] });
    else if (member.account !== undefined && member.existing !== true && member.vpc === undefined)
      context.addIssue({ code: 'custom', message: noVpcThere, path: ['vpc'] });
  });

const noVpcThere =
  'a cluster that is created in another account needs a VPC of that account: vpc=… (for one that exists: existing=true)';

function standsAlone({ context, ...place }: Readonly<Record<string, unknown>>): boolean {
  return context === undefined || ofEksAlone.every((field) => place[field] === undefined);
}

/** The configuration file; flags and variables are converted to it. Its JSON schema shows the descriptions too. */
export const requestSchema = z.strictObject({
  fleet: z
    .string()
    .regex(fleetNamePattern, 'invalid name: use up to 30 lowercase letters, digits and hyphens, starting with a letter')
    .optional()
    .describe('Name of the fleet: up to 30 lowercase letters, digits and hyphens, starting with a letter'),
  id: z
    .string()
    .regex(fleetIdPattern, 'expected a fleet id as shown by status')
    .optional()
    .describe('Maintained by karmada-eks: the id that distinguishes the fleet from others with the same name'),
  region: region.optional().describe('Region of the parent'),
  vpc: vpc.optional().describe('VPC of the parent: its ID or Name tag, where * matches any text'),
  createVpc: z
    .cidrv4({ error: 'expected an IPv4 CIDR from /16 to /22 such as 10.64.0.0/16' })
    .superRefine((cidr, { addIssue }) => {
      const message = wrongVpcCidr(cidr);
      if (message !== undefined) addIssue({ code: 'custom', message, input: cidr });
    })
    .optional()
    .describe('Instead of vpc: make a VPC with this IPv4 range, /16 to /22, which goes with the fleet'),
  natGatewayPerZone: z
    .boolean(yesOrNo)
    .optional()
    .describe('With createVpc: a NAT gateway in each zone (default: one for all zones)'),
  zones: zones.optional().describe('The only zones of its VPC that new clusters use, at least two (default: all)'),
  subnets: subnets
    .optional()
    .describe('IDs of the only subnets of its VPC that new clusters use (default: one of each kind in each zone)'),
  /** How many members, or which ones. */
  members: z
    .union([z.int(memberCount).min(0, memberCount).max(100, memberCount), z.array(memberSchema).max(100, tooMany)], {
      error: memberCount,
    })
    .optional()
    .describe('Number of identical members, or a list of members with name, region, vpc, mode and cluster'),
  former: z
    .array(memberSchema)
    .max(100, tooMany)
    .optional()
    .describe('Maintained by karmada-eks: members that are no longer in the configuration but still exist'),
  nodes: z
    .int('expected a whole number from 3 to 100')
    .min(3, 'expected at least 3 nodes, one per Karmada API server')
    .max(100, 'expected at most 100 nodes')
    .optional()
    .describe('Nodes per cluster, 3 to 100'),
  instanceType: z
    .union([instanceType, z.array(instanceType).min(1, anInstanceType).max(20, 'expected at most 20 instance types')], {
      error: anInstanceType,
    })
    .optional()
    .describe('Instance type of the nodes, or a list of which EC2 takes the first that it has (default: m5.large)'),
  spot: z
    .boolean(yesOrNo)
    .optional()
    .describe('Make the nodes of new members Spot Instances, which EC2 may take back; those of the parent never are'),
  volumeSize: volumeSize
    .optional()
    .describe(
      `GiB of the disk of each node of new clusters, ${volumeSizes.least} to ${volumeSizes.most} (default: 80)`,
    ),
  amiFamily: amiFamily
    .optional()
    .describe(`Image of the nodes of new clusters: ${amiFamilies.join(', ')} (default: AmazonLinux2023)`),
  kubernetesVersion: z
    .string("expected a version in quotes, such as '1.35'")
    .overwrite(withoutV)
    .regex(/^1\.\d{2}$/, 'expected a version such as 1.35')
    .optional()
    .describe("Kubernetes version in quotes, such as '1.35' (default: the newest in standard support)"),
  karmadaVersion: z
    .string()
    .overwrite(withoutV)
    .regex(/^\d+\.\d+\.\d+$/, 'expected a version such as 1.18.2')
    .optional()
    .describe('Required version of kubectl-karmada'),
  crds: z
    .string()
    .min(1, 'expected a file')
    .optional()
    .describe('Local archive of Karmada’s CRDs, relative to the working directory'),
  imageRegistry: z
    .string()
    .regex(imageRegistryPattern, 'expected a registry such as registry.example.com/karmada, or none')
    .max(200, 'expected at most 200 characters')
    .optional()
    .describe(
      'Registry, with the prefix if any, from which all images of Karmada are pulled, such as registry.example.com/karmada; none: docker.io and registry.k8s.io (default: unchanged; none for a new fleet)',
    ),
  imageMirrorCountry: z
    .enum(['cn', 'none'], 'expected cn or none')
    .optional()
    .describe(
      'Country whose mirror has the images of etcd and of Kubernetes’ components: cn; those of Karmada need imageRegistry',
    ),
  imagePullSecret: z
    .string()
    .min(1, 'expected a file, or none')
    .optional()
    .describe(
      'Docker configuration (config.json) with the logins for that registry, relative to the working directory; its logins go into a Secret in the parent and in pull members, and later runs take them from there; none: without logins',
    ),
  pullsWithSecret: z
    .boolean(yesOrNo)
    .optional()
    .describe('Maintained by karmada-eks: images are pulled with the logins in the parent'),
  allow: z
    .array(cidr)
    .optional()
    .describe(
      'IPv4 CIDRs that may reach the Karmada API, in addition to pull members (default: this machine, or the VPC if internal)',
    ),
  internal: z
    .boolean(yesOrNo)
    .optional()
    .describe('Make the Karmada API’s load balancer internal: reachable only from its VPC, or by peering or VPN'),
  apiName: z
    .string()
    .overwrite(asAsked)
    .regex(apiNamePattern, 'expected a DNS name of yours such as karmada.example.com, or none')
    .optional()
    .describe(
      'DNS name for the Karmada API, such as karmada.example.com; none: its load balancer’s (default: unchanged; none for a new fleet)',
    ),
  formerApiNames: z
    .array(z.string().regex(apiNamePattern, 'expected a DNS name'))
    .optional()
    .describe('Maintained by karmada-eks: names that the Karmada API had before'),
  publicAccess: z
    .array(publicCidr)
    .optional()
    .describe(
      'IPv4 CIDRs that may reach the public endpoints of new EKS clusters, in addition to their nodes and Karmada (default: everyone)',
    ),
  privateEndpoints: z
    .boolean(yesOrNo)
    .optional()
    .describe(
      'Give new EKS clusters private endpoints only: karmada-eks has to run on a machine in their network, or connected to it',
    ),
  privateAccess: z
    .array(publicCidr)
    .optional()
    .describe(
      'With privateEndpoints: IPv4 CIDRs outside of the VPC from which its endpoints are reached, such as that of a connected network',
    ),
  failover: z
    .boolean(yesOrNo)
    .optional()
    .describe(
      'Whether Karmada moves workloads away from a member that does not respond (default: it is left as it is, which is off in a new fleet)',
    ),
  failoverAfter: z
    .string()
    .refine(isFailoverAfter, 'expected a duration from 30s to 24h, such as 90s or 5m')
    .optional()
    .describe(
      'With failover: how long a member has to be silent before its workloads move, such as 90s or 5m (default: 5m)',
    ),
  certValidity: z
    .string()
    .refine(isCertValidity, 'expected a duration of at least 5m, such as 8760h')
    .optional()
    .describe(
      'How long new certificates of Karmada are valid, at least 5m (default: a year; renewed ones as long as those before)',
    ),
  controlPlaneLogs: z
    .array(
      z
        .string()
        .regex(new RegExp(`^(${[...controlPlaneLogTypes, 'all'].join('|')})$`), `expected ${anyControlPlaneLog}`),
    )
    .optional()
    .describe(
      `Logs of new control planes that EKS sends to CloudWatch, which charges for them: ${anyControlPlaneLog} (default: none)`,
    ),
  tags: z
    .record(z.string(), z.string('expected text; a number needs quotes'), 'expected tags such as team: shop')
    .superRefine((tags, { addIssue }) => {
      for (const message of wrongTags(tags)) addIssue({ code: 'custom', message, input: undefined });
    })
    .optional()
    .describe('Tags of your own on everything that is created in AWS: at most 30'),
  permissionsBoundary: z
    .string()
    .regex(/^arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/[\w+=,.@/-]+$/, 'expected the ARN of an IAM policy')
    .optional()
    .describe('ARN of an IAM policy that bounds the permissions of every role that is created'),
  kmsKeys: z
    .array(
      z.string().refine((key) => placeOfKey(key) !== undefined, {
        error: 'expected the ARN of a KMS key, such as arn:aws:kms:eu-west-1:111122223333:key/…',
      }),
    )
    .refine((keys) => new Set(keys.map((key) => JSON.stringify(placeOfKey(key)))).size === new Set(keys).size, {
      error: 'expected one key for each region of an account',
    })
    .optional()
    .describe(
      'ARNs of the KMS keys that encrypt the volumes of nodes and of etcd, one for each region of an account (default: the account’s)',
    ),
  clusterConfigPatch: clusterConfigPatch
    .optional()
    .describe('JSON merge patch (RFC 7396) of the ClusterConfigs of new clusters, which eksctl is given'),
  admins: z.array(arn).optional().describe('ARNs of IAM users and roles to add as cluster administrators'),
  useExisting: z.boolean(yesOrNo).optional().describe('Use existing clusters that do not belong to the fleet'),
  revision: z
    .int(revision)
    .min(1, revision)
    .optional()
    .describe('Maintained by karmada-eks: revision of this description'),
});

/**
 * A description that an earlier run stored: versions that took IPv6 ranges may have left some, which never let anybody in,
 * and those that took any address of a network stand for the whole of it, as AWS took them.
 */
export const storedRequestSchema = z.preprocess(withNetworks, requestSchema);

function withNetworks(stored: unknown): unknown {
  if (Array.isArray(stored)) return stored.map(withNetworks);
  if (typeof stored !== 'object' || stored === null) return stored;
  const entries = Object.entries(stored).map(([field, value]) => {
    const holdsRanges = ['allow', 'sources', 'publicAccess', 'privateAccess'].includes(field) && Array.isArray(value);
    return [field, holdsRanges ? networksIn(value) : withNetworks(value)];
  });
  return Object.fromEntries(entries);
}

function networksIn(ranges: readonly unknown[]): readonly unknown[] {
  const ofIPv4 = ranges.filter((range) => !z.cidrv6().safeParse(range).success);
  return ofIPv4.map((range) => networkOf(String(range)) ?? range);
}

/** The fields at this place of a request that users set; the others are maintained by karmada-eks. */
export function fieldsAt([part]: readonly PropertyKey[]): readonly string[] {
  const { shape } = part === undefined ? requestSchema : memberSchema;
  return Object.entries(shape).flatMap(([field, { description = '' }]) =>
    description.startsWith('Maintained') ? [] : [field],
  );
}

/** What the user has specified so far; every field is optional. */
export type FleetRequest = z.infer<typeof requestSchema>;
export type MemberRequest = z.infer<typeof memberSchema>;
