/** Finds everything of a fleet that is still in AWS, including what no step knows of. */

import { isRoleRefused } from '../aws/refused-role.js';
import type { Clients } from '../clients/clients.js';
import { Problem } from '../errors/problem.js';
import { clustersOf, type FleetMemberCluster, isSameEksCluster, presentRole } from '../fleet/fleet.js';
import { differentPlaces, isSamePlace, placeKey } from '../world/place.js';
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
  /** Other accounts in which only clusters were that the fleet deleted, and whose roles are refused meanwhile. */
  readonly closed: readonly Problem[];
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
    const { scopes, closed } = await scopesOf(clients, query);
    const found = await Promise.all(leftoverKinds.map((kind) => leftoversOf(kind, scopes)));
    return { left: found.flatMap(({ left }) => left), unseen: found.flatMap(({ unseen }) => unseen), closed };
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
  const { scopes } = await scopesOf(clients, query);
  const found = await finders[kind](scopes);
  return found.filter((thing) => keys.has(keyOf(thing)) && thing.whose === 'ours');
}

interface Scopes {
  readonly scopes: readonly LeftoverScope[];
  readonly closed: FoundLeftovers['closed'];
}

async function scopesOf(clients: Clients, query: LeftoverQuery): Promise<Scopes> {
  const present = clustersOf(query.fleet).filter(mayBeMade(query));
  const past = query.memory.made.map(({ region, account }) => ({ region, account: presentRole(query.fleet, account) }));
  const places = differentPlaces([...present, ...past]);
  const found = await Promise.all(
    places.map(async (place) => {
      const there = query.memory.made.filter((life) => isSamePlace(life, place));
      // A cluster whose end is not recorded may be there.
      const isPast =
        present.every((each) => !isSamePlace(each, place)) && there.every(({ until }) => until !== undefined);
      return await scopeOf(clients, query, place).catch((thrown: unknown) => {
        if (isPast && isRoleRefused(thrown)) return thrown;
        throw thrown;
      });
    }),
  );
  return {
    scopes: found.flatMap((each) => (each instanceof Problem ? [] : [each])),
    closed: found.flatMap((each) => (each instanceof Problem ? [each] : [])),
  };
}

/** In another account only where the fleet makes a cluster: one that existed before is all that it has to do with there. */
function mayBeMade({ fleet, memory }: LeftoverQuery): (cluster: FleetMemberCluster) => boolean {
  const standing = new Set(fleet.members.flatMap((each) => (each.kind === 'eks' && each.existing ? [each.name] : [])));
  const existed = (cluster: FleetMemberCluster): boolean =>
    standing.has(cluster.scope) || memory.existed.some((each) => isSameEksCluster(each, cluster));
  return (cluster) => cluster.account === undefined || !existed(cluster);
}

async function leftoversOf(
  kind: LeftoverKind,
  scopes: readonly LeftoverScope[],
): Promise<Omit<FoundLeftovers, 'closed'>> {
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
