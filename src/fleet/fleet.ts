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

export interface Member extends FleetCluster {
  /** Name in Karmada; the context in kubeconfigs. */
  readonly name: string;
  /** `push`: Karmada reaches the member. `pull`: an agent in the member reaches Karmada. */
  readonly mode: MemberMode;
}

/** The fleet. Durations and prices are no part of it. */
export interface Fleet {
  readonly name: string;
  /** Value of the tag that marks what is the fleet's (see `fleetIdOf`). */
  readonly id: string;
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
  /** ARNs of further cluster administrators. */
  readonly admins: readonly string[];
  /** Use clusters that exist without the fleet's tag. */
  readonly useExisting: boolean;
}

/** The fleet with its former members among the others: what is there, rather than what is asked for. */
export function withFormer(fleet: Fleet): Fleet {
  return { ...fleet, members: [...fleet.members, ...fleet.former], former: [] };
}

/** Every EKS cluster of the fleet with its part in it, parent first. */
export function clustersOf(
  fleet: Fleet,
): readonly (FleetCluster & { readonly lane: string; readonly role: ClusterRole })[] {
  return [
    { ...fleet.parent, lane: 'parent', role: 'parent' },
    ...fleet.members.map((member) => ({ ...member, lane: member.name, role: 'member' as const })),
  ];
}

export type ClusterRole = 'parent' | 'member';
