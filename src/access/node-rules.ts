/**
 * The rules in the security groups of the parent's nodes by which the cloud controller lets clients reach the Karmada API
 * (cloud-provider-aws 1.34.4, `updateInstanceSecurityGroupsForNLB`).
 */

import { groupsOfInstances, type SecurityGroupRule, securityGroupRules } from '../aws/ec2/security-groups.js';
import type { Clients } from '../clients/clients.js';
import { Problem } from '../errors/problem.js';
import { everyone, ipv4Of } from '../model/api-access.js';
import { contains } from '../model/cidr.js';
import type { KubeAccess } from '../tools/kubectl/commands.js';
import { node } from '../tools/kubectl/objects.js';
import type { Call } from '../tools/run.js';
import { ownRegion } from '../world/place.js';
import { type ApiLoadBalancer, loadBalancerName } from './load-balancer.js';

/** EC2 lists at most 200 values of a filter; nodes of one cluster share their groups. */
const mostInstances = 100;

/** Describes a rule for clients, one for health checks, and one for packet sizes, which all load balancers share. */
export const ruleDescriptions = {
  client: (balancer: string) => `kubernetes.io/rule/nlb/client=${balancer}`,
  health: (balancer: string) => `kubernetes.io/rule/nlb/health=${balancer}`,
  mtu: 'kubernetes.io/rule/nlb/mtu',
} as const;

/**
 * What the groups of the nodes let in, by group; undefined while there are no nodes, and then no rules, or while they are not
 * known. A node counts as soon as it has an instance.
 */
export async function nodeRules(
  clients: Clients,
  parent: KubeAccess,
  region: string,
  call: Call,
): Promise<ReadonlyMap<string, readonly SecurityGroupRule[]> | undefined> {
  const nodes = await clients.kubectl.list(parent, { kind: 'nodes' }, node, call).catch(ifUntold);
  const instances = nodes.flatMap(({ spec }) => /\/(i-[^/]+)$/.exec(spec?.providerID ?? '')?.[1] ?? []);
  if (instances.length === 0) return undefined;
  const { aws } = clients.world;
  const groups = await groupsOfInstances(aws, ownRegion(region), instances.sort().slice(0, mostInstances));
  const rules = groups.length === 0 ? [] : await securityGroupRules(aws, ownRegion(region), groups);
  const entering = rules.filter(({ IsEgress }) => IsEgress !== true);
  return new Map(groups.map((id) => [id, entering.filter(({ GroupId }) => GroupId === id)]));
}

/** A cluster that does not tell of its nodes is a problem elsewhere. */
function ifUntold(thrown: unknown): readonly [] {
  if (thrown instanceof Problem && thrown.code === 'tool-failed') return [];
  throw thrown;
}

/** Where what the nodes let in is not what the Service asks for. */
export interface RuleDifference {
  /** Source ranges that are not let in. */
  readonly closed: readonly string[];
  /** CIDRs that only a rule for clients of this load balancer lets in, though the Service does not name them any more. */
  readonly stale: readonly string[];
  /** Rules that somebody made, by which others get in. */
  readonly opened: readonly { readonly cidr: string; readonly group: string; readonly rule: string }[];
}

/** Nothing differs while the cluster has no nodes. */
export async function ruleDifference(
  clients: Clients,
  parent: KubeAccess,
  region: string,
  balancer: Pick<ApiLoadBalancer, 'hostname' | 'sourceRanges' | 'nodePorts'>,
  call: Call,
): Promise<RuleDifference> {
  const found = await nodeRules(clients, parent, region, call);
  if (found === undefined) return { closed: [], stale: [], opened: [] };
  const name = loadBalancerName(balancer.hostname);
  const ranges = balancer.sourceRanges.length === 0 ? [everyone] : ipv4Of(balancer.sourceRanges);
  const entering = [...found.values()].flat().flatMap((rule) => {
    const { CidrIpv4: cidr, GroupId: group = '', SecurityGroupRuleId: id = '' } = rule;
    const isForClients = rule.Description === ruleDescriptions.client(name);
    const isForHealth = rule.Description === ruleDescriptions.health(name);
    const isRule = cidr !== undefined && reaches(rule, balancer.nodePorts);
    return isRule ? [{ cidr, group, rule: id, isForClients, isForHealth }] : [];
  });
  // A range that is also a subnet of the load balancer has no rule but that for health checks: EC2 takes none twice.
  const others = entering.filter(
    ({ cidr, isForHealth }) => !isForHealth && !ranges.some((range) => contains(range, cidr)),
  );
  return {
    closed: ranges.filter((range) => !entering.some(({ cidr }) => contains(cidr, range))),
    stale: others.flatMap(({ cidr, isForClients }) => (isForClients ? [cidr] : [])),
    opened: others.flatMap(({ isForClients, cidr, group, rule }) => (isForClients ? [] : [{ cidr, group, rule }])),
  };
}

/** Whether a rule is for one of these TCP ports; -1 is any protocol (EC2 API, SecurityGroupRule). */
function reaches(
  { IpProtocol: protocol, FromPort: from = 0, ToPort: to = 65_535 }: SecurityGroupRule,
  ports: readonly number[],
): boolean {
  return protocol === '-1' || (protocol === 'tcp' && ports.some((port) => from <= port && port <= to));
}
