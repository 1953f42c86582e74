/** The simulated Route 53: hosted zones, and changes of their records that happen as a whole. */
import type * as R53 from '@aws-sdk/client-route-53';
import { Problem } from '../../errors/problem.js';
import type { RecordState, ZoneState } from '../state.js';
import { type AwsCall, AwsError, operation, type Service } from './answer.js';

/** Route 53 propagates changes in 60 seconds (Developer Guide, DNS best practices); this is an estimate of what is usual. */
const servedAfterMs = 30_000;

export const route53: Service = {
  /** By labels from the last to the first, from the name on (API Reference, ListHostedZonesByName). */
  ListHostedZonesByNameCommand: operation((input: R53.ListHostedZonesByNameCommandInput, call) => {
    const from = sortKey(input.DNSName ?? '');
    const all = Object.entries(zonesOf(call)).sort(([, one], [, other]) =>
      compare(sortKey(one.name), sortKey(other.name)),
    );
    const found = all.filter(([, { name }]) => compare(sortKey(name), from) >= 0).slice(0, Number(input.MaxItems));
    return { HostedZones: found.map(([id, zone]) => showZone(id, zone)) };
  }),

  GetHostedZoneCommand: operation((input: R53.GetHostedZoneCommandInput, call) => {
    const id = input.Id ?? '';
    const zone = zoneOf(call, id);
    const VPCs = zone.vpcs?.map((vpc) => ({ VPCId: vpc.id, VPCRegion: vpc.region }));
    return { HostedZone: showZone(id, zone), VPCs };
  }),

  ListResourceRecordSetsCommand: operation((input: R53.ListResourceRecordSetsCommandInput, call) => {
    const from = sortKey(input.StartRecordName ?? '');
    const { records } = zoneOf(call, input.HostedZoneId ?? '');
    const sorted = [...records].sort((one, other) => compare(sortKey(one.name), sortKey(other.name)));
    const found = sorted.filter(({ name }) => compare(sortKey(name), from) >= 0).slice(0, Number(input.MaxItems));
    return { ResourceRecordSets: found.map(showRecord) };
  }),

  /** All or nothing; `CREATE` of what is there and `DELETE` of what is not exactly so are refused (API Reference). */
  ChangeResourceRecordSetsCommand: operation((input: R53.ChangeResourceRecordSetsCommandInput, call) => {
    const zone = zoneOf(call, input.HostedZoneId ?? '');
    const { state } = call.simulation;
    const servedAt = call.simulation.now() + servedAfterMs;
    zone.records = (input.ChangeBatch?.Changes ?? []).reduce(
      (records, change) => changed(records, change, servedAt),
      zone.records,
    );
    return { ChangeInfo: { Id: `/change/C${servedAt}-${state.nextId++}`, Status: 'PENDING' } };
  }),

  GetChangeCommand: operation((input: R53.GetChangeCommandInput, call) => {
    const servedAt = Number(/^C(\d+)-/.exec(input.Id ?? '')?.[1]);
    return {
      ChangeInfo: { Id: `/change/${input.Id}`, Status: servedAt <= call.simulation.now() ? 'INSYNC' : 'PENDING' },
    };
  }),
};

function changed(
  records: RecordState[],
  { Action, ResourceRecordSet: set }: R53.Change,
  servedAt: number,
): RecordState[] {
  const record = recordOf(set);
  const there = records.find(({ name, type }) => name === record.name && type === record.type);
  const what = `[name='${record.name}.', type='${record.type}']`;
  if (Action === 'CREATE') {
    if (there !== undefined) throw invalid(`Tried to create resource record set ${what} but it already exists`);
    // RFC 1034, 3.6.2: a CNAME stands alone.
    if (records.some(({ name, type }) => name === record.name && (type === 'CNAME' || record.type === 'CNAME')))
      throw invalid(
        `RRSet of type ${record.type} with DNS name ${record.name}. is not permitted as it conflicts with other records`,
      );
    return [...records, { ...record, servedAt }];
  }
  if (Action !== 'DELETE')
    throw new Problem('rehearsal-unmodelled', {
      what: `the rehearsal does not know the change '${Action}' of a record`,
    });
  if (there === undefined) throw invalid(`Tried to delete resource record set ${what} but it was not found`);
  const { servedAt: _, ...is } = there;
  if (JSON.stringify(showRecord(is)) !== JSON.stringify(showRecord(record)))
    throw invalid(
      `Tried to delete resource record set ${what} but the values provided do not match the current values`,
    );
  return records.filter((each) => each !== there);
}

function recordOf(set: R53.ResourceRecordSet | undefined): RecordState {
  const { Name = '', Type = '', TTL, ResourceRecords, AliasTarget } = set ?? {};
  return {
    name: Name.replace(/\.$/, '').toLowerCase(),
    type: Type,
    ...(TTL === undefined ? {} : { ttl: TTL }),
    ...(ResourceRecords === undefined ? {} : { values: ResourceRecords.map(({ Value = '' }) => Value) }),
    ...(AliasTarget === undefined ? {} : { alias: aliasOf(AliasTarget) }),
  };
}

/** Route 53 knows the zone of a load balancer by its name, and refuses another one. */
function aliasOf({ HostedZoneId = '', DNSName = '' }: R53.AliasTarget): { zone: string; target: string } {
  const target = DNSName.replace(/\.$/, '').toLowerCase();
  if (HostedZoneId !== 'ZREHEARSEDNLB')
    throw invalid(
      `Tried to create an alias that targets ${target}., type A in zone ${HostedZoneId}, but the alias target name does not lie within the target zone`,
    );
  return { zone: HostedZoneId, target };
}

function showRecord({ name, type, ttl, values, alias }: RecordState): R53.ResourceRecordSet {
  return {
    Name: `${name}.`,
    Type: type as R53.RRType,
    ...(ttl === undefined ? {} : { TTL: ttl }),
    ...(values === undefined ? {} : { ResourceRecords: values.map((Value) => ({ Value })) }),
    ...(alias === undefined
      ? {}
      : { AliasTarget: { HostedZoneId: alias.zone, DNSName: `${alias.target}.`, EvaluateTargetHealth: false } }),
  };
}

function showZone(id: string, { name, vpcs }: ZoneState): R53.HostedZone {
  return {
    Id: `/hostedzone/${id}`,
    Name: `${name}.`,
    CallerReference: id,
    Config: { PrivateZone: vpcs !== undefined },
  };
}

function zonesOf({ simulation }: AwsCall): Record<string, ZoneState> {
  return simulation.state.zones ?? {};
}

function zoneOf(call: AwsCall, id: string): ZoneState {
  const zone = zonesOf(call)[id];
  if (zone === undefined) throw new AwsError('NoSuchHostedZone', `No hosted zone found with ID: ${id}`, 404);
  return zone;
}

function sortKey(name: string): string {
  return name.replace(/\.$/, '').split('.').reverse().join('.');
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidChangeBatch', `[${message}]`);
}
