/**
 * The simulated account as plain data: all of it can be written to a file and read back.
 * Nothing here runs by itself: what takes time carries the moment at which it settles, and is settled when it is read.
 */
import type { ApiState } from './account/kube-state.js';
import type {
  InterfaceState,
  LoadBalancerState,
  Moment,
  RouteTableState,
  SecurityGroupState,
  SubnetState,
  TargetGroupState,
  VpcState,
} from './account/network-state.js';

export type * from './account/kube-state.js';
export type * from './account/network-state.js';

export interface AccountState {
  now: Moment;
  /** Source of all ids, so that two runs with the same calls give the same ids. */
  nextId: number;
  accountId: string;
  callerArn: string;
  regions: Record<string, RegionState>;
  /** Kubernetes APIs by key, with the regions of other accounts as in `regions`: `eks/<region>/<cluster>`, `karmada/<region>/<parent cluster>` and `plain/<name>`. */
  apis: Record<string, ApiState>;
  /** The next moment at which something in those APIs changes by itself. */
  kubeWakeAt?: Moment;
  /** The rehearsed machine's files, path → text. */
  files: Record<string, string>;
  /** Names of IAM roles and ARNs of OIDC providers. */
  roles: string[];
  oidcProviders: string[];
  /** Tags of OIDC providers, by ARN. */
  oidcTags?: Record<string, Record<string, string>>;
  /** When OIDC providers, by ARN, and roles, by name, were made; those of a stack that are not here were made with it. */
  iamCreated?: Record<string, Moment>;
  /** Names of the account's own IAM policies; `boundary` when not given. */
  policies?: string[];
  /** Details of roles by name; those of a stack have its tags. */
  roleParts?: Record<string, RoleParts>;
  /** Service quotas by code that are not the rehearsal's own (`aws/service-quotas.ts`), e.g. `L-1216C47A`. */
  quotas?: Record<string, number>;
  /** Route 53's hosted zones, by their ids. */
  zones?: Record<string, ZoneState>;
  /** What names outside of Route 53 lead to: a host name or an address, by the name. */
  otherNames?: Record<string, string>;
  /** S3's buckets, by their names, which no two accounts share. */
  buckets?: Record<string, BucketState>;
  /** Keys of KMS, by their ARNs. */
  kmsKeys?: Record<string, KmsKeyState>;
  /** Registries of images that ask for a login, by their hosts; all others give every image to everybody. */
  registries?: Record<string, { /** `user:password`. */ login: string }>;
  /** Regions that the account has not enabled; all others are. */
  disabledRegions?: string[];
  /** Other accounts, by their ids, which roles lead to; their regions are in `regions`, as `<account>/<region>`. */
  accounts?: Record<string, OtherAccountState>;
  /** Machines that stand in a network of AWS, or in one that is connected to it, by their hosts; all others are outside. */
  machines?: Record<string, MachineState>;
  /** What is wrong with this account on purpose. */
  conditions: Condition[];
}

export interface MachineState {
  address: string;
  mac: string;
  /** Ids of the VPCs that it reaches, and whose answers reach it. */
  reaches: string[];
}

/** What is another account's own: it has the meaning that it has in the first. */
export interface OtherAccountState
  extends Pick<AccountState, 'roles' | 'oidcProviders'>,
    Partial<Pick<AccountState, 'oidcTags' | 'iamCreated' | 'policies' | 'roleParts' | 'quotas' | 'disabledRegions'>> {
  /** Roles that identities of the first account may assume, by name. */
  trusts: Record<string, { principals: string[]; externalId?: string }>;
}

export interface ZoneState {
  /** Without the dot at its end. */
  name: string;
  /** Of a private zone. */
  vpcs?: { id: string; region: string }[];
  records: RecordState[];
}

export interface RecordState {
  /** Without the dot at its end. */
  name: string;
  type: string;
  ttl?: number;
  values?: string[];
  alias?: { zone: string; target: string };
  /** When all name servers have it. */
  servedAt?: Moment;
}

export interface KmsKeyState {
  state: 'Enabled' | 'Disabled' | 'PendingDeletion';
  /** ARNs. */
  aliases: string[];
}

export interface BucketState {
  region: string;
  /** By their keys. */
  objects: Record<string, S3ObjectState>;
  /** By their ids: parts by their numbers. */
  uploads: Record<string, { key: string; parts: Record<string, string> }>;
  /** What objects are encrypted with; S3's own key if undefined. */
  kmsKey?: string;
  /** The account's if undefined; another one lets this account do all that `denies` does not name. */
  owner?: string;
  /** Actions of IAM that its policy refuses, e.g. `s3:PutObject`. */
  denies?: string[];
}

