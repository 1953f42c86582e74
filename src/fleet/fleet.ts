/** The desired fleet: complete, validated, and never changed once resolved. */

import { type AccountRole, isSamePlace, placeName } from '../world/place.js';
import type { ConfigPatch } from './settings/config-patch.js';
import type { Failover } from './settings/failover.js';
import type { Images } from './settings/images.js';
import { type NodeForm, nodeFormIn } from './settings/node-form.js';
import type { Organisation } from './settings/organisation.js';
import type { OwnVpc } from './settings/own-vpc.js';
import type { PrivateEndpoints } from './settings/private-endpoints.js';

export type MemberMode = 'push' | 'pull';

export interface FleetCluster extends NodeForm {
  /** EKS cluster name; also the context in kubeconfigs. */
  readonly cluster: string;
  readonly region: string;
  /** The account that it is in, and the role that is used there; undefined: the fleet's own. */
  readonly account: AccountRole | undefined;
  /** VPC id, or its Name tag (may hold `*`); `ownVpcPlace` for the one that the fleet makes. */
  readonly vpc: string;
  /** The only zones of its VPC that a new cluster uses, at least two; not given: all that will do. */
  readonly zones?: readonly string[];
  /** The ids of the only subnets that a new cluster uses; not given: one of each kind in each zone. */
  readonly subnets?: readonly string[];
  /** Of its own ClusterConfig, after the fleet’s. */
  readonly clusterConfigPatch?: ConfigPatch;
}

/** The fields that every member has, whatever kind of cluster it is. */
interface Membership {
  /** Name in Karmada; the context in kubeconfigs. */
  readonly name: string;
  /** `push`: Karmada reaches the member. `pull`: an agent in the member reaches Karmada. */
  readonly mode: MemberMode;
  /** Source CIDRs of a pull member's agent; empty: the NAT gateways of its VPC. */
  readonly sources: readonly string[];
}

/** A member that is an EKS cluster; the parent may be one too. */
export interface EksMember extends Membership, FleetCluster {
  readonly kind: 'eks';
  /** The cluster existed before the fleet: it is used as it is, and never deleted. */
  readonly existing: boolean;
}

/** A member known by a context of the user's kubeconfig. */
export interface ContextMember extends Membership {
  readonly kind: 'context';
  /** The context's name in the user's kubeconfig. */
  readonly context: string;
}

export type Member = EksMember | ContextMember;

export interface Fleet extends Organisation, NodeForm, Images, PrivateEndpoints {
  readonly name: string;
  /** Value of the tag that marks the fleet's resources (see `fleetIdOf`); names are for people, the id decides. */
  readonly id: string;
  /** Revision of the desired state, from 1: of two descriptions, the one with the higher number wins. */
  readonly revision: number;
  readonly parent: FleetCluster;
  /** The VPC that the fleet makes in the parent's region; undefined: all its VPCs are others'. */
  readonly ownVpc: OwnVpc | undefined;
  readonly members: readonly Member[];
  /** Members that are no longer in the configuration: `up` leaves them alone, `down` removes them too. */
  readonly former: readonly Member[];
  /** Nodes per cluster. */
  readonly nodes: number;
  /** Of all nodes, at least one: EC2 takes the first that it has; of Spot Instances the one that it is least likely to take back. */
  readonly instanceTypes: readonly string[];
  /** `1.35`; undefined: the newest in standard support that eksctl knows. */
  readonly kubernetesVersion: string | undefined;
  /** `1.18.2`; undefined: the version of kubectl-karmada, which installs its own. */
  readonly karmadaVersion: string | undefined;
  /** Absolute path of a local CRD archive; undefined: `init` downloads it. */
  readonly crds: string | undefined;
  /** CIDRs that may reach the Karmada API, besides pull members; empty: this machine, or the VPC if `internal`. */
  readonly allow: readonly string[];
  /** The load balancer of the Karmada API has private addresses only. */
  readonly internal: boolean;
  /** A DNS name of the user's for the Karmada API, in lower case; undefined: the load balancer's. */
  readonly apiName: string | undefined;
  /** Names that the Karmada API had before: they go on leading to it until `down`. */
  readonly formerApiNames: readonly string[];
  /** IPv4 CIDRs that may reach the endpoints of new EKS clusters, besides nodes and Karmada; empty: everyone. */
  readonly publicAccess: readonly string[];
  /** Whether and when workloads leave a member that does not respond; undefined: as it is, nothing in a new fleet. */
  readonly failover: Failover | undefined;
  /** How long new certificates of Karmada are valid, e.g. `8760h`; undefined: a year, and renewed ones as long as those before. */
  readonly certValidity: string | undefined;
  /** Types of control-plane logs, or `all`, that EKS sends to CloudWatch for new clusters. */
  readonly controlPlaneLogs: readonly string[];
  /** Of the ClusterConfigs of all new clusters. */
  readonly clusterConfigPatch?: ConfigPatch;
  /** ARNs of additional cluster administrators. */
  readonly admins: readonly string[];
  /** Use existing clusters that do not carry the fleet's tag. */
  readonly useExisting: boolean;
}

