/** Whether the account's quotas leave room for the clusters still to be created. */
import { elasticIps, isStandardType, standardVcpusInUse, vcpusOf } from '../aws/capacity.js';
import { networkLoadBalancers } from '../aws/elb/load-balancers.js';
import { oidcProviders } from '../aws/iam/iam.js';
import { type QuotaRef, quotaOf } from '../aws/service-quotas.js';
import type { Clients } from '../clients/clients.js';
import { ok, unchecked, warning } from '../errors/diagnostic.js';
import type { Diagnostic } from '../errors/problem.js';
import type { Fleet, FleetCluster } from '../fleet/fleet.js';
import type { AwsClients } from '../world/aws.js';
import { about, type Finding, optional, type Topic } from './diagnosis.js';

/** Codes and services as AWS Service Quotas names them. */
const quotas = {
  vcpus: { service: 'ec2', code: 'L-1216C47A' },
  elasticIps: { service: 'ec2', code: 'L-0263D0A3' },
  clusters: { service: 'eks', code: 'L-1194D53C' },
  loadBalancers: { service: 'elasticloadbalancing', code: 'L-69A177A2' },
  oidcProviders: { service: 'iam', code: 'L-858F3967' },
} as const satisfies Record<string, QuotaRef>;

/** Service Quotas knows those of IAM in this region only (partition `aws`). */
const iamRegion = 'us-east-1';

export interface QuotaNeeds {
  readonly fleet: Fleet;
  readonly region: string;
  /** Clusters of the region that do not exist yet. */
  readonly missing: readonly FleetCluster[];
  /** Whether a NAT gateway is what the region's network lacks: it would need an Elastic IP. */
  readonly lacksNat: boolean;
}

/** A counted resource: its limit, its usage, and how many more are needed. */
interface Count {
  readonly quota: QuotaRef;
  /** In the plural, e.g. `EKS clusters`. */
  readonly things: string;
  readonly region: string;
  readonly used: () => Promise<number>;
  readonly more: () => Promise<number>;
}

/** All quotas of a region, in parallel. Nothing is read if nothing is to be created. */
export async function checkQuotas(clients: Clients, spec: QuotaNeeds): Promise<readonly Finding[]> {
  const { aws } = clients.world;
  const { fleet, region, missing } = spec;
  const topic = (id: string): Topic => ({ group: 'quotas', id, about: region });
  if (missing.length === 0) return about(topic('quotas'), ok('every cluster exists; no additional quota is needed'));
  const clusters: Count = {
    quota: quotas.clusters,
    things: 'EKS clusters',
    region,
    used: async () => (await clients.eks(region).clusters()).length,
    more: async () => missing.length,
  };
  const balancers: Count = {
    quota: quotas.loadBalancers,
    things: 'Network Load Balancers',
    region,
    used: () => networkLoadBalancers(aws, region),
    more: async () => 1,
  };
  const holdsParent = missing.some(({ cluster }) => cluster === fleet.parent.cluster) && region === fleet.parent.region;
  const answers = await Promise.all([
    optional(topic('quota-vcpus'), () => checkVcpus(aws, spec)),
    optional(topic('quota-clusters'), () => checkCount(aws, clusters)),
    ...(holdsParent ? [optional(topic('quota-nlb'), () => checkCount(aws, balancers))] : []),
    optional(topic('quota-eip'), () => checkAddresses(aws, spec)),
  ]);
  return answers.flat();
}

/** OIDC providers are counted in the whole account. */
export async function checkOidcProviders(
  clients: Clients,
  partition: string,
  more: number,
): Promise<readonly Diagnostic[]> {
  const { aws } = clients.world;
  if (more === 0) return [];
  if (partition !== 'aws') {
    const what = `the region of IAM quotas in partition ${partition} is unknown`;
    return [unchecked({ what, next: ['check IAM’s quota of OIDC providers in the console'] })];
  }
  const providers: Count = {
    quota: quotas.oidcProviders,
    things: 'OIDC providers',
    region: iamRegion,
    used: async () => (await oidcProviders(aws, iamRegion)).length,
    more: async () => more,
  };
  return await checkCount(aws, providers);
}

async function checkVcpus(aws: AwsClients, { fleet, region, missing }: QuotaNeeds): Promise<readonly Diagnostic[]> {
  if (!isStandardType(fleet.instanceType)) {
    const what = `${fleet.instanceType} does not count against the quota of Standard instances`;
    return [unchecked({ what, next: ['check EC2’s quotas of On-Demand instances in the console'] })];
  }
  const each = await vcpusOf(aws, region, fleet.instanceType);
  // That the region does not have the type is a finding about the network.
  if (each === undefined) return [];
  return await checkCount(aws, {
    quota: quotas.vcpus,
    things: 'vCPUs of On-Demand Standard instances',
    region,
    used: () => standardVcpusInUse(aws, region),
    more: async () => each * fleet.nodes * missing.length,
  });
}

async function checkCount(aws: AwsClients, count: Count): Promise<readonly Diagnostic[]> {
  const { quota, things, region } = count;
  const [limit, used, more] = await Promise.all([quotaOf(aws, region, quota), count.used(), count.more()]);
  if (limit === undefined) {
    const what = `AWS names no value for quota ${quota.code}`;
    return [unchecked({ what, next: [`check quota ${quota.code} of ${quota.service} in the console`] })];
  }
  const sum = `${used} of ${limit} ${things} ${used === 1 ? 'is' : 'are'} in use; needed: ${more} more`;
  if (used + more <= limit) return [ok(sum)];
  const request = `aws service-quotas request-service-quota-increase --service-code ${quota.service} --quota-code ${quota.code} --desired-value ${used + more} --region ${region}`;
  const what = `the quota of ${things} in ${region} is too low: ${sum}`;
  const why = `quota ${quota.code} of ${quota.service}`;
  return [{ severity: 'error', what, why, next: [`request an increase: \`${request}\``] }];
}

/** The fleet takes no Elastic IP; the NAT gateway that its network may lack would. */
async function checkAddresses(aws: AwsClients, spec: QuotaNeeds): Promise<readonly Diagnostic[]> {
  const [limit, used] = await Promise.all([quotaOf(aws, spec.region, quotas.elasticIps), elasticIps(aws, spec.region)]);
  const sum = `${used} of ${limit ?? 'an unknown number of'} Elastic IPs are allocated; the fleet needs none`;
  if (!spec.lacksNat || limit === undefined || used < limit) return [ok(sum)];
  const what = `all ${limit} Elastic IPs of ${spec.region} are allocated: a NAT gateway would need one`;
  const why = `quota ${quotas.elasticIps.code} of ec2`;
  return [warning({ what, why, next: ['release one, or request an increase of this quota'] })];
}
