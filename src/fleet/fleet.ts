/** A fleet as it is wanted: complete, checked, and never changed after it was resolved. */

export type MemberMode = 'push' | 'pull';

/** An EKS cluster of the fleet. */
export interface FleetCluster {
  /** EKS cluster name; also the context in kubeconfigs. */
  readonly cluster: string;
  readonly region: string;
  /** VPC id, or its Name tag (may hold `*`). */
  readonly vpc: string;
}

/** What every member has, whatever kind of cluster it is. */
interface Membership {
  /** Name in Karmada; the context in kubeconfigs. */
  readonly name: string;
  /** `push`: Karmada reaches the member. `pull`: an agent in the member reaches Karmada. */
  readonly mode: MemberMode;
  /** CIDRs from which the agent of a pull member calls; empty: the NAT gateways of its VPC. */
  readonly sources: readonly string[];
}

/** A member that is an EKS cluster; the parent may be one too. */
export interface EksMember extends Membership, FleetCluster {
  readonly kind: 'eks';
  /** The cluster was there before the fleet: it is used as it is, and left standing. */
  readonly existing: boolean;
}

/** A member that is whatever cluster a context of the user's kubeconfig leads to. */
export interface ContextMember extends Membership {
  readonly kind: 'context';
  /** Name of the context in the user's kubeconfig. */
  readonly context: string;
}

export type Member = EksMember | ContextMember;

/** The fleet. Durations and prices are no part of it. */
export interface Fleet {
  readonly name: string;
  /** Value of the tag that marks what is the fleet's (see `fleetIdOf`); names are for people, this decides. */
  readonly id: string;
  /** Counts the changes of what is wanted, from 1: of two descriptions the one with the higher number holds. */
  readonly revision: number;
  readonly parent: FleetCluster;
  readonly members: readonly Member[];
  /** Members that are no longer asked for: `up` leaves them alone, `down` takes them away too. */
  readonly former: readonly Member[];
  /** Nodes of each cluster. */
  readonly nodes: number;
  readonly instanceType: string;
  /** `1.35`; undefined: the newest in standard support that eksctl knows. */
  readonly kubernetesVersion: string | undefined;
  /** `1.18.2`; undefined: that of kubectl-karmada, for it installs its own version. */
  readonly karmadaVersion: string | undefined;
  /** Absolute path of a local CRD archive; undefined: `init` downloads it. */
  readonly crds: string | undefined;
  /**
   * CIDRs that may reach the Karmada API, beside the pull members; empty: this machine's public address, or the VPC of
   * the parent when the load balancer is internal.
   */
  readonly allow: readonly string[];
  /** The load balancer of the Karmada API has private addresses only. */
  readonly internal: boolean;
  /**
   * IPv4 CIDRs that may reach the public endpoints of new EKS clusters, beside their nodes and Karmada; empty: everyone.
   */
  readonly publicAccess: readonly string[];
  /** ARNs of further cluster administrators. */
  readonly admins: readonly string[];
  /** Use clusters that exist without the fleet's tag. */
  readonly useExisting: boolean;
}

/** The fleet with its former members among the others: what is there, rather than what is asked for. */
export function withFormer(fleet: Fleet): Fleet {
  return { ...fleet, members: [...fleet.members, ...fleet.former], former: [] };
}

/** Whether a member is the cluster that Karmada itself runs in. */
export function isParent({ parent }: Pick<Fleet, 'parent'>, member: Member): boolean {
  return member.kind === 'eks' && member.cluster === parent.cluster && member.region === parent.region;
}

/** A cluster of the fleet with its part in it. */
export type FleetMemberCluster = FleetCluster & { readonly scope: string; readonly role: ClusterRole };

/** Every EKS cluster of the fleet once, parent first. */
export function clustersOf(fleet: Fleet): readonly FleetMemberCluster[] {
  const members = fleet.members.flatMap((member) => (isParent(fleet, member) ? [] : (clusterOf(member) ?? [])));
  return [{ ...fleet.parent, scope: 'parent', role: 'parent' }, ...members];
}

/** The EKS cluster that a member is; undefined for one that is only known by a context. */
export function clusterOf(member: Member): FleetMemberCluster | undefined {
  if (member.kind !== 'eks') return undefined;
  const { cluster, region, vpc, name } = member;
  return { cluster, region, vpc, scope: name, role: 'member' };
}

/** The cluster of a member, for sentences. */
export function describeMember(member: Member): string {
  if (member.kind === 'context') return `context ${member.context}`;
  return `EKS cluster ${member.cluster} in ${member.region}`;
}

/** Where a member is, as far as that is known without asking it. */
export function regionOf(member: Member): string | undefined {
  return member.kind === 'eks' ? member.region : undefined;
}

export type ClusterRole = 'parent' | 'member';
