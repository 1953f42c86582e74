/** What was discovered before anything is changed: immutable, and shared by all steps. */
import type { Support } from '../aws/prices.js';
import type { Caller } from '../aws/sts.js';
import { type Diagnostic, Problem } from '../errors/problem.js';
import type { EksCluster, FleetCluster } from '../fleet/fleet.js';
import { placeKey } from '../world/place.js';
import type { ApiAccess } from './api-access.js';

/** A usable subnet, with its classification by route table. */
export interface ClassifiedSubnet {
  readonly id: string;
  readonly zone: string;
  /** `public`: default route to an internet gateway; `private`: default route elsewhere; `isolated`: none. */
  readonly kind: 'public' | 'private' | 'isolated';
  readonly freeAddresses: number;
  readonly mapPublicIp: boolean;
  /** NAT gateway of the default route, when there is one. */
  readonly natGateway: string | undefined;
}

/** A route of a subnet. */
export interface Way {
  /** An IPv4 CIDR, or the id of a prefix list. */
  readonly to: string;
  /** Whether it is active and leads to another network: by peering, transit gateway, VPN or the like. */
  readonly connects: boolean;
}

/** A VPC with one subnet a zone of each kind. */
export interface Network {
  readonly vpcId: string;
  readonly vpcName: string;
  readonly region: string;
  /** Its IPv4 CIDRs, the first one and those added later. */
  readonly cidrs: readonly string[];
  readonly public: readonly ClassifiedSubnet[];
  /** Private with a way out. */
  readonly private: readonly ClassifiedSubnet[];
  /** Whether nodes go into the private subnets. */
  readonly nodesArePrivate: boolean;
  /** Addresses from which the nodes are seen outside; empty when they have public addresses of their own. */
  readonly natAddresses: readonly string[];
  /** NAT gateways that nodes use and that EC2 does not show: those of another account, which shares the VPC. */
  readonly hiddenNats: readonly string[];
  /** Addresses of all NAT gateways of the VPC: the nodes of a cluster that was there before may be behind any of them. */
  readonly allNatAddresses: readonly string[];
  /** Of all subnets of the VPC, by their ids; undefined: not read. */
  readonly ways?: ReadonlyMap<string, readonly Way[]>;
  /** The zones of a VPC that is still to be made: ids and addresses are placeholders; undefined: it is there. */
  readonly planned?: readonly string[];
}

/** The state of a name in EKS: free, created by this fleet, or somebody else's. */
export type Ownership = 'absent' | 'ours' | 'existing';

export interface Facts {
  readonly caller: Caller;
  readonly kubernetesVersion: string;
  /** Decides what a cluster costs. */
  readonly kubernetesSupport: Support;
  readonly karmadaVersion: string;
  readonly access: ApiAccess;
  readonly networks: ReadonlyMap<string, Network>;
  readonly ownership: ReadonlyMap<string, Ownership>;
  /** ARN of the customer's KMS key that encrypts the volumes of etcd; undefined: AWS's own does, or it is not known. */
  readonly volumeKey: string | undefined;
  /** Who reaches the endpoints of clusters that are there and that not everybody reaches, as a clause, by cluster key. */
  readonly closedEndpoints?: ReadonlyMap<string, string>;
  /** What does not stand in the way but should be known. */
  readonly warnings: readonly Diagnostic[];
}

/** What a check found, with its diagnostics. */
export interface Checked<T> {
  /** Undefined where that will not do. */
  readonly found: T | undefined;
  /** That all is well, or else warnings and Problems. */
  readonly diagnostics: readonly Diagnostic[];
}

/** The key of a cluster in `ownership`, and of its network in `networks`. */
export function clusterKey(cluster: EksCluster): string {
  return `${placeKey(cluster)}/${cluster.cluster}`;
}

/** The network of a cluster. Only runs that create a fleet or members discover networks. */
export function networkOf(facts: Facts, cluster: FleetCluster): Network {
  const network = facts.networks.get(clusterKey(cluster));
  if (network === undefined)
    throw new Problem('internal', { what: `no network was discovered for ${cluster.cluster}` });
  return network;
}
