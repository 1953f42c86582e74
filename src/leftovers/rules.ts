/**
 * Leftover rules in the security groups of a parent that is kept, which the cloud controller made for a load balancer; those
 * of other clusters are deleted with them.
 */

import { ruleDescriptions } from '../access/node-rules.js';
import { makeEc2Leftovers } from '../aws/ec2/ec2-leftovers.js';
import { type SecurityGroupRule, securityGroupRules } from '../aws/ec2/security-groups.js';
import { loadBalancersOf } from '../aws/elb/load-balancers.js';
import { karmadaPort } from '../fleet/defaults.js';
import { ownedTag, ownersIn } from '../ownership/cluster-tags.js';
import { isSamePlace } from '../world/place.js';
import type { FoundThing, Leftover } from './leftover.js';
import { balancerVerdict } from './load-balancers.js';
import { isOwnCluster, type LeftoverScope } from './scope.js';

type RuleVerdict = Pick<Leftover, 'whose' | 'evidence'>;

/**
 * Rules for clients and health checks are as a load balancer that is left, which their description names. When that was deleted first,
 * nothing proves whose it was: at the node port of the Karmada API they are perhaps the fleet's. Those for packet sizes are shared
 * by all load balancers: each is as the client rules of its CIDR if these are alike.
 */
export async function findRulesLeft(scope: LeftoverScope): Promise<readonly FoundThing[]> {
  const { clients, fleet, region } = scope;
  const balancers = await loadBalancersOf(clients.world.aws, scope);
  const verdicts = new Map(balancers.map((balancer) => [balancer.name, balancerVerdict(scope, balancer)]));
  const ours = balancers.filter(({ name }) => verdicts.get(name) !== undefined);
  const parent = isSamePlace(scope, fleet.parent) ? [fleet.parent.cluster] : [];
  const owners = new Set([...ours.flatMap(({ tags }) => ownersIn(tags)), ...parent]);
  const rules = await rulesIn(
    scope,
    [...owners].filter((owner) => stays(scope, owner)),
  );
  const verdictOf = (rule: SecurityGroupRule): RuleVerdict | undefined => {
    const name = balancerIn(rule);
    if (name === undefined) return undefined;
    return balancers.some((balancer) => balancer.name === name) ? verdicts.get(name) : orphanVerdict(rule);
  };
  return rules.flatMap((rule): readonly FoundThing[] => {
    const verdict = rule.Description === ruleDescriptions.mtu ? sharedVerdict(rule, rules, verdictOf) : verdictOf(rule);
    return verdict === undefined ? [] : [leftoverRule(rule, region, verdict)];
  });
}

function leftoverRule(rule: SecurityGroupRule, region: string, verdict: RuleVerdict): FoundThing {
  const { SecurityGroupRuleId: id = '', GroupId: within = '', Description = '', CidrIpv4 = '' } = rule;
  const detail = `${Description} from ${CidrIpv4}`;
  return { kind: 'security group rule', id, name: id, region, detail, usdPerHour: 0, within, ...verdict };
}

/** What the groups of clusters let in, of those that the cloud controller looks at. */
async function rulesIn(scope: LeftoverScope, owners: readonly string[]): Promise<readonly SecurityGroupRule[]> {
  const { aws } = scope.clients.world;
  const ec2 = makeEc2Leftovers(aws, scope);
  const look = (owner: string) => ec2.securityGroups({ key: ownedTag(owner), values: ['owned'] });
  const groups = (await Promise.all(owners.map(look))).flat().map(({ GroupId = '' }) => GroupId);
  const rules = groups.length === 0 ? [] : await securityGroupRules(aws, scope, [...new Set(groups)]);
  return rules.filter(({ IsEgress }) => IsEgress !== true);
}

/** The name of the load balancer in the description of a rule for clients or health checks. */
function balancerIn({ Description = '' }: SecurityGroupRule): string | undefined {
  const { client, health } = ruleDescriptions;
  const prefix = [client(''), health('')].find((each) => Description.startsWith(each));
  return prefix === undefined ? undefined : Description.slice(prefix.length);
}

function orphanVerdict({ FromPort }: SecurityGroupRule): RuleVerdict | undefined {
  if (FromPort !== karmadaPort.firstNodePort) return undefined;
  return { whose: 'perhaps', evidence: `perhaps: node port ${FromPort} only; its load balancer was deleted` };
}

/** Undefined also where a client of somebody else's load balancer has the same CIDR. */
function sharedVerdict(
  { GroupId, CidrIpv4 }: SecurityGroupRule,
  rules: readonly SecurityGroupRule[],
  verdictOf: (rule: SecurityGroupRule) => RuleVerdict | undefined,
): RuleVerdict | undefined {
  const clients = rules.filter(
    (rule) =>
      rule.GroupId === GroupId &&
      rule.CidrIpv4 === CidrIpv4 &&
      rule.Description?.startsWith(ruleDescriptions.client('')) === true,
  );
  const verdicts = clients.map(verdictOf);
  if (verdicts.includes(undefined)) return undefined;
  return verdicts.find((verdict) => verdict?.whose === 'perhaps') ?? verdicts[0];
}

/** The fleet's own clusters take their security groups with them. */
function stays(scope: LeftoverScope, name: string): boolean {
  return scope.clusters.has(name) && !isOwnCluster(scope, name);
}
