/** Whether the security group of the parent's nodes has room for the rules that a list of source ranges needs. */
import type { SecurityGroupRule } from '../aws/ec2/security-groups.js';
import { quotaOf } from '../aws/service-quotas.js';
import type { Clients } from '../clients/clients.js';
import { Problem } from '../errors/problem.js';
import type { FleetCluster } from '../fleet/fleet.js';
import { everyone } from '../model/api-access.js';
import { ruleDescriptions } from './node-rules.js';

/** Inbound rules per security group: the code of AWS Service Quotas, and what every account has (VPC quotas). */
const quota = { service: 'vpc', code: 'L-0EA8095F', usual: 60 } as const;

/** That nodes reach each other, by EKS, and that eksctl's shared group reaches them (observed). */
const rulesOfNewCluster = 2;

export interface RoomNeeded {
  readonly parent: FleetCluster;
  readonly ranges: readonly string[];
  /** How many subnets the load balancer is in. */
  readonly subnets: number;
  /** Undefined while there is no load balancer. */
  readonly balancer: string | undefined;
  /** What is there, by group; undefined while there are no nodes. */
  readonly rules: ReadonlyMap<string, readonly SecurityGroupRule[]> | undefined;
}

/**
 * Problem `too-many-ranges`. The cloud controller needs two rules for each range and one for each subnet, revokes the old ones first,
 * and EC2 refuses all of a request that does not fit: then nobody gets in any more (cloud-provider-aws 1.34.4,
 * `updateInstanceSecurityGroupForNLBTraffic`; observed). The account's own limit is only asked for when the usual one is too low.
 */
export async function tooManyRanges(clients: Clients, needed: RoomNeeded): Promise<Problem | undefined> {
  const { parent, ranges } = needed;
  const groups = needed.rules === undefined ? [] : [...needed.rules.values()];
  const used = groups.map((rules) => usedByOthers(rules, needed));
  // Which of several groups the controller uses is its own choice; there is no room only if none has any.
  const others = used.length === 0 ? rulesOfNewCluster : Math.min(...used);
  const checks = ranges.length === 1 && ranges[0] === everyone ? 0 : needed.subnets;
  const sum = others + checks + 2 * ranges.length;
  if (sum <= quota.usual) return undefined;
  const limit = await limitIn(clients, parent.region);
  if (sum <= limit) return undefined;
  const fitting = Math.max(0, Math.floor((limit - others - checks) / 2));
  const increase = `aws service-quotas request-service-quota-increase --service-code ${quota.service} --quota-code ${quota.code} --desired-value ${sum} --region ${parent.region}`;
  return new Problem('too-many-ranges', {
    what: `the Karmada API cannot be opened to ${ranges.length} source ranges: the security group of the nodes of ${parent.cluster} has room for ${fitting}`,
    why: `the load balancer needs 2 rules for each range and ${checks} for health checks, ${others} others are in the group, and AWS allows ${limit}; beyond that it lets nobody in`,
    next: [
      'set fewer, larger CIDRs, of --allow and of the sources of pull members: 203.0.113.0/24 instead of its single addresses',
      `or request an increase: \`${increase}\``,
    ],
  });
}

/** IPv6 rules are counted by themselves (VPC quotas). Of packet sizes there is one rule a CIDR, whosever client it is. */
function usedByOthers(rules: readonly SecurityGroupRule[], { balancer, ranges }: RoomNeeded): number {
  const ours = balancer === undefined ? [] : [ruleDescriptions.client(balancer), ruleDescriptions.health(balancer)];
  const others = rules.filter(
    ({ CidrIpv6, Description = '' }) =>
      CidrIpv6 === undefined && Description !== ruleDescriptions.mtu && !ours.includes(Description),
  );
  const clients = others.flatMap(({ Description = '', CidrIpv4 }) =>
    CidrIpv4 !== undefined && Description.startsWith(ruleDescriptions.client('')) ? [CidrIpv4] : [],
  );
  return others.length + new Set(clients.filter((range) => !ranges.includes(range))).size;
}

/** A missing permission is no reason to refuse: then the usual limit counts. */
async function limitIn({ world }: Clients, region: string): Promise<number> {
  const found = await quotaOf(world.aws, region, quota).catch((thrown: unknown) => {
    if (thrown instanceof Problem && thrown.code === 'access-denied') return undefined;
    throw thrown;
  });
  return found ?? quota.usual;
}
