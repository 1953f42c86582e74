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
import { ownRegion } from '../world/place.js';

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
  readonly region: string;
  readonly used: () => Promise<number>;
  readonly more: number;
}

/** All quotas of all regions, in parallel. Of a region in which nothing is to be created nothing is read. */
export async function checkQuotas(
  clients: Clients,
  fleet: Fleet,
  missing: readonly FleetCluster[],
  partition: string,
): Promise<readonly QuotaCheck[]> {
  const regions = [...new Set([fleet.parent, ...missing].map(({ region }) => region))];
  const checks = await Promise.all([
    ...regions.map((region) => regional(clients, fleet, region, missing)),
    wholeAccount(clients, fleet, missing, partition),
  ]);
  return checks.flat();
}

async function regional(
  clients: Clients,
  fleet: Fleet,
  region: string,
  allMissing: readonly FleetCluster[],
): Promise<readonly QuotaCheck[]> {
  const missing = allMissing.filter((each) => each.region === region);
  if (missing.length === 0) {
    const diagnostics = [ok('every cluster exists; no additional quota is needed')];
    return [{ id: 'quotas', about: region, diagnostics }];
  }
  const { aws } = clients.world;
  const clusters: Count = {
    quota: quotas.clusters,
    things: 'EKS clusters',
    region,
    used: async () => (await clients.eks(ownRegion(region)).clusters()).length,
    more: missing.length,
  };
  const balancers: Count = {
    quota: quotas.loadBalancers,
    things: 'Network Load Balancers',
    region,
    used: () => networkLoadBalancers(aws, ownRegion(region)),
    more: 1,
  };
  const holdsParent = missing.some((each) => isSameEksCluster(each, fleet.parent));
  return await Promise.all([
    ...vcpuChecks(clients, fleet, region, missing),
    readable('quota-clusters', region, () => checkCount(clients, clusters)),
    ...(holdsParent ? [readable('quota-nlb', region, () => checkCount(clients, balancers))] : []),
  ]);
}

/** IAM is counted in the whole account, and its quotas are told in one region of the commercial partition. */
async function wholeAccount(
  clients: Clients,
  fleet: Fleet,
  missing: readonly FleetCluster[],
  partition: string,
): Promise<readonly QuotaCheck[]> {
  if (missing.length === 0) return [];
  const about = 'whole account';
  const roles = missing.reduce(
    (sum, each) => sum + rolesOf[isSameEksCluster(each, fleet.parent) ? 'parent' : 'member'],
    0,
  );
  return await Promise.all([
    readable('quota-oidc', about, () => checkProviders(clients, partition, missing.length)),
    readable('quota-roles', about, () => checkRoles(clients, partition, fleet.parent.region, roles)),
  ]);
}

async function checkProviders(clients: Clients, partition: string, more: number): Promise<readonly Diagnostic[]> {
  if (partition !== 'aws') {
    const what = `the region of IAM quotas in partition ${partition} is unknown`;
    return [unchecked({ what, next: ['check IAM’s quota of OIDC providers in the console'] })];
  }
  return await checkCount(clients, {
    quota: quotas.oidcProviders,
    things: 'OIDC providers',
    region: iamRegion,
    used: async () => (await oidcProviders(clients.world.aws, ownRegion(iamRegion))).length,
    more,
  });
}

/** IAM tells this limit itself, in every partition. */
async function checkRoles(
  { world }: Clients,
  partition: string,
  region: string,
  more: number,
): Promise<readonly Diagnostic[]> {
  const { used, limit } = await roleUsage(world.aws, region);
  const askedIn = partition === 'aws' ? iamRegion : region;
  return judge({ quota: quotas.roles, things: 'IAM roles', region: askedIn, more }, limit, used);
}

/** Spot Instances have a quota of their own. */
function vcpuChecks(
  clients: Clients,
  fleet: Fleet,
  region: string,
  missing: readonly FleetCluster[],
): readonly Promise<QuotaCheck>[] {
  const onSpot = missing.filter((each) => nodeFormOf(fleet, each).spot).length;
  const onDemand = missing.length - onSpot;
  const check = (lifecycle: Lifecycle, clusters: number) => () =>
    checkVcpus(clients, fleet, { region, lifecycle, clusters });
  return [
    ...(onDemand > 0 ? [readable('quota-vcpus', region, check('on-demand', onDemand))] : []),
    ...(onSpot > 0 ? [readable('quota-spot-vcpus', region, check('spot', onSpot))] : []),
  ];
}

interface NewNodes {
  readonly region: string;
  readonly lifecycle: Lifecycle;
  /** How many clusters get such nodes. */
  readonly clusters: number;
}

/** Of several types all nodes may be of the largest. */
async function checkVcpus(
  clients: Clients,
  fleet: Fleet,
  { region, lifecycle, clusters }: NewNodes,
): Promise<readonly Diagnostic[]> {
  const { aws } = clients.world;
  const kind = lifecycle === 'spot' ? 'Spot' : 'On-Demand';
  const others = fleet.instanceTypes.filter((type) => !isStandardType(type));
  if (others.length > 0) {
    const what = `${others.join(', ')} ${others.length === 1 ? 'does' : 'do'} not count against the quota of Standard instances`;
    return [unchecked({ what, next: [`check EC2’s quotas of ${kind} instances in the console`] })];
  }
  const largest = await capacityOf(aws, region, fleet.instanceTypes);
  // That the region does not have a type is a finding about the network.
  if (largest === undefined) return [];
  return await checkCount(clients, {
    quota: lifecycle === 'spot' ? quotas.spotVcpus : quotas.vcpus,
    things: `vCPUs of ${kind} Standard instances`,
    region,
    used: () => standardVcpusInUse(aws, region, lifecycle),
    more: largest.vcpus * fleet.nodes * clusters,
  });
}

/** @throws Problem as `answerOf` */
export async function checkCount({ world }: Clients, count: Count): Promise<readonly Diagnostic[]> {
  const [limit, used] = await Promise.all([quotaOf(world.aws, count.region, count.quota), count.used()]);
  return judge(count, limit, used);
}

function judge(
  { quota, things, region, more }: Omit<Count, 'used'>,
  limit: number | undefined,
  used: number,
): readonly Diagnostic[] {
  if (limit === undefined) {
    const what = `AWS names no value for quota ${quota.code}`;
    return [unchecked({ what, next: [`check quota ${quota.code} of ${quota.service} in the console`] })];
  }
  const sum = `${used} of ${limit} ${things} ${used === 1 ? 'is' : 'are'} in use; needed: ${more} more`;
  if (used + more <= limit) return [ok(sum)];
  const request = `aws service-quotas request-service-quota-increase --service-code ${quota.service} --quota-code ${quota.code} --desired-value ${used + more} --region ${region}`;
  return [
    new Problem('quota-too-low', {
      what: `the quota of ${things} in ${region} is too low: ${sum}`,
      why: `quota ${quota.code} of ${quota.service}`,
      next: [`request an increase: \`${request}\``],
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
