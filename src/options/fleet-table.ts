/** The options that say which fleet, and what it is. */
import { amiFamilies } from '../fleet/settings/node-form.js';
import { defaultVpcCidr } from '../fleet/settings/own-vpc.js';
import { fleetOption } from './option.js';

const { text, textOr, yes, count, list, pairs, members } = fleetOption;

/** Which fleet: every command that is about one has these. */
export const identityOptions = {
  fleet: text('--fleet <name>', 'name of the fleet (default: karmada)', 'fleet'),
  region: text('--region <region>', 'region of the parent (AWS_REGION is read too)', 'region'),
  fleetId: text(
    '--fleet-id <id>',
    'fleet id, as shown by status, to select one of several fleets with the same name',
    'id',
  ),
};

/** What the fleet is. Their variables are read by every command that is about one. */
export const descriptionOptions = {
  vpc: text('--vpc <id-or-name>', 'VPC ID or Name tag (* matches any text)', 'vpc'),
  createVpc: textOr(
    defaultVpcCidr,
    '--create-vpc [cidr]',
    `instead of --vpc: create a VPC, which down deletes (default: ${defaultVpcCidr})`,
    'createVpc',
    { excludes: ['vpc', 'subnet'] },
  ),
  natGatewayPerZone: yes(
    '--nat-gateway-per-zone',
    'with --create-vpc: one NAT gateway per zone (default: one for all)',
    'natGatewayPerZone',
  ),
  zones: list(
    '--zones <list>',
    'zones of the VPC that new clusters may use, e.g. eu-west-1a,eu-west-1b (default: all)',
    'zones',
    { group: 'clusters' },
  ),
  subnet: list('--subnet <id>', 'use only these subnets of the VPC for new clusters (repeatable)', 'subnets', {
    group: 'clusters',
  }),
  members: count('--members <number>', 'number of members, named after the fleet (default: 2)', 'members', {
    group: 'members',
    excludes: ['member'],
  }),
  member: members(
    '--member <fields>',
    'one member, such as name=eu,region=eu-west-1; other fields: vpc, cluster, mode=push|pull, zones=A+B, subnets=A+B, volumeSize=GiB, amiFamily, spot=true, existing=true, account, role, externalId, context, sources=CIDR+CIDR (repeatable)',
    'members',
    { group: 'members', excludes: ['members'] },
  ),
  nodes: count('--nodes <number>', 'nodes per cluster (default: 3)', 'nodes', { group: 'clusters' }),
  instanceType: list('--instance-type <type>', 'instance type (repeatable; default: m5.large)', 'instanceType', {
    group: 'clusters',
  }),
  spot: yes('--spot', 'use Spot Instances for nodes of new members', 'spot', {
    group: 'clusters',
  }),
  volumeSize: count('--volume-size <GiB>', 'disk size of each new node (default: 80)', 'volumeSize', {
    group: 'clusters',
  }),
  amiFamily: text('--ami-family <family>', `image of new nodes (default: ${amiFamilies[0]})`, 'amiFamily', {
    group: 'clusters',
    values: amiFamilies,
  }),
  kubernetesVersion: text(
    '--kubernetes-version <version>',
    'e.g. 1.35 (default: the newest in standard support)',
    'kubernetesVersion',
    { group: 'clusters' },
  ),
  karmadaVersion: text(
    '--karmada-version <version>',
    'e.g. 1.18.2 (default: the version of kubectl-karmada)',
    'karmadaVersion',
    { group: 'karmada' },
  ),
  crds: text('--crds <file>', 'local archive of Karmada’s CRDs (default: init downloads it)', 'crds', {
    group: 'karmada',
  }),
  imageRegistry: text('--image-registry <registry>', 'registry with all images of Karmada', 'imageRegistry', {
    group: 'karmada',
  }),
  imageMirrorCountry: text(
    '--image-mirror-country <code>',
    'mirror of Kubernetes’ own images: cn',
    'imageMirrorCountry',
    { group: 'karmada' },
  ),
  imagePullSecret: text('--image-pull-secret <file>', 'Docker’s config.json with its logins', 'imagePullSecret', {
    group: 'karmada',
  }),
  allow: list(
    '--allow <cidr>',
    'who may reach the Karmada API; IPv4 (repeatable; default: this machine, or the VPC with --internal)',
    'allow',
    { group: 'access' },
  ),
  internal: yes('--internal', 'give the load balancer of the Karmada API private addresses only', 'internal', {
    group: 'access',
  }),
  apiName: text(
    '--api-name <name>',
    'DNS name for the Karmada API, such as karmada.example.com: in Route 53, or printed for you to create (none: its load balancer’s)',
    'apiName',
    { group: 'access' },
  ),
  publicAccessCidr: list(
    '--public-access-cidr <cidr>',
    'who may reach the public endpoints of new EKS clusters, in addition to nodes and Karmada (repeatable; default: everyone)',
    'publicAccess',
    { group: 'access' },
  ),
  privateEndpoints: yes('--private-endpoints', 'give new EKS clusters private endpoints only', 'privateEndpoints', {
    group: 'access',
    excludes: ['publicAccessCidr'],
  }),
  privateAccessCidr: list(
    '--private-access-cidr <cidr>',
    'connected network that this machine calls from (repeatable)',
    'privateAccess',
    { group: 'access', excludes: ['publicAccessCidr'] },
  ),
  failover: yes('--failover', 'let Karmada move workloads away from a member that does not respond', 'failover', {
    group: 'karmada',
  }),
  failoverAfter: text(
    '--failover-after <duration>',
    'with --failover: how long a member has to be silent before that, from 30s to 24h (default: 5m)',
    'failoverAfter',
    { group: 'karmada' },
  ),
  certValidity: text(
    '--cert-validity <duration>',
    'how long new certificates of Karmada are valid, e.g. 8760h (default: a year, renewed ones as long as those before)',
    'certValidity',
    { group: 'karmada' },
  ),
  controlPlaneLog: list(
    '--control-plane-log <type>',
    'send this log of new control planes to CloudWatch, which charges for it: api, audit, authenticator, controllerManager, scheduler or all (repeatable; default: none)',
    'controlPlaneLogs',
    { group: 'clusters' },
  ),
  tag: pairs('--tag <key=value>', 'tag of your own on everything that is created in AWS (repeatable)', 'tags', {
    group: 'clusters',
  }),
  permissionsBoundary: text(
    '--permissions-boundary <arn>',
    'IAM policy that bounds every role that is created',
    'permissionsBoundary',
    { group: 'clusters' },
  ),
  kmsKey: list(
    '--kms-key <arn>',
    'KMS key that encrypts the volumes of nodes and of etcd in its region (repeatable; default: the account’s)',
    'kmsKeys',
    { group: 'clusters' },
  ),
  clusterConfigPatch: text(
    '--cluster-config-patch <file>',
    'JSON merge patch of new ClusterConfigs',
    'clusterConfigPatch',
    { group: 'clusters' },
  ),
  admin: list('--admin <arn>', 'additional administrator of the clusters (repeatable)', 'admins', { group: 'access' }),
  useExisting: yes('--use-existing', 'use existing clusters that do not belong to the fleet', 'useExisting', {
    group: 'clusters',
  }),
};
