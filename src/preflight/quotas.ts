/** Whether the account's quotas leave room for the clusters still to be created. */
import { capacityOf, isStandardType, type Lifecycle, standardVcpusInUse } from '../aws/ec2/capacity.js';
import { networkLoadBalancers } from '../aws/elb/load-balancers.js';
import { oidcProviders, roleUsage } from '../aws/iam/iam.js';
import { type QuotaRef, quotaOf } from '../aws/service-quotas.js';
import type { Clients } from '../clients/clients.js';
import { ok, unchecked } from '../errors/diagnostic.js';
import { type Diagnostic, Problem } from '../errors/problem.js';
import { type Fleet, type FleetCluster, isSameEksCluster } from '../fleet/fleet.js';
import { nodeFormOf } from '../fleet/settings/node-form.js';
import { type AccountRole, type AwsPlace, asWhom, differentPlaces, isSamePlace, placeName } from '../world/place.js';

/** Codes and services as AWS Service Quotas names them. */
const quotas = {
  vcpus: { service: 'ec2', code: 'L-1216C47A' },
  spotVcpus: { service: 'ec2', code: 'L-34B43A08' },
  clusters: { service: 'eks', code: 'L-1194D53C' },
  loadBalancers: { service: 'elasticloadbalancing', code: 'L-69A177A2' },
  oidcProviders: { service: 'iam', code: 'L-858F3967' },
  roles: { service: 'iam', code: 'L-FE177D64' },
} as const satisfies Record<string, QuotaRef>;

/** Service Quotas knows those of IAM in this region only (partition `aws`). */
const iamRegion = 'us-east-1';

/**
 * Roles that eksctl creates for a cluster of the fleet: of the control plane, of the nodes, of vpc-cni, and in the parent of the EBS CSI
 * driver (0.230.0, pkg/cfn/builder/iam.go, pkg/actions/addon/create.go).
 */
const rolesOf = { parent: 4, member: 3 } as const;

export type QuotaId =
  | 'quotas'
  | 'quota-vcpus'
  | 'quota-spot-vcpus'
  | 'quota-clusters'
  | 'quota-nlb'
  | 'quota-oidc'
  | 'quota-roles'
  | 'quota-vpcs'
  | 'quota-igw'
  | 'quota-nat'
  | 'quota-addresses';

