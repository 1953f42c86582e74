/** Security group rules of a load balancer that was deleted before its Service. */
import { nodeRules, ruleDescriptions } from '../../access/node-rules.js';
import { makeEc2Leftovers } from '../../aws/ec2/ec2-leftovers.js';
import type { SecurityGroupRule } from '../../aws/ec2/security-groups.js';
import { loadBalancersOf } from '../../aws/elb/load-balancers.js';
import type { CallContext } from '../../engine/step.js';
import { type FleetContext, parentAccess } from '../context.js';

/**
 * Revokes them while the Service still proves whose they are: the cloud controller does so only for a load balancer that it finds
 * (cloud-provider-aws 1.34.4, `EnsureLoadBalancerDeleted`; observed).
 * @param balancer the name of the load balancer in the status of the fleet's Service
 */
export async function revokeOrphanRules(context: FleetContext, balancer: string, call: CallContext): Promise<void> {
  const { clients, fleet } = context;
  const { parent } = fleet;
  const { aws } = clients.world;
  if ((await loadBalancersOf(aws, parent)).some(({ name }) => name === balancer)) return;
  const groups =
    (await nodeRules(clients, parentAccess(context), parent.region, call)) ??
    new Map<string, readonly SecurityGroupRule[]>();
  for (const [group, rules] of groups) {
    for (const { SecurityGroupRuleId: id = '' } of rulesOf(rules, balancer))
      await makeEc2Leftovers(aws, parent).revokeIngress(group, id);
  }
}

/** Those for packet sizes come first: by the others it is known whose they are. */
function rulesOf(rules: readonly SecurityGroupRule[], balancer: string): readonly SecurityGroupRule[] {
  const { client, health, mtu } = ruleDescriptions;
  const clients = rules.filter(({ Description = '' }) => Description.startsWith(client('')));
  const isOurs = ({ Description = '' }: SecurityGroupRule): boolean =>
    [client(balancer), health(balancer)].includes(Description);
  const isOnlyOurs = ({ CidrIpv4 }: SecurityGroupRule): boolean => {
    const same = clients.filter((each) => each.CidrIpv4 === CidrIpv4);
    return same.length > 0 && same.every(isOurs);
  };
  return [...rules.filter((rule) => rule.Description === mtu && isOnlyOurs(rule)), ...rules.filter(isOurs)];
}