export interface S3ObjectState {
  /** Each byte is the character of its number. */
  bytes: string;
  changedAt: Moment;
  /** In base64; of an object that came in parts, of their sums. */
  sha256: string;
  /** `AES256`, or the KMS key. */
  encryption: string;
}

/** What hangs on an IAM role. */
export interface RoleParts {
  tags: Record<string, string>;
  /** ARNs of managed policies. */
  attached: string[];
  /** Names of inline policies. */
  inline: string[];
  /** Names of the instance profiles that it is in. */
  profiles: string[];
  /** ARN of the policy that bounds it. */
  boundary?: string;
}

/** Something that goes wrong inside AWS or a cluster, as opposed to a call that fails (see Fault). */
export type Condition =
  | { kind: 'control-plane-fails'; cluster: string; reason: string; times: number }
  | { kind: 'node-group-fails'; cluster: string; reason: string; times: number }
  | {
      kind: 'addon-fails';
      cluster: string;
      addon: string;
      status: 'DEGRADED' | 'CREATE_FAILED';
      reason: string;
      times: number;
    }
  | { kind: 'stack-resource-fails'; stack: string; resource: string; reason: string; times: number }
  | { kind: 'stack-delete-fails'; stack: string; reason: string; times: number }
  /** A Karmada component never becomes available; `init` exits 0 all the same (observed with 1.18.2). */
  | { kind: 'component-unavailable'; component: string; reason: string; times: number }
  /** EC2 refuses the deletion of volumes to the driver, for this reason; as long as it is there. */
  | { kind: 'volume-delete-fails'; reason: string; times: number }
  /** The cloud controller does not get on with a load balancer: AWS refuses something, for this reason. */
  | { kind: 'balancer-fails'; reason: string; times: number }
  /** A Karmada component becomes ready so many ms later than the others of its kind. */
  | { kind: 'component-slow'; component: string; ms: number; times: number };

export interface RegionState {
  vpcs: VpcState[];
  subnets: SubnetState[];
  routeTables: RouteTableState[];
  natGateways: {
    id: string;
    vpcId: string;
    subnetId: string;
    publicIp: string;
    state: 'available' | 'failed' | 'deleted';
    /** Of its address where that is listed by itself. */
    allocationId?: string;
    tags?: Record<string, string>;
  }[];
  internetGateways?: { id: string; vpcId?: string; tags: Record<string, string> }[];
  /** Elastic IPs, but for those of NAT gateways that were there from the beginning. */
  addresses?: { id: string; publicIp: string; tags: Record<string, string> }[];
  /** Peering connections, each of two VPCs. */
  peerings?: { id: string; vpcIds: string[]; tags: Record<string, string> }[];
  /** What holds a VPC besides; network ACLs without the default ones. */
  vpcParts?: { id: string; kind: 'network ACL' | 'egress-only gateway' | 'carrier gateway'; vpcId: string }[];
  availabilityZones: { name: string; id: string; type: 'availability-zone' | 'local-zone' }[];
  clusters: Record<string, ClusterState>;
  stacks: StackState[];
  /** The machines of node groups, each with its network interface and root volume, which are deleted with it. */
  instances: {
    id: string;
    cluster: string;
    nodeGroup: string;
    zone: string;
    subnetId: string;
    interfaceId: string;
    volumeId: string;
    /** Of Bottlerocket, which has a disk for itself. */
    systemVolumeId?: string;
    tags: Record<string, string>;
  }[];
  networkInterfaces: InterfaceState[];
  loadBalancers: LoadBalancerState[];
  targetGroups?: TargetGroupState[];
  volumes: VolumeState[];
  securityGroups: SecurityGroupState[];
  logGroups: { name: string; createdAt: Moment; storedBytes: number }[];
  /** ARN of the KMS key with which EBS encrypts what names none; AWS's own when not given. */
  defaultVolumeKey?: string;
}

export interface ClusterState {
  name: string;
  arn: string;
  version: string;
  /** `https://<ID>.gr7.<region>.eks.amazonaws.com` */
  endpoint: string;
  status: 'CREATING' | 'ACTIVE' | 'UPDATING' | 'DELETING' | 'FAILED';
  settlesAt: Moment;
  createdAt: Moment;
  vpcId: string;
  subnetIds: string[];
  tags: Record<string, string>;
  authenticationMode: 'API' | 'API_AND_CONFIG_MAP' | 'CONFIG_MAP';
  supportType: 'STANDARD' | 'EXTENDED';
  /** It runs in Auto Mode, of which nothing but this fact is modelled. */
  autoMode?: boolean;
  /** Its pods and Services have IPv6 addresses, of which nothing but this fact is modelled. */
  ipFamily?: 'ipv6';
  /** Everyone when not given. */
  publicAccessCidrs?: string[];
  /** The logs that it sends to CloudWatch. */
  /** ARN of the KMS key that encrypts Secrets besides. */
  secretsKey?: string | undefined;
  logs?: string[];
  /** Who may reach the private endpoint besides its own nodes; it has none when not given. */
  privateAccessCidrs?: string[];
  /** It has no public endpoint. */
  privateOnly?: boolean;
  oidcIssuer: string;
  accessEntries: string[];
  nodeGroups: Record<string, NodeGroupState>;
  addons: Record<string, AddonState>;
  /** The identity that made it, where that is an administrator for it. */
  creatorArn?: string;
  roleArn?: string;
}