/** What is known of one quota; one that cannot be read is `unknown`, which is no reason to refuse. */
export interface QuotaCheck {
  readonly id: QuotaId;
  /** A region, or `whole account`. */
  readonly about: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** A counted resource: its limit, its usage, and how many more are needed. */
interface Count {
  readonly quota: QuotaRef;
  /** In the plural, e.g. `EKS clusters`. */
  readonly things: string;
  /** Whose Service Quotas are asked. */
  readonly place: AwsPlace;
  readonly used: () => Promise<number>;
  readonly more: number;
}

/** All quotas of all regions of all accounts, in parallel. Of a region in which nothing is to be created nothing is read. */
export async function checkQuotas(
  clients: Clients,
  fleet: Fleet,
  missing: readonly FleetCluster[],
  partition: string,
): Promise<readonly QuotaCheck[]> {
  const places = differentPlaces([fleet.parent, ...missing]);
  const accounts = new Map(missing.map(({ account }) => [account?.id, account]));
  const checks = await Promise.all([
    ...places.map((place) => regional(clients, fleet, place, missing)),
    ...[...accounts.values()].map((account) => wholeAccount(clients, fleet, account, { missing, partition })),
  ]);
  return checks.flat();
}

async function regional(
  clients: Clients,
  fleet: Fleet,
  place: AwsPlace,
  allMissing: readonly FleetCluster[],
): Promise<readonly QuotaCheck[]> {
  const missing = allMissing.filter((each) => isSamePlace(each, place));
  const about = placeName(place);
  if (missing.length === 0) {
    const diagnostics = [ok('every cluster exists; no additional quota is needed')];
    return [{ id: 'quotas', about, diagnostics }];
  }
  const { aws } = clients.world;
  const clusters: Count = {
    quota: quotas.clusters,
    things: 'EKS clusters',
    place,
    used: async () => (await clients.eks(place).clusters()).length,
    more: missing.length,
  };
  const balancers: Count = {
    quota: quotas.loadBalancers,
    things: 'Network Load Balancers',
    place,
    used: () => networkLoadBalancers(aws, place),
    more: 1,
  };
  const holdsParent = missing.some((each) => isSameEksCluster(each, fleet.parent));
  return await Promise.all([
    ...vcpuChecks(clients, fleet, place, missing),
    readable('quota-clusters', about, () => checkCount(clients, clusters)),
    ...(holdsParent ? [readable('quota-nlb', about, () => checkCount(clients, balancers))] : []),
  ]);
}

interface NewThings {
  /** Clusters of all accounts. */
  readonly missing: readonly FleetCluster[];
  readonly partition: string;
}

/** IAM is counted in the whole account, and its quotas are told in one region of the commercial partition. */
async function wholeAccount(
  clients: Clients,
  fleet: Fleet,
  account: AccountRole | undefined,
  { missing: allMissing, partition }: NewThings,
): Promise<readonly QuotaCheck[]> {
  const missing = allMissing.filter((each) => each.account?.id === account?.id);
  const about = account === undefined ? 'whole account' : `whole account ${account.id}`;
  const roles = missing.reduce(
    (sum, each) => sum + rolesOf[isSameEksCluster(each, fleet.parent) ? 'parent' : 'member'],
    0,
  );
  const place = { region: fleet.parent.region, account };
  return await Promise.all([
    readable('quota-oidc', about, () => checkProviders(clients, partition, place, missing.length)),
    readable('quota-roles', about, () => checkRoles(clients, partition, place, roles)),
  ]);
}

async function checkProviders(
  clients: Clients,
  partition: string,
  { account }: AwsPlace,
  more: number,
): Promise<readonly Diagnostic[]> {
  if (partition !== 'aws') {
    const what = `the region of IAM quotas in partition ${partition} is unknown`;
    return [unchecked({ what, next: ['check IAM’s quota of OIDC providers in the console'] })];
  }
  const place = { region: iamRegion, account };
  return await checkCount(clients, {
    quota: quotas.oidcProviders,
    things: 'OIDC providers',
    place,
    used: async () => (await oidcProviders(clients.world.aws, place)).length,
    more,
  });
}

/** IAM tells this limit itself, in every partition. */
async function checkRoles(
  { world }: Clients,
  partition: string,
  place: AwsPlace,
  more: number,
): Promise<readonly Diagnostic[]> {
  const { used, limit } = await roleUsage(world.aws, place);
  const askedIn = partition === 'aws' ? { ...place, region: iamRegion } : place;
  return judge({ quota: quotas.roles, things: 'IAM roles', place: askedIn, more }, limit, used);
}

/** Spot Instances have a quota of their own. */
function vcpuChecks(
  clients: Clients,
  fleet: Fleet,
  place: AwsPlace,
  missing: readonly FleetCluster[],
): readonly Promise<QuotaCheck>[] {
  const onSpot = missing.filter((each) => nodeFormOf(fleet, each).spot).length;
  const onDemand = missing.length - onSpot;
  const about = placeName(place);
  const check = (lifecycle: Lifecycle, clusters: number) => () =>
    checkVcpus(clients, fleet, { place, lifecycle, clusters });
  return [
    ...(onDemand > 0 ? [readable('quota-vcpus', about, check('on-demand', onDemand))] : []),
    ...(onSpot > 0 ? [readable('quota-spot-vcpus', about, check('spot', onSpot))] : []),
  ];
}

interface NewNodes {
  readonly place: AwsPlace;
  readonly lifecycle: Lifecycle;
  /** How many clusters get such nodes. */
  readonly clusters: number;
}

/** Of several types all nodes may be of the largest. */
async function checkVcpus(
  clients: Clients,
  fleet: Fleet,
  { place, lifecycle, clusters }: NewNodes,
): Promise<readonly Diagnostic[]> {
  const { aws } = clients.world;
  const kind = lifecycle === 'spot' ? 'Spot' : 'On-Demand';
  const others = fleet.instanceTypes.filter((type) => !isStandardType(type));
  if (others.length > 0) {
    const what = `${others.join(', ')} ${others.length === 1 ? 'does' : 'do'} not count against the quota of Standard instances`;
    return [unchecked({ what, next: [`check EC2’s quotas of ${kind} instances in the console`] })];
  }
  const largest = await capacityOf(aws, place, fleet.instanceTypes);
  // That the region does not have a type is a finding about the network.
  if (largest === undefined) return [];
  return await checkCount(clients, {
    quota: lifecycle === 'spot' ? quotas.spotVcpus : quotas.vcpus,
    things: `vCPUs of ${kind} Standard instances`,
    place,
    used: () => standardVcpusInUse(aws, place, lifecycle),
    more: largest.vcpus * fleet.nodes * clusters,
  });
}

/** @throws Problem as `answerOf` */
export async function checkCount({ world }: Clients, count: Count): Promise<readonly Diagnostic[]> {
  const [limit, used] = await Promise.all([quotaOf(world.aws, count.place, count.quota), count.used()]);
  return judge(count, limit, used);
}

function judge(
  { quota, things, place, more }: Omit<Count, 'used'>,
  limit: number | undefined,
  used: number,
): readonly Diagnostic[] {
  if (limit === undefined) {
    const what = `AWS names no value for quota ${quota.code}`;
    return [unchecked({ what, next: [`check quota ${quota.code} of ${quota.service} in the console`] })];
  }
  const sum = `${used} of ${limit} ${things} ${used === 1 ? 'is' : 'are'} in use; needed: ${more} more`;
  if (used + more <= limit) return [ok(sum)];
  const request = `aws service-quotas request-service-quota-increase --service-code ${quota.service} --quota-code ${quota.code} --desired-value ${used + more} --region ${place.region}`;
  return [
    new Problem('quota-too-low', {
      what: `the quota of ${things} in ${placeName(place)} is too low: ${sum}`,
      why: `quota ${quota.code} of ${quota.service}`,
      next: [`request an increase: \`${request}\`${asWhom(place)}`],
    }),
  ];
}

/** What could not be read is no reason to refuse. */
export async function readable(
  id: QuotaId,
  about: string,
  check: () => Promise<readonly Diagnostic[]>,
): Promise<QuotaCheck> {
  try {
    return { id, about, diagnostics: await check() };
  } catch (thrown) {
    if (!(thrown instanceof Problem) || thrown.code === 'interrupted' || thrown.code === 'rehearsal-unmodelled')
      throw thrown;
    const { what, why, next } = thrown;
    return { id, about, diagnostics: [unchecked({ what, why, next })] };
  }
}
