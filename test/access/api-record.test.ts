/** Whose a record is, which zones get it, and what is changed: in a rehearsed Route 53. */

import { describe, expect, it } from 'vitest';
import {
  changesToLead,
  changesToRemove,
  isComing,
  isMovedFrom,
  readApiRecord,
  zonesFor,
  zonesToUse,
} from '../../src/access/api-record.js';
import { changeRecords, type HostedZone } from '../../src/aws/route53.js';
import { makeClients } from '../../src/clients/clients.js';
import { newAccount } from '../../src/rehearsal/account.js';
import { connect } from '../../src/rehearsal/machine/connect.js';
import type { RecordState, ZoneState } from '../../src/rehearsal/state.js';
import { ownRegion } from '../../src/world/place.js';

const fleet = { id: 'one', internal: false, parent: { cluster: 'parent', ...ownRegion('us-west-2'), vpc: 'main' } };
const name = 'karmada.eu.example.com';
const hostname = 'lb-1.elb.us-west-2.amazonaws.com';
const target = { hostname, zone: 'ZREHEARSEDNLB' };
const open: HostedZone = { id: 'OPEN', name: 'example.com', isPrivate: false };

function opened(zones: Record<string, ZoneState>) {
  const account = newAccount();
  account.state.zones = zones;
  const { world } = connect(account);
  return { clients: makeClients(world), zones };
}

function withRecords(...records: RecordState[]) {
  return opened({ OPEN: { name: 'example.com', records } });
}

const alias: RecordState = { name, type: 'A', alias: { zone: target.zone, target: hostname } };

function mark(id: string, to = hostname): RecordState {
  return { name: `_karmada-eks.${name}`, type: 'TXT', ttl: 300, values: [`"karmada-eks ${id} ${to}"`] };
}

describe('the zones for a name', () => {
  const vpcs = [{ id: 'vpc-1', region: 'us-west-2' }];
  const { clients } = opened({
    FAR: { name: 'example.com', records: [] },
    NEAR: { name: 'eu.example.com', records: [] },
    INSIDE: { name: 'example.com', records: [], vpcs },
    OTHERS: { name: 'eu.example.com', records: [], vpcs: [{ id: 'vpc-2', region: 'us-west-2' }] },
    LONGER: { name: 'my-eu.example.com', records: [] },
    BELOW: { name: `x.${name}`, records: [] },
  });

  it.each([
    ['internet-facing', false, 'vpc-1', ['NEAR', 'INSIDE']],
    ['internet-facing in another VPC', false, 'vpc-9', ['NEAR']],
    ['internal', true, 'vpc-1', ['INSIDE']],
    ['internal, with no private zone for its VPC', true, 'vpc-9', ['NEAR']],
  ])('are, where the load balancer is %s', async (_, internal, vpc, expected) => {
    const zones = (await zonesFor(clients, fleet, name)) ?? [];
    expect(zones.map(({ id }) => id).sort()).toEqual(['FAR', 'INSIDE', 'NEAR', 'OTHERS']);
    const used = await zonesToUse(clients, { ...fleet, internal }, zones, vpc);
    expect(used.map(({ id }) => id)).toEqual(expected);
  });

  it('are unknown where they may not be read', async () => {
    const faults = [
      { call: 'aws route53:ListHostedZonesByName *', kind: 'fail', code: 'AccessDenied', times: -1 },
    ] as const;
    const { world } = connect(newAccount(), { faults });
    expect(await zonesFor(makeClients(world), fleet, name)).toBeUndefined();
  });
});

describe('what a zone has for a name', () => {
  it.each<[string, RecordState[], object]>([
    ['nothing', [], { foreign: undefined, mark: undefined, record: undefined }],
    ['other types', [{ name, type: 'MX', ttl: 1, values: ['1 a.'] }], { foreign: undefined, record: undefined }],
    ['longer names', [{ name: `a.${name}`, type: 'A', ttl: 1, values: ['192.0.2.1'] }], { foreign: undefined }],
    [
      'one that a prefix shares',
      [{ name: `my-${name}`, type: 'A', ttl: 1, values: ['192.0.2.1'] }],
      { foreign: undefined },
    ],
    ['ours', [alias, mark('one')], { foreign: undefined, target: hostname, record: { Type: 'A' } }],
    ['ours without the record', [mark('one')], { foreign: undefined, target: hostname, record: undefined }],
    [
      'ours and an IPv6 address',
      [alias, mark('one'), { name, type: 'AAAA', ttl: 1, values: ['::1'] }],
      { foreign: 'AAAA ::1' },
    ],
    ['ours, changed', [alias, mark('one', 'lb-0.elb')], { foreign: `A ${hostname}`, record: undefined }],
    [
      'another fleet’s',
      [alias, mark('two')],
      { foreign: `A ${hostname}, TXT "karmada-eks two ${hostname}"`, mark: undefined },
    ],
    ['no mark', [alias], { foreign: `A ${hostname}`, record: undefined }],
    [
      'an alias name',
      [{ name, type: 'CNAME', ttl: 1, values: ['www.example.com.'] }],
      { foreign: 'CNAME www.example.com' },
    ],
  ])('is %s', async (_, records, expected) => {
    const { clients } = withRecords(...records);
    expect(await readApiRecord(clients, fleet, open, name)).toMatchObject(expected);
  });
});

