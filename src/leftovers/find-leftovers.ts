/** Finds everything of a fleet that is still in AWS, including what no step knows of. */

import type { Clients } from '../clients/clients.js';
import { Problem } from '../errors/problem.js';
import { clustersOf } from '../fleet/fleet.js';
import { differentPlaces, placeKey } from '../world/place.js';
import { findClustersLeft, findStacksLeft } from './clusters.js';
import { findInterfacesLeft, findSecurityGroupsLeft, findVolumesLeft } from './ec2.js';
import { findProvidersLeft, findRolesLeft } from './iam.js';
import { type FoundThing, type Leftover, type LeftoverKind, leftoverKinds } from './leftover.js';
import { findLoadBalancersLeft, findTargetGroupsLeft } from './load-balancers.js';
import { findLogGroupsLeft } from './log-groups.js';
import { findOwnVpcLeft } from './own-vpc.js';
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

/** The same in all regions of one account. */
type FinderInAccount = (scopes: readonly LeftoverScope[]) => Promise<readonly FoundThing[]>;

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
  'IAM role': inEachAccount(findRolesLeft),
  'OIDC provider': inEachAccount(findProvidersLeft),
  VPC: inEach(findOwnVpcLeft),
};

/** What costs money and is not seen must not be taken for gone. */
const mustBeSeen: readonly LeftoverKind[] = ['EKS cluster', 'CloudFormation stack', 'load balancer', 'volume', 'VPC'];

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
  const keyOf = (thing: Leftover): string => `${placeKey(thing)} ${thing.id}`;
  const keys = new Set(things.map(keyOf));
  const found = await finders[kind](await scopesOf(clients, query));
  return found.filter((thing) => keys.has(keyOf(thing)) && thing.whose === 'ours');
}

async function scopesOf(clients: Clients, query: LeftoverQuery): Promise<readonly LeftoverScope[]> {
  // In other accounts the fleet makes nothing but what its record names.
  const own = clustersOf(query.fleet).filter(({ account }) => account === undefined);
  const places = differentPlaces([...own, ...query.memory.made]);
  return await Promise.all(places.map((place) => scopeOf(clients, query, place)));
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

function inEach(find: (scope: LeftoverScope) => Promise<readonly FoundThing[]>): Finder {
  return async (scopes) => {
    const found = scopes.map(async (scope) => placed(await find(scope), scope));
    return (await Promise.all(found)).flat();
  };
}

/** IAM is one for all regions of an account. */
function inEachAccount(find: FinderInAccount): Finder {
  return async (scopes) => {
    const accounts = [...new Set(scopes.map(({ account }) => account?.id))];
    const found = accounts.map(async (id) => {
      const own = scopes.filter(({ account }) => account?.id === id);
      return placed(await find(own), own[0]);
    });
    return (await Promise.all(found)).flat();
  };
}

function placed(found: readonly FoundThing[], scope: LeftoverScope | undefined): readonly Leftover[] {
  return found.map((thing) => ({ ...thing, account: scope?.account }));
}
