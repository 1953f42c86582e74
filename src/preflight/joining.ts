/** Identifies the clusters that are to join: new or existing EKS clusters, or the cluster of a context. */

import pMap from 'p-map';
import { clusterOfContext } from '../access/eks-context.js';
import { readContext } from '../access/member-context.js';
import type { Cluster } from '../aws/eks.js';
import type { Clients } from '../clients/clients.js';
import { Problem } from '../errors/problem.js';
import { refuse } from '../errors/refuse.js';
import { aliasOf } from '../fleet/alias.js';
import {
  type EksCluster,
  type EksMember,
  type Fleet,
  isSameEksCluster,
  type Member,
  type MemberMode,
  withFormer,
} from '../fleet/fleet.js';
import type { MemberRequest } from '../fleet/schema.js';
import { accountRequest } from '../fleet/settings/account-role.js';
import type { Claimant } from '../ownership/cluster-ownership.js';
import { absent, ownershipOf } from '../ownership/name-ownership.js';
import type { Call } from '../tools/run.js';
import { type AccountRole, placeName } from '../world/place.js';

/** The requested clusters and contexts, and the options for all of them. */
export interface Asked {
  readonly clusters: readonly EksCluster[];
  /** Names of contexts in the user's kubeconfig. */
  readonly contexts: readonly string[];
  readonly mode: MemberMode | undefined;
  /** Name in Karmada, for a single one. */
  readonly name: string | undefined;
  /** CIDRs from which the agent of a pull member calls. */
  readonly sources: readonly string[];
  /** A cluster that EKS does not know is to be made. */
  readonly create: boolean;
}

/**
 * The description of each as a member.
 * @throws Problem `cluster-absent`, `context-unknown`, or `plan-refused` with several of them
 */
export async function findJoining(
  clients: Clients,
  claimant: Claimant,
  asked: Asked,
  call: Call,
): Promise<readonly MemberRequest[]> {
  const { concurrency } = clients;
  const found = [
    ...(await pMap(asked.clusters, (ref) => byName(clients, claimant, asked, ref), { concurrency })),
    ...(await pMap(asked.contexts, (context) => byContext(clients, claimant, asked, context, call), { concurrency })),
  ];
  const problems = found.flatMap((each) => (each instanceof Problem ? [each] : []));
  refuse(problems, 'plan-refused', `${problems.length} clusters cannot join; nothing was changed`);
  return found.flatMap((each) => (each instanceof Problem ? [] : [each]));
}

async function byName(
  clients: Clients,
  claimant: Claimant,
  asked: Asked,
  ref: EksCluster,
): Promise<MemberRequest | Problem> {
  const found = await clients.eks(ref).cluster(ref.cluster);
  const known = eksKnownAs(claimant.fleet, ref);
  const isBeingMade = known?.existing === false;
  if (found === undefined && ref.account !== undefined && asked.create && !isBeingMade) return withoutVpc(ref);
  return found === undefined && !asked.create && !isBeingMade
    ? absent(ref)
    : await eksMember(clients, claimant, asked, { ref, found, known });
}

async function byContext(
  clients: Clients,
  claimant: Claimant,
  asked: Asked,
  context: string,
  call: Call,
): Promise<MemberRequest | Problem> {
  const config = await readContext(clients, context, call);
  if (config === undefined) return unknownContext(context);
  const ref = clusterOfContext(clients.world, config, rolesOf(claimant.fleet));
  const found = ref === undefined ? undefined : await seenCluster(clients, ref);
  if (
    ref !== undefined &&
    found?.endpoint !== undefined &&
    isOneServer(found.endpoint, config.clusters[0]?.cluster.server)
  ) {
    return await eksMember(clients, claimant, asked, { ref, found, known: eksKnownAs(claimant.fleet, ref) });
  }
  const known = withFormer(claimant.fleet).members.find((each) => each.kind === 'context' && each.context === context);
  return { ...common(asked, known, aliasOf(context)), context };
}

/** The roles of other accounts through which the fleet knows members. */
function rolesOf(fleet: Fleet): readonly AccountRole[] {
  return withFormer(fleet).members.flatMap((member) => (member.kind === 'eks' ? (member.account ?? []) : []));
}

/** A cluster that these credentials may not see is none of this account, as far as they go. */
async function seenCluster(clients: Clients, cluster: EksCluster): Promise<Cluster | undefined> {
  return await clients
    .eks(cluster)
    .cluster(cluster.cluster)
    .catch((thrown: unknown) => {
      if (thrown instanceof Problem && ['access-denied', 'role-refused'].includes(thrown.code)) return undefined;
      throw thrown;
    });
}

function isOneServer(one: string, other: string | undefined): boolean {
  const plain = (url: string): string => url.toLowerCase().replace(/(:443)?\/*$/, '');
  return other !== undefined && plain(one) === plain(other);
}

interface SeenCluster {
  readonly ref: EksCluster;
  readonly found: Cluster | undefined;
  readonly known: EksMember | undefined;
}

async function eksMember(
  clients: Clients,
  claimant: Claimant,
  asked: Asked,
  { ref, found, known }: SeenCluster,
): Promise<MemberRequest> {
  const { cluster, region, account } = ref;
  const isParent = isSameEksCluster(ref, claimant.fleet.parent);
  const vpc = known?.vpc ?? found?.resourcesVpcConfig?.vpcId;
  const existing = (await ownershipOf(clients, claimant, ref, found)) === 'existing';
  return {
    // The parent's own name is its context already.
    ...common(asked, known, isParent ? `${cluster}-member` : aliasOf(cluster)),
    cluster,
    region,
    ...accountRequest(account),
    ...(vpc === undefined ? {} : { vpc }),
    ...(existing ? { existing } : {}),
  };
}

/** The options for all of them; a cluster that the fleet knows keeps its name. */
function common(
  { name, mode, sources }: Asked,
  known: Member | undefined,
  alias: string,
): Pick<MemberRequest, 'name' | 'mode' | 'sources'> {
  return {
    name: name ?? known?.name ?? alias,
    ...(mode === undefined ? {} : { mode }),
    ...(sources.length === 0 ? {} : { sources: [...sources] }),
  };
}

/** The member, of now or of before, that a cluster is. */
function eksKnownAs(fleet: Fleet, ref: EksCluster): EksMember | undefined {
  const eks = withFormer(fleet).members.flatMap((member) => (member.kind === 'eks' ? [member] : []));
  return eks.find((member) => isSameEksCluster(member, ref));
}

/** Of the parent's VPC, which a new cluster is in otherwise, another account knows nothing. */
function withoutVpc(ref: EksCluster): Problem {
  const { cluster, region, account } = ref;
  const member = `name=${cluster},region=${region},vpc=…,account=${account?.id ?? ''},role=${account?.role ?? ''}`;
  return new Problem('invalid-value', {
    what: `EKS cluster ${cluster} in ${placeName(ref)} does not exist, and to create it a VPC of that account is needed`,
    next: [`describe it: --member ${member}`],
  });
}

function unknownContext(context: string): Problem {
  return new Problem('context-unknown', {
    what: `your kubeconfig has no context ${context}`,
    next: ['list the contexts: kubectl config get-contexts', 'or set KUBECONFIG to the file that contains it'],
  });
}