describe('a change', () => {
  it('makes both records, moves both, and removes both', async () => {
    const { clients, zones } = withRecords();
    const { aws } = clients.world;
    const make = async (to: typeof target) => {
      const found = await readApiRecord(clients, fleet, open, name);
      return await changeRecords(aws, 'us-west-2', open, changesToLead(fleet, found, to));
    };
    expect(await make(target)).toMatch(/^C/);
    expect(zones['OPEN']?.records).toMatchObject([alias, mark('one')]);
    const later = 'lb-2.elb.us-west-2.amazonaws.com';
    expect(await make({ ...target, hostname: later })).toMatch(/^C/);
    expect(zones['OPEN']?.records).toMatchObject([{ alias: { target: later } }, mark('one', later)]);
    const found = await readApiRecord(clients, fleet, open, name);
    expect(await changeRecords(aws, 'us-west-2', open, changesToRemove(found))).toMatch(/^C/);
    expect(zones['OPEN']?.records).toEqual([]);
  });

  it.each<[string, (records: RecordState[]) => RecordState[]]>([
    ['made it', (records) => [...records, { name, type: 'A', ttl: 60, values: ['192.0.2.1'] }]],
    ['made a CNAME of it', (records) => [...records, { name, type: 'CNAME', ttl: 60, values: ['a.example.com'] }]],
  ])('is none where somebody %s in the meantime', async (_, between) => {
    const { clients, zones } = withRecords();
    const found = await readApiRecord(clients, fleet, open, name);
    const zone = zones['OPEN'] ?? expect.unreachable();
    zone.records = between(zone.records);
    const before = JSON.stringify(zone.records);
    expect(
      await changeRecords(clients.world.aws, 'us-west-2', open, changesToLead(fleet, found, target)),
    ).toBeUndefined();
    expect(JSON.stringify(zone.records)).toBe(before);
  });

  it('is made once Route 53 has carried out somebody else’s', async () => {
    const account = newAccount();
    const zone = { name: 'example.com', records: [] as RecordState[] };
    account.state.zones = { OPEN: zone };
    const busy = 'aws route53:ChangeResourceRecordSets *';
    const faults = [{ call: busy, kind: 'fail', code: 'PriorRequestNotComplete', times: 2 }] as const;
    const clients = makeClients(connect(account, { faults }).world);
    const found = await readApiRecord(clients, fleet, open, name);
    await changeRecords(clients.world.aws, 'us-west-2', open, changesToLead(fleet, found, target));
    expect(zone.records).toHaveLength(2);
  });

  it('deletes nothing that was changed in the meantime', async () => {
    const { clients, zones } = withRecords(alias, mark('one'));
    const found = await readApiRecord(clients, fleet, open, name);
    const zone = zones['OPEN'] ?? expect.unreachable();
    zone.records = [{ name, type: 'A', ttl: 60, values: ['192.0.2.1'] }, mark('one')];
    expect(await changeRecords(clients.world.aws, 'us-west-2', open, changesToRemove(found))).toBeUndefined();
    expect(zone.records).toHaveLength(2);
  });
});

it('a name is waited for only where a public zone is to get it', async () => {
  const coming = async ({ clients }: ReturnType<typeof opened>) => await isComing(clients, fleet, name, hostname);
  expect(await coming(withRecords())).toBe(true);
  expect(await coming(withRecords(alias, mark('one')))).toBe(false);
  expect(
    await coming(withRecords({ ...alias, alias: { zone: 'Z', target: 'lb-0.elb' } }, mark('one', 'lb-0.elb'))),
  ).toBe(true);
  expect(await coming(opened({}))).toBe(false);
});

it('a record that a recovery has led to another region is not the former parent’s any more', () => {
  expect(isMovedFrom(fleet, { target: 'lb-2.elb.eu-west-1.amazonaws.com' })).toBe(true);
  expect(isMovedFrom(fleet, { target: hostname })).toBe(false);
  expect(isMovedFrom(fleet, { target: undefined })).toBe(false);
});