/** ARNs of the administrators that a cluster gets: in another account its own people decide who administers one. */
export function adminsOf(
  { admins }: Pick<Fleet, 'admins'>,
  { account }: Pick<FleetCluster, 'account'>,
): readonly string[] {
  return account === undefined ? admins : [];
}

/** The fleet including its former members: what exists, rather than what is desired. */
export function withFormer(fleet: Fleet): Fleet {
  return { ...fleet, members: [...fleet.members, ...fleet.former], former: [] };
}

/** An EKS cluster by its name, which another account may use too. */
export type EksCluster = Pick<FleetCluster, 'cluster' | 'region' | 'account'>;

export function isSameEksCluster(one: EksCluster, other: EksCluster): boolean {
  return one.cluster === other.cluster && isSamePlace(one, other);
}

export function isParent({ parent }: Pick<Fleet, 'parent'>, member: Member): boolean {
  return member.kind === 'eks' && isSameEksCluster(member, parent);
}

/** All names of the user's under which the Karmada API is to be reached, the present one first. */
export function apiNamesOf({ apiName, formerApiNames }: Pick<Fleet, 'apiName' | 'formerApiNames'>): readonly string[] {
  return apiName === undefined ? formerApiNames : [apiName, ...formerApiNames];
}

/** A cluster of the fleet with its role. */
export type FleetMemberCluster = FleetCluster & { readonly scope: string; readonly role: ClusterRole };

/** Every EKS cluster of the fleet once, parent first. */
export function clustersOf(fleet: Fleet): readonly FleetMemberCluster[] {
  const members = fleet.members.flatMap((member) => (isParent(fleet, member) ? [] : (clusterOf(member) ?? [])));
  return [{ ...fleet.parent, scope: 'parent', role: 'parent' }, ...members];
}

/** A member's EKS cluster; undefined if it is known only by a context. */
export function clusterOf(member: Member): FleetMemberCluster | undefined {
  if (member.kind !== 'eks') return undefined;
  const { name, cluster, region, account, vpc, zones, subnets } = member;
  const placed = {
    cluster,
    region,
    account,
    vpc,
    ...(zones && { zones }),
    ...(subnets && { subnets }),
    ...nodeFormIn(member),
    ...(member.clusterConfigPatch && { clusterConfigPatch: member.clusterConfigPatch }),
  };
  return { ...placed, scope: name, role: 'member' };
}

/** The role through which the fleet works in an account now, which may be another than a record has of earlier days. */
export function presentRole(fleet: Fleet, account: AccountRole | undefined): AccountRole | undefined {
  if (account === undefined) return undefined;
  return clustersOf(fleet).find((each) => each.account?.id === account.id)?.account ?? account;
}

/** A member's cluster, as text for messages. */
export function describeMember(member: Member): string {
  if (member.kind === 'context') return `context ${member.context}`;
  return `EKS cluster ${member.cluster} in ${placeName(member)}`;
}

/** A member's location, as far as it is known without contacting the member. */
export function regionOf(member: Member): string | undefined {
  return member.kind === 'eks' ? member.region : undefined;
}

export type ClusterRole = 'parent' | 'member';
