/**
 * Leftover load balancers and target groups, and the rules that the cloud controller created for them in a cluster that
 * is kept.
 */

import { loadBalancerService } from '../access/load-balancer.js';
import { makeEc2Leftovers } from '../aws/ec2-leftovers.js';
import { type LoadBalancer, loadBalancersOf, targetGroupsOf } from '../aws/load-balancers.js';
import { securityGroupRules } from '../aws/security-groups.js';
import type { Tags } from '../aws/tags.js';
import { fleetTag } from '../fleet/names.js';
import { balancerUsd } from './cost.js';
import type { Leftover } from './leftover.js';
import { isOwnCluster, judgeThing, type LeftoverScope, leftoverOf, type Marked, ownedTag, ownersIn } from './scope.js';

export async function findLoadBalancersLeft(scope: LeftoverScope): Promise<readonly Leftover[]> {
  const { clients, region } = scope;
  return await Promise.all(
    (await ourBalancers(scope)).map(async ({ balancer: { arn, name, type, vpcId }, verdict }): Promise<Leftover> => {
      const interfaces = await clients.ec2(region).loadBalancerInterfaces(name);
      const addresses = interfaces.filter(({ Association }) => Association?.PublicIp !== undefined).length;
      const detail = `in ${vpcId}, ${addresses} public addresses`;
      const usdPerHour = balancerUsd(region, type, addresses);
      return { kind: 'load balancer', id: arn, name, region, detail, usdPerHour, ...verdict };
    }),
  );
}

/** They cost nothing, and stay when their load balancer is deleted without its Service. */
export async function findTargetGroupsLeft(scope: LeftoverScope): Promise<readonly Leftover[]> {
  const { clients, region } = scope;
  const groups = await targetGroupsOf(clients.world.aws, region);
  return groups.flatMap(({ arn, name, tags }) => {
    const verdict = leftoverOf(judgeThing(scope, withService(scope, tags)));
    if (verdict === undefined) return [];
    return [{ kind: 'target group' as const, id: arn, name, region, detail: '', usdPerHour: 0, ...verdict }];
  });
}

/**
 * Rules in the security groups of a cluster that is kept, for a load balancer that is left: the cloud controller
 * describes each by the load balancer's name (cloud-provider-aws, `updateInstanceSecurityGroupsForNLB`). Those of other
 * clusters go with them.
 */
export async function findRulesLeft(scope: LeftoverScope): Promise<readonly Leftover[]> {
  const { clients, region } = scope;
  const balancers = await ourBalancers(scope);
  const owners = new Set(
    balancers.flatMap(({ balancer: { tags } }) => ownersIn(tags)).filter((owner) => stays(scope, owner)),
  );
  const ec2 = makeEc2Leftovers(clients.world.aws, region);
  const look = (owner: string) => ec2.securityGroups({ key: ownedTag(owner), values: ['owned'] });
  const groups = (await Promise.all([...owners].map(look))).flat();
  if (groups.length === 0) return [];
  const verdicts = new Map(
    balancers.flatMap(({ balancer: { name }, verdict }) =>
      descriptionsFor(name).map((text) => [text, verdict] as const),
    ),
  );
  const rules = await securityGroupRules(
    clients.world.aws,
    region,
    groups.map(({ GroupId = '' }) => GroupId),
  );
  return rules.flatMap(({ SecurityGroupRuleId: id = '', GroupId: within = '', Description: detail = '', IsEgress }) => {
    const verdict = verdicts.get(detail);
    if (IsEgress === true || verdict === undefined) return [];
    return [{ kind: 'security group rule' as const, id, name: id, region, detail, usdPerHour: 0, within, ...verdict }];
  });
}

/** The fleet's own clusters take their security groups with them. */
function stays(scope: LeftoverScope, name: string): boolean {
  return scope.clusters.has(name) && !isOwnCluster(scope, name);
}

function descriptionsFor(balancer: string): readonly string[] {
  return ['client', 'health', 'mtu'].map((purpose) => `kubernetes.io/rule/nlb/${purpose}=${balancer}`);
}

interface OurBalancer {
  readonly balancer: LoadBalancer;
  readonly verdict: Pick<Leftover, 'whose' | 'evidence'>;
}

async function ourBalancers(scope: LeftoverScope): Promise<readonly OurBalancer[]> {
  const balancers = await loadBalancersOf(scope.clients.world.aws, scope.region);
  return balancers.flatMap((balancer) => {
    const verdict = leftoverOf(judgeThing(scope, withService(scope, balancer.tags, balancer.createdAt)));
    return verdict === undefined ? [] : [{ balancer, verdict }];
  });
}

/**
 * In a parent that is kept the Service of the Karmada API is the proof: the cloud controller names it in a tag
 * (kubernetes/cloud-provider-aws, `TagNameKubernetesService`), and only this fleet's Service has the fleet's tag put on
 * its load balancer.
 */
function withService({ fleet, region }: LeftoverScope, tags: Tags, createdAt?: Date): Marked {
  const service = `${loadBalancerService.namespace}/${loadBalancerService.name}`;
  const isParents = region === fleet.parent.region && ownersIn(tags).includes(fleet.parent.cluster);
  const isItsOwn = isParents && tags[fleetTag] === fleet.id && tags['kubernetes.io/service-name'] === service;
  return { tags, createdAt, proof: isItsOwn ? 'its Service' : undefined };
}
