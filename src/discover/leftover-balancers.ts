/** Load balancers and target groups that are left, and the rules that the cloud controller made for them in a cluster that stays. */
import { makeEc2Left } from '../aws/ec2-left.js';
import { type LoadBalancer, loadBalancersOf, targetGroupsOf } from '../aws/load-balancers.js';
import { fleetTag } from '../fleet/names.js';
import type { Leftover } from './leftover.js';
import { balancerUsd } from './leftover-cost.js';
import { isOurs, type LeftoverScope, ownedTag, ownersIn } from './leftover-scope.js';

export async function balancersLeft(scope: LeftoverScope): Promise<readonly Leftover[]> {
  const { clients, region } = scope;
  return await Promise.all(
    (await ourBalancers(scope)).map(async ({ arn, name, type, vpcId }): Promise<Leftover> => {
      const interfaces = await clients.ec2(region).loadBalancerInterfaces(name);
      const addresses = interfaces.filter(({ Association }) => Association?.PublicIp !== undefined).length;
      const detail = `in ${vpcId}, ${addresses} public addresses`;
      return { kind: 'load balancer', id: arn, name, region, detail, usdPerHour: balancerUsd(region, type, addresses) };
    }),
  );
}

/** They cost nothing, and stay when their load balancer is deleted without its Service. */
export async function targetGroupsLeft(scope: LeftoverScope): Promise<readonly Leftover[]> {
  const { clients, region } = scope;
  const groups = await targetGroupsOf(clients.world.aws, region);
  return groups
    .filter(({ tags }) => isOurs(scope, tags))
    .map(({ arn, name }) => ({ kind: 'target group', id: arn, name, region, detail: '', usdPerHour: 0 }));
}

/**
 * Rules in the security groups of a cluster that stays, for a load balancer that is left: the cloud controller describes each
 * by the load balancer's name (cloud-provider-aws, `updateInstanceSecurityGroupsForNLB`). Those of other clusters go with them.
 */
export async function rulesLeft(scope: LeftoverScope): Promise<readonly Leftover[]> {
  const { clients, region } = scope;
  const balancers = await ourBalancers(scope);
  const owners = new Set(balancers.flatMap(({ tags }) => ownersIn(tags)).filter((owner) => stays(scope, owner)));
  const ec2 = makeEc2Left(clients.world.aws, region);
  const look = (owner: string) => ec2.securityGroups({ key: ownedTag(owner), values: ['owned'] });
  const groups = (await Promise.all([...owners].map(look))).flat();
  if (groups.length === 0) return [];
  const descriptions = new Set(balancers.flatMap(({ name }) => descriptionsFor(name)));
  const rules = await ec2.rulesOf(groups.map(({ GroupId = '' }) => GroupId));
  return rules
    .filter(({ Description, IsEgress }) => IsEgress !== true && descriptions.has(Description ?? ''))
    .map(({ SecurityGroupRuleId: id = '', GroupId: within = '', Description: detail = '' }) => ({
      kind: 'security group rule',
      id,
      name: id,
      region,
      detail,
      usdPerHour: 0,
      within,
    }));
}

/** The fleet's own clusters take their security groups with them. */
function stays({ clusters, fleet }: LeftoverScope, name: string): boolean {
  const found = clusters.get(name);
  return found !== undefined && found.tags?.[fleetTag] !== fleet.id;
}

function descriptionsFor(balancer: string): readonly string[] {
  return ['client', 'health', 'mtu'].map((purpose) => `kubernetes.io/rule/nlb/${purpose}=${balancer}`);
}

async function ourBalancers(scope: LeftoverScope): Promise<readonly LoadBalancer[]> {
  const balancers = await loadBalancersOf(scope.clients.world.aws, scope.region);
  return balancers.filter(({ tags, createdAt }) => isOurs(scope, tags, createdAt));
}
