/** Which clusters are remembered as made by the fleet, from one run to the next, with their beginning and their end. */

import { expect, it } from 'vitest';
import { resolveFleet } from '../../src/fleet/resolve.js';
import type { Ownership } from '../../src/model/facts.js';
import {
  type MadeCluster,
  type RememberedClusters,
  rememberEnding,
  rememberMaking,
} from '../../src/ownership/cluster-lifetimes.js';
import { ownRegion } from '../../src/world/place.js';

const region = 'us-west-2';
const fleet = resolveFleet({ fleet: 'demo', region, vpc: 'main', members: [{ name: 'one' }] });
const one = { cluster: 'one', ...ownRegion(region) };

function life(cluster: string, since: number | undefined, until?: number): MadeCluster {
  return { cluster, ...ownRegion(region), since, until, by: 'record' };
}

function memory(...made: readonly MadeCluster[]): RememberedClusters {
  return { made, existed: [], volumes: [] };
}

function ownership(parent: Ownership, member: Ownership): ReadonlyMap<string, Ownership> {
  return new Map([
    [`${region}/demo-parent`, parent],
    [`${region}/one`, member],
  ]);
}

it('begins with the run that makes them, and keeps the first moment', () => {
  expect(rememberMaking(memory(), fleet, ownership('absent', 'ours'), 5).made).toEqual([
    life('demo-parent', 5),
    life('one', undefined),
  ]);
  expect(rememberMaking(memory(life('one', 2)), fleet, ownership('absent', 'absent'), 5).made).toEqual([
    life('one', 2),
    life('demo-parent', 5),
  ]);
});

it('has a second life for a name that was used, deleted, and is used again', () => {
  const before = memory(life('one', 2, 4));
  expect(rememberMaking(before, fleet, ownership('existing', 'absent'), 5).made).toEqual([
    life('one', 2, 4),
    life('one', 5),
  ]);
  // Another machine made it again: at the earliest when the first had ended.
  expect(rememberMaking(before, fleet, ownership('existing', 'ours'), 5).made).toEqual([
    life('one', 2, 4),
    life('one', 4),
  ]);
});

it('never has one that existed before, remembers that it did, and forgets one that is somebody else’s now', () => {
  const all = rememberMaking(memory(), fleet, ownership('existing', 'existing'), 5);
  expect(all).toEqual({ made: [], existed: [{ cluster: 'demo-parent', ...ownRegion(region) }, one], volumes: [] });
  expect(rememberMaking(memory(life('one', 2)), fleet, ownership('ours', 'existing'), 5)).toEqual({
    made: [life('demo-parent', undefined)],
    existed: [one],
    volumes: [],
  });
});

it('keeps in mind that one existed, also in runs that do not see it, until it is gone', () => {
  const volumes = [{ id: 'vol-1', policy: 'Retain' }];
  const before = { made: [], existed: [one, { cluster: 'other', ...ownRegion(region) }], volumes };
  expect(rememberMaking(before, fleet, new Map(), 5).existed).toEqual(before.existed);
  expect(rememberMaking(before, fleet, ownership('existing', 'absent'), 5)).toEqual({
    made: [life('one', 5)],
    existed: [
      { cluster: 'other', ...ownRegion(region) },
      { cluster: 'demo-parent', ...ownRegion(region) },
    ],
    volumes,
  });
});

it('learns at the end from stacks what it did not remember, and ends what is gone with its stack', () => {
  const stack: MadeCluster = { ...life('demo-parent', 7), by: 'stack' };
  const gone = ownership('ours', 'absent');
  expect(rememberEnding(memory(life('one', 2), life('former', 3)), [stack], gone, 9).made).toEqual([
    life('one', 2, 9),
    life('former', 3),
    life('demo-parent', 7),
  ]);
  // Half a cluster: EKS does not know it yet, its stack is there.
  const half: MadeCluster = { ...life('one', 2), by: 'stack' };
  expect(rememberEnding(memory(life('one', 2)), [half], gone, 9).made).toEqual([life('one', 2)]);
});