export interface NodeGroupState {
  name: string;
  status: 'CREATING' | 'ACTIVE' | 'UPDATING' | 'DELETING' | 'CREATE_FAILED' | 'DELETE_FAILED' | 'DEGRADED';
  settlesAt: Moment;
  /** Desired number of nodes. */
  size: number;
  /** Least and most nodes; the desired number when not given. */
  limits?: { least: number; most: number };
  /** Of all its nodes: the first that was asked for, which EC2 always has here. */
  instanceType: string;
  /** The other types that were asked for. */
  otherTypes?: string[];
  /** Whether its nodes are Spot Instances; none is ever taken back. */
  spot?: boolean;
  /** Name tag of its instances; without it they have none. */
  instanceName?: string;
  /** Of its nodes, besides those that they have anyway. */
  labels?: Record<string, string>;
  /** As eksctl calls the image of its nodes; AmazonLinux2023 when not given. */
  amiFamily?: string;
  /** Of the disk of each node; 80 when not given. */
  volumeGib?: number;
  /** Id of the launch template that eksctl makes; without it EKS made one that it does not tell of. */
  launchTemplate?: string;
  /** Whether the root volumes of its nodes are encrypted. */
  encrypted?: boolean;
  /** ARN of the KMS key that encrypts them. */
  volumeKey?: string;
  /** Whether EKS replaces nodes that are not Ready for half an hour; nothing else of it is modelled. */
  repairs?: boolean;
  subnetIds: string[];
  issues: { code: string; message: string }[];
  tags: Record<string, string>;
}

export interface AddonState {
  name: string;
  status: 'CREATING' | 'ACTIVE' | 'DEGRADED' | 'CREATE_FAILED' | 'DELETING';
  settlesAt: Moment;
  serviceAccountRoleArn?: string;
  podIdentityRoleArn?: string;
  /** It was asked for without overwriting what others installed. */
  keepsOthers?: boolean;
  /** What goes with it while it is DELETING. */
  deletesObjects?: 'none' | 'own' | 'all';
  tags?: Record<string, string>;
  issues: { code: string; message: string }[];
}

/** A CloudFormation stack; eksctl makes `eksctl-<cluster>-cluster`, `-nodegroup-<name>`, `-addon-…`. */
export interface StackState {
  name: string;
  id: string;
  status: string;
  settlesAt: Moment;
  terminationProtection: boolean;
  tags: Record<string, string>;
  events: { resource: string; type: string; status: string; reason: string; at: Moment }[];
  createdAt: Moment;
  /** What it makes and, when it is deleted, takes away; `roles` are names of IAM roles. */
  makes: {
    kind: 'cluster' | 'node-group' | 'role' | 'access-entry' | 'network';
    cluster: string;
    name: string;
    roles: string[];
    /** ARN of the policy that bounds these roles. */
    boundary?: string;
    /** The inline policy of these roles. */
    policy?: unknown;
    /** Issuer of the cluster whose service accounts these roles trust, without `https://`. */
    trusts?: string;
    /** ARNs of the KMS keys that an inline policy lets these roles use. */
    keys?: string[];
  };
  /** Of a template: in the order in which they are made. */
  resources?: StackResource[];
  description?: string;
  /** The resource whose id each output has. */
  outputs?: Record<string, string>;
  /** The failure that its creation is heading for. */
  failure?: { resource: string; type: string; reason: string; code?: string };
}

/** A resource of a template. */
export interface StackResource {
  logical: string;
  type: string;
  properties: Readonly<Record<string, unknown>>;
  /** When it is complete. */
  dueAt: Moment;
  /** While it is there. */
  id?: string;
}

export interface VolumeState {
  id: string;
  sizeGiB: number;
  zone: string;
  encrypted: boolean;
  /** ARN of the customer's KMS key, where one encrypts it. */
  key?: string;
  createdAt: Moment;
  tags: Record<string, string>;
}
