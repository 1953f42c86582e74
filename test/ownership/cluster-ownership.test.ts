/** Whose a cluster and a stack are: each witness and each veto counts, whatever else speaks for the fleet. */

import { describe, expect, it } from 'vitest';
import { resolveFleet } from '../../src/fleet/resolve.js';
import type { RememberedClusters } from '../../src/ownership/cluster-lifetimes.js';
import { clusterOfStack, clusterVerdict, stackVerdict } from '../../src/ownership/cluster-ownership.js';
import { ownRegion } from '../../src/world/place.js';

const region = 'us-west-2';
const id = 'abcdefghijkl.111122223333.us-west-2';
const described = { fleet: 'demo', id, region, vpc: 'main' };
const fleet = resolveFleet({ ...described, members: [{ name: 'one' }] });
const adopting = resolveFleet({ ...described, members: [{ name: 'one', existing: true }] });
const one = { cluster: 'one', ...ownRegion(region) };
const createdAt = new Date(1_000_000);
const tags = { 'karmada-eks/fleet': id };
const made = [{ ...one, since: 900_000, until: undefined, by: 'record' as const }];
const memory: RememberedClusters = { made, existed: [], volumes: [] };
const cluster = { ...one, found: { name: 'one', tags, createdAt } };

function stack(name: string, of: string, fleetId = id) {
  return {
    StackName: name,
    StackStatus: 'CREATE_COMPLETE' as const,
    CreationTime: createdAt,
    Tags: [
      { Key: 'alpha.eksctl.io/cluster-name', Value: of },
      { Key: 'karmada-eks/fleet', Value: fleetId },
    ],
  };
}

const standing = { name: 'one', tags, createdAt };
const ofOne = { place: ownRegion(region), stack: stack('eksctl-one-cluster', 'one'), standing };

it('are the fleet’s by tag and record', () => {
  expect(clusterVerdict({ fleet, memory }, cluster, [])).toEqual({
    whose: 'ours',
    evidence: 'this fleet (tag and record)',
  });
  expect(stackVerdict({ fleet, memory }, ofOne, []).whose).toBe('ours');
});

it.each([
  ['the record', { fleet, memory: { ...memory, existed: [one] } }],
  ['the description', { fleet: adopting, memory }],
])('are nobody’s to delete where %s reports that the cluster existed before', (_, claimant) => {
  const veto = { whose: 'not ours', evidence: 'not ours: existed before' };
  expect(clusterVerdict(claimant, cluster, [])).toEqual(veto);
  expect(stackVerdict(claimant, { ...ofOne, standing: undefined }, [])).toEqual(veto);
});

it('a cluster by its tag alone is only perhaps the fleet’s', () => {
  const nothing: RememberedClusters = { made: [], existed: [], volumes: [] };
  expect(clusterVerdict({ fleet, memory: nothing }, cluster, [])).toEqual({
    whose: 'perhaps',
    evidence: 'perhaps this fleet (tag only)',
  });
});

it('a stack is not the fleet’s while a cluster of somebody else has the name', () => {
  const others = { ...standing, tags: { 'karmada-eks/fleet': 'zyxwvutsrqpo.111122223333.us-west-2' } };
  expect(stackVerdict({ fleet, memory }, { ...ofOne, standing: others }, [])).toEqual({
    whose: 'not ours',
    evidence: 'not ours: its cluster does not belong to this fleet',
  });
});

it.each([
  ['eksctl-one-cluster', 'one', 'one'],
  ['eksctl-one-two-cluster', 'one-two', 'one-two'],
  ['eksctl-one-cluster', 'two', undefined],
  ['eksctl-on-cluster', 'one', undefined],
])('stack %s with the tag of cluster %s is one of cluster %s', (name, tag, expected) => {
  expect(clusterOfStack(stack(name, tag))).toBe(expected);
});

describe('of another account, with the same name in the same region', () => {
  const there = { id: '444455556666', role: 'arn:aws:iam::444455556666:role/x', session: 's', externalId: undefined };
  const place = { region, account: there };

  it('are not the fleet’s by what it made here, whatever tags they carry', () => {
    const twin = { ...cluster, account: there };
    expect(clusterVerdict({ fleet, memory }, twin, []).whose).toBe('perhaps');
    expect(stackVerdict({ fleet, memory }, { ...ofOne, place, standing: undefined }, [])).toMatchObject({
      whose: 'perhaps',
    });
  });

  it('keep nothing of here from being the fleet’s when they existed before', () => {
    const existed = [{ ...one, account: there }];
    expect(clusterVerdict({ fleet, memory: { ...memory, existed } }, cluster, []).whose).toBe('ours');
    expect(clusterVerdict({ fleet, memory: { ...memory, existed } }, { ...cluster, account: there }, [])).toMatchObject(
      { evidence: 'not ours: existed before' },
    );
  });
});
