/**
 * The records that lead a name of the user's to the load balancer, in the hosted zones of the account. Beside each stands a TXT record that
 * makes it this fleet's: both are made, moved and deleted in one change, which Route 53 carries out as a whole or not at all.
 */
import {
  type HostedZone,
  type ResourceRecordSet,
  recordsAt,
  vpcsOf,
  withoutDot,
  type ZoneChange,
  zonesNamed,
} from '../aws/route53.js';
import type { Clients } from '../clients/clients.js';
import { Problem } from '../errors/problem.js';
import type { Fleet } from '../fleet/fleet.js';

/** Where an alias leads: a load balancer's name, and the zone that AWS has for it. */
export interface AliasTarget {
  readonly hostname: string;
  readonly zone: string;
}

/** What a zone has for a name. */
export interface ApiRecord {
  readonly name: string;
  readonly zone: HostedZone;
  /** Made by this fleet, and unchanged since; where somebody deleted it, only the mark is left. */
  readonly record: ResourceRecordSet | undefined;
  readonly mark: ResourceRecordSet | undefined;
  /** The load balancer that the fleet had it lead to. */
  readonly target: string | undefined;
  /** What is there that this fleet did not make, e.g. `CNAME www.example.com`. */
  readonly foreign: string | undefined;
}

/** The zones of the account that a name may be in, by how near to it they are; undefined where they may not be read. */
export async function zonesFor(
  { world: { aws } }: Clients,
  { parent }: Pick<Fleet, 'parent'>,
  name: string,
): Promise<readonly HostedZone[] | undefined> {
  const labels = name.split('.');
  const suffixes = labels.map((_, index) => labels.slice(index).join('.'));
  try {
    return (await Promise.all(suffixes.map((suffix) => zonesNamed(aws, parent.region, suffix)))).flat();
  } catch (thrown) {
    if (thrown instanceof Problem && thrown.code === 'access-denied') return undefined;
    throw thrown;
  }
}

/**
 * Those of them that are to have the record: what the world asks, and what the parent's VPC asks where it has a private zone, which hides the
 * public one from it (Route 53 Developer Guide, private hosted zones). The private one alone for an internal load balancer.
 */
export async function zonesToUse(
  { world: { aws } }: Clients,
  { parent, internal }: Pick<Fleet, 'parent' | 'internal'>,
  zones: readonly HostedZone[],
  vpcId: string,
): Promise<readonly HostedZone[]> {
  const open = zones.find(({ isPrivate }) => !isPrivate);
  const closed = zones.filter(({ isPrivate }) => isPrivate);
  const vpcs = await Promise.all(closed.map((zone) => vpcsOf(aws, parent.region, zone)));
  const ofVpc = closed.find((_, index) => vpcs[index]?.includes(vpcId));
  if (internal && ofVpc !== undefined) return [ofVpc];
  return [open, ofVpc].flatMap((zone) => zone ?? []);
}

export async function readApiRecord(
  { world: { aws } }: Clients,
  { id, parent }: Pick<Fleet, 'id' | 'parent'>,
  zone: HostedZone,
  name: string,
): Promise<ApiRecord> {
  const [records, marks] = await Promise.all([
    recordsAt(aws, parent.region, zone, name),
    recordsAt(aws, parent.region, zone, markName(name)),
  ]);
  const mark = marks.find((each) => markOf(each) !== undefined);
  const { fleet, target } = markOf(mark) ?? {};
  const isOurs = fleet === id;
  // Records of other types say nothing about where a name leads.
  const leading = records.filter(({ Type = '' }) => ['A', 'AAAA', 'CNAME'].includes(Type));
  const record = leading.find((each) => isOurs && leadsTo(each) === target && each.SetIdentifier === undefined);
  const other = [...leading, ...(isOurs ? [] : marks)].filter((each) => each !== record);
  const foreign = other.length === 0 ? undefined : other.map(describeRecord).join(', ');
  return { name, zone, record, mark: isOurs ? mark : undefined, target: isOurs ? target : undefined, foreign };
}

/** Whether a public zone of the account is still to get the record: until then the name is better not asked for (see `nameTrouble`). */
export async function isComing(
  clients: Clients,
  fleet: Pick<Fleet, 'id' | 'parent'>,
  name: string,
  hostname: string,
): Promise<boolean> {
  const zones = (await zonesFor(clients, fleet, name)) ?? [];
  if (!zones.some(({ isPrivate }) => !isPrivate)) return false;
  const records = await Promise.all(zones.map((zone) => readApiRecord(clients, fleet, zone, name)));
  return !records.some((each) => isLeading(each, hostname));
}

export function isLeading({ record, target }: ApiRecord, hostname: string): boolean {
  return record !== undefined && target === hostname.toLowerCase();
}

/** Whether the fleet had a record lead to a load balancer of another region than its parent's: a recovery has moved it, and with it the record. */
export function isMovedFrom({ parent }: Pick<Fleet, 'parent'>, { target }: Pick<ApiRecord, 'target'>): boolean {
  const [, region] = /\.elb\.([a-z0-9-]+)\.amazonaws\.com/.exec(target ?? '') ?? [];
  return region !== undefined && region !== parent.region;
}

/** What makes a record that is free, or the fleet's, lead there. */
export function changesToLead(
  { id }: Pick<Fleet, 'id'>,
  { name, record, mark }: ApiRecord,
  { hostname, zone }: AliasTarget,
): readonly ZoneChange[] {
  const alias: ResourceRecordSet = {
    Name: name,
    Type: 'A',
    AliasTarget: { HostedZoneId: zone, DNSName: hostname, EvaluateTargetHealth: false },
  };
  const text = `"karmada-eks ${id} ${hostname}"`;
  const noted: ResourceRecordSet = { Name: markName(name), Type: 'TXT', TTL: 300, ResourceRecords: [{ Value: text }] };
  return [...changesToRemove({ record, mark }), ...[alias, noted].map((each) => create(each))];
}

/** What takes away what the fleet made. */
export function changesToRemove({ record, mark }: Pick<ApiRecord, 'record' | 'mark'>): readonly ZoneChange[] {
  return [record, mark].flatMap((each) => (each === undefined ? [] : [{ action: 'DELETE' as const, record: each }]));
}

function create(record: ResourceRecordSet): ZoneChange {
  return { action: 'CREATE', record };
}

/** The name of the record that tells whose another one is. */
export function markName(name: string): string {
  return `_karmada-eks.${name}`;
}

function markOf(
  record: ResourceRecordSet | undefined,
): { readonly fleet: string; readonly target: string } | undefined {
  const text = record?.Type === 'TXT' ? (record.ResourceRecords?.[0]?.Value ?? '') : '';
  const [, fleet, target] = /^"karmada-eks (\S+) (\S+)"$/.exec(text) ?? [];
  return fleet === undefined || target === undefined ? undefined : { fleet, target };
}

/** Where an alias of type A leads. */
function leadsTo({ Type, AliasTarget }: ResourceRecordSet): string | undefined {
  return Type === 'A' && AliasTarget?.DNSName !== undefined ? withoutDot(AliasTarget.DNSName).toLowerCase() : undefined;
}

function describeRecord({ Type, AliasTarget, ResourceRecords = [] }: ResourceRecordSet): string {
  const values = AliasTarget?.DNSName === undefined ? ResourceRecords.map(({ Value }) => Value) : [AliasTarget.DNSName];
  return `${Type} ${values.map((each) => withoutDot(each)).join(' ')}`;
}
