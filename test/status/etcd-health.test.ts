/** What status and doctor tell of Karmada's etcd. */
import { describe, expect, it } from 'vitest';
import { type EtcdHealth, type EtcdMemberHealth, etcdSummary, etcdWarnings } from '../../src/status/etcd-health.js';

function member(ordinal: number, change: Partial<EtcdMemberHealth> = {}): EtcdMemberHealth {
  return {
    name: `etcd-${ordinal}`,
    responds: true,
    isLeader: ordinal === 0,
    node: `node-${ordinal}`,
    zone: `us-west-2${'abc'[ordinal]}`,
    ...change,
  };
}

const fleet = { name: 'shop', parent: { region: 'eu-west-1' } };

const well: EtcdHealth = {
  members: [member(0), member(1), member(2)],
  hasQuorum: true,
  sizeBytes: 20 * 2 ** 20,
  quotaBytes: 2 ** 31,
  alarms: [],
  zones: 3,
};

describe('etcd', () => {
  it('is told in a line when all is well', () => {
    expect(etcdWarnings(well, fleet)).toEqual([]);
    expect(etcdSummary(well)).toBe('3 of 3 members, leader etcd-0, 20 MiB of 2048 MiB');
  });

  it.each<[string, Partial<EtcdHealth>, string]>([
    [
      'a silent member',
      { members: [member(0), member(1), member(2, { responds: false })] },
      'etcd: etcd-2 does not respond (2 of 3 members respond): the loss of another member stops Karmada',
    ],
    [
      'no quorum',
      { hasQuorum: false, members: [member(0), member(1, { responds: false }), member(2, { responds: false })] },
      'etcd has no quorum (1 of 3 members respond): nothing can be written to the Karmada API',
    ],
    [
      'a database near its quota',
      { sizeBytes: 0.8 * 2 ** 31 },
      'etcd’s database is 1638 MiB of 2048 MiB (80 %): at its quota the Karmada API refuses writes',
    ],
    [
      'an alarm',
      { alarms: ['NOSPACE'] },
      'etcd raised the alarm NOSPACE: the database has reached its quota, and the Karmada API refuses writes',
    ],
    [
      'two members on a node',
      { members: [member(0), member(1), member(2, { node: 'node-1', zone: 'us-west-2c' })] },
      'etcd: etcd-1 and etcd-2 are on the same node (node-1): its loss stops Karmada',
    ],
    [
      'two members in a zone, where there are three',
      { members: [member(0), member(1), member(2, { zone: 'us-west-2b' })] },
      'etcd: etcd-1 and etcd-2 are in the same zone (us-west-2b): its loss stops Karmada',
    ],
  ])('warns of %s', (_, change, expected) => {
    expect(etcdWarnings({ ...well, ...change }, fleet).map(({ what }) => what)).toEqual([expected]);
  });

  it('does not warn of a full zone where there are only two', () => {
    const members = [member(0), member(1), member(2, { zone: 'us-west-2b' })];
    expect(etcdWarnings({ ...well, members, zones: 2 }, fleet)).toEqual([]);
  });

  it('does not warn just below 80 % of the quota', () => {
    expect(etcdWarnings({ ...well, sizeBytes: 0.79 * 2 ** 31 }, fleet)).toEqual([]);
  });
});
