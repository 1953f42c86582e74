/** Leftover load balancers and target groups. */

import { loadBalancerService } from '../access/load-balancer.js';
import { type LoadBalancer, loadBalancersOf, targetGroupsOf } from '../aws/elb/load-balancers.js';
import type { Tags } from '../aws/tags.js';
import { fleetTag } from '../fleet/names.js';
import { ownersIn } from '../ownership/cluster-tags.js';
import { isSamePlace } from '../world/place.js';
import { balancerUsd } from './cost.js';
import type { FoundThing, Leftover } from './leftover.js';
import { judgeThing, type LeftoverScope, leftoverOf, type Marked } from './scope.js';

export async function findLoadBalancersLeft(scope: LeftoverScope): Promise<readonly FoundThing[]> {
  const { clients, region } = scope;
  return await Promise.all(
    (await ourBalancers(scope)).map(async ({ balancer: { arn, name, type, vpcId }, verdict }): Promise<FoundThing> => {
      const interfaces = await clients.ec2(scope).loadBalancerInterfaces(name);
      const addresses = interfaces.filter(({ Association }) => Association?.PublicIp !== undefined).length;
      const detail = `in ${vpcId}, ${addresses} public addresses`;
      const usdPerHour = balancerUsd(region, type, addresses);
      return { kind: 'load balancer', id: arn, name, region, detail, usdPerHour, ...verdict };
    }),
  );
}

/** They cost nothing, and stay when their load balancer is deleted without its Service. */
export async function findTargetGroupsLeft(scope: LeftoverScope): Promise<readonly FoundThing[]> {
  const { clients, region } = scope;
  const groups = await targetGroupsOf(clients.world.aws, scope);
  return groups.flatMap(({ arn, name, tags }) => {
    const verdict = leftoverOf(judgeThing(scope, withService(scope, tags)));
    if (verdict === undefined) return [];
    return [{ kind: 'target group' as const, id: arn, name, region, detail: '', usdPerHour: 0, ...verdict }];
  });
}

interface OurBalancer {
  readonly balancer: LoadBalancer;
  readonly verdict: Pick<Leftover, 'whose' | 'evidence'>;
}

async function ourBalancers(scope: LeftoverScope): Promise<readonly OurBalancer[]> {
  const balancers = await loadBalancersOf(scope.clients.world.aws, scope);
  return balancers.flatMap((balancer) => {
    const verdict = balancerVerdict(scope, balancer);
    return verdict === undefined ? [] : [{ balancer, verdict }];
  });
}

/** Undefined for somebody else's. */
export function balancerVerdict(
  scope: LeftoverScope,
  { tags, createdAt }: LoadBalancer,
): Pick<Leftover, 'whose' | 'evidence'> | undefined {
  return leftoverOf(judgeThing(scope, withService(scope, tags, createdAt)));
}

/**
 * In a parent that is kept the Service of the Karmada API is the proof: the cloud controller names it in a tag
 * (kubernetes/cloud-provider-aws, `TagNameKubernetesService`), and only this fleet's Service has the fleet's tag put on
 * its load balancer.
 */
function withService(scope: LeftoverScope, tags: Tags, createdAt?: Date): Marked {
  const service = `${loadBalancerService.namespace}/${loadBalancerService.name}`;
  const { fleet } = scope;
  const isParents = isSamePlace(scope, fleet.parent) && ownersIn(tags).includes(fleet.parent.cluster);
  const isItsOwn = isParents && tags[fleetTag] === fleet.id && tags['kubernetes.io/service-name'] === service;
  return { tags, createdAt, proof: isItsOwn ? 'its Service' : undefined };
}
