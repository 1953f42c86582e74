/** Finds everything of a fleet that is still in AWS, including what no step knows of. */

import type { Clients } from '../clients/clients.js';
import { Problem } from '../errors/problem.js';
import { clustersOf } from '../fleet/fleet.js';
import { findClustersLeft, findStacksLeft } from './clusters.js';
import { findInterfacesLeft, findSecurityGroupsLeft, findVolumesLeft } from './ec2.js';
import { findProvidersLeft, findRolesLeft } from './iam.js';
import { type Leftover, type LeftoverKind, leftoverKinds } from './leftover.js';
import { findLoadBalancersLeft, findTargetGroupsLeft } from './load-balancers.js';
import { findLogGroupsLeft } from './log-groups.js';
import { findRulesLeft } from './rules.js';
import { type LeftoverQuery, type LeftoverScope, scopeOf } from './scope.js';

/** The result of a search. */
export interface FoundLeftovers {
  /** Kind by kind. */
  readonly left: readonly Leftover[];
  /**
   * What could not be searched, with the reason: kinds that cost nothing, for which the identity lacks a permission.
   */
  readonly unseen: readonly string[];
}

/** How things of one kind are found, in all regions of a fleet. */
type Finder = (scopes: readonly LeftoverScope[]) => Promise<readonly Leftover[]>;

const finders: Readonly<Record<LeftoverKind, Finder>> = {
  'EKS cluster': inEach(findClustersLeft),
  'CloudFormation stack': inEach(findStacksLeft),
  'load balancer': inEach(findLoadBalancersLeft),
  'target group': inEach(findTargetGroupsLeft),
  volume: inEach(findVolumesLeft),
  'network interface': inEach(findInterfacesLeft),
  'security group': inEach(findSecurityGroupsLeft),
  'security group rule': inEach(findRulesLeft),
  'log group': inEach(findLogGroupsLeft),
  'IAM role': findRolesLeft,
  'OIDC provider': findProvidersLeft,
};

/** What costs money and is not seen must not be taken for gone. */
const mustBeSeen: readonly LeftoverKind[] = ['EKS cluster', 'CloudFormation stack', 'load balancer', 'volume'];

/** Everything in the fleet's regions that is surely the fleet's. */
export async function findLeftovers(clients: Clients, query: LeftoverQuery): Promise<FoundLeftovers> {
  return await clients.withReadCache(async () => {
    const scopes = await scopesOf(clients, query);
    const found = await Promise.all(leftoverKinds.map((kind) => leftoversOf(kind, scopes)));
    return { left: found.flatMap(({ left }) => left), unseen: found.flatMap(({ unseen }) => unseen) };
  });
}

/** Those of the things, all of one kind, that are still there and still surely the fleet's. */
export async function recheckLeftovers(
  clients: Clients,
  query: LeftoverQuery,
  kind: LeftoverKind,
  things: readonly Leftover[],
): Promise<readonly Leftover[]> {
  const ids = new Set(things.map(({ id }) => id));
  const found = await finders[kind](await scopesOf(clients, query));
  return found.filter(({ id, whose }) => ids.has(id) && whose === 'ours');
}

async function scopesOf(clients: Clients, query: LeftoverQuery): Promise<readonly LeftoverScope[]> {
  const regions = new Set([...clustersOf(query.fleet), ...query.memory.made].map(({ region }) => region));
  return await Promise.all([...regions].map((region) => scopeOf(clients, query, region)));
}

async function leftoversOf(kind: LeftoverKind, scopes: readonly LeftoverScope[]): Promise<FoundLeftovers> {
  try {
    return { left: await finders[kind](scopes), unseen: [] };
  } catch (thrown) {
    const passes = thrown instanceof Problem && thrown.code === 'access-denied' && !mustBeSeen.includes(kind);
    if (!passes) throw thrown;
    return { left: [], unseen: [`${kind}s: ${thrown.message}`] };
  }
}

function inEach(find: (scope: LeftoverScope) => Promise<readonly Leftover[]>): Finder {
  return async (scopes) => (await Promise.all(scopes.map(find))).flat();
}
