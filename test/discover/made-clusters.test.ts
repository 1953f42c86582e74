/** Which clusters are remembered as made by the fleet, from one run to the next. */
import { expect, it } from 'vitest';
import type { Ownership } from '../../src/discover/facts.js';
import { type MadeCluster, madeFrom, madeUntil } from '../../src/discover/made-clusters.js';
import type { Reach } from '../../src/discover/reach.js';
import { resolveFleet } from '../../src/fleet/resolve.js';

const region = 'us-west-2';
const fleet = resolveFleet({ fleet: 'demo', region, vpc: 'main', members: [{ name: 'one' }] });
const made = (cluster: string, since: number | undefined): MadeCluster => ({ cluster, region, since });

function ownership(parent: Ownership, one: Ownership): ReadonlyMap<string, Ownership> {
  return new Map([
    [`${region}/demo-parent`, parent],
    [`${region}/one`, one],
  ]);
}

it('begins with the run that makes them, and keeps the first moment', () => {
  expect(madeFrom([], fleet, ownership('absent', 'ours'), 5)).toEqual([made('demo-parent', 5), made('one', undefined)]);
  expect(madeFrom([made('one', 2)], fleet, ownership('absent', 'absent'), 5)).toEqual([
    made('one', 2),
    made('demo-parent', 5),
  ]);
});

it('never has one that existed before, and forgets one that is somebody else’s now', () => {
  expect(madeFrom([], fleet, ownership('existing', 'existing'), 5)).toEqual([]);
  expect(madeFrom([made('one', 2)], fleet, ownership('ours', 'existing'), 5)).toEqual([made('demo-parent', undefined)]);
});

it('knows at the end what was remembered and what carries the tag, not what is merely wanted', () => {
  const createdAt = new Date(7);
  const reach = {
    clusters: new Map([[`${region}/demo-parent`, { createdAt }]]),
    ownership: ownership('ours', 'absent'),
  } as unknown as Reach;
  expect(madeUntil([], fleet, reach)).toEqual([made('demo-parent', 7)]);
  expect(madeUntil([made('one', 2), made('former', 3)], fleet, reach)).toEqual([
    made('one', 2),
    made('former', 3),
    made('demo-parent', 7),
  ]);
});
