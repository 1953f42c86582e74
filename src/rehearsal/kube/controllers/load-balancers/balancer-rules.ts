/** The rules that the AWS cloud controller keeps in the security group of a cluster's nodes, and EC2's limit of them. */
import { createHash } from 'node:crypto';
import { at, listAt } from '../../../json.js';
import type {
  AccountState,
  ApiState,
  KubeObjectState,
  LoadBalancerState,
  RegionState,
  RuleState,
  SecurityGroupState,
} from '../../../state.js';

/** Where rules are kept: in one security group of the account. */
interface Place {
  readonly account: AccountState;
  readonly group: SecurityGroupState;
}

type Wanted = Pick<RuleState, 'source' | 'port'>;

const everyone = '0.0.0.0/0';
const mtu = 'kubernetes.io/rule/nlb/mtu';

/** The group of a cluster's nodes. */
export function groupOf(region: RegionState, { cluster }: Pick<ApiState, 'cluster'>): SecurityGroupState | undefined {
  return region.securityGroups.find(({ tags }) => tags['aws:eks:cluster-name'] === cluster);
}

/**
 * Health checks, then clients, then packet sizes; the first refusal ends it. Without nodes there are no rules. The last kind is
 * looked at only when the others changed, so that it stays incomplete after a refusal
 * (`updateInstanceSecurityGroupsForNLB`).
 * @returns the words of a refusal
 */
export function syncRules(
  place: Place,
  region: RegionState,
  balancer: LoadBalancerState,
  service: KubeObjectState,
  hasNodes: boolean,
): string | undefined {
  const before = keyOf(place.group);
  const ports = hasNodes ? nodePorts(service) : [];
  const ranges = sourceRanges(service);
  const rules = (sources: readonly string[]): readonly Wanted[] =>
    ports.flatMap((port) => sources.map((source) => ({ source, port })));
  const subnets = region.subnets.filter(({ id }) => balancer.subnetIds.includes(id)).map(({ cidr }) => cidr);
  // What checks health is let in by such a rule too.
  const isForAll = hasNodes && ranges.length === 1 && ranges[0] === everyone;
  const refusal =
    (isForAll ? undefined : keepRules(place, descriptionOf('health', balancer), rules(subnets))) ??
    keepRules(place, descriptionOf('client', balancer), rules(ranges));
  return refusal ?? (before === keyOf(place.group) ? undefined : syncMtuRules(place));
}

/** Takes away those of a load balancer that is deleted. */
export function removeRules(place: Place, balancer: LoadBalancerState): void {
  const before = keyOf(place.group);
  for (const purpose of ['health', 'client'] as const) keepRules(place, descriptionOf(purpose, balancer), []);
  if (before !== keyOf(place.group)) syncMtuRules(place);
}

export function nodePorts(service: KubeObjectState): readonly number[] {
  return listAt(service, 'spec', 'ports').flatMap((port) => {
    const nodePort = at(port, 'nodePort');
    return typeof nodePort === 'number' ? [nodePort] : [];
  });
}

/** One for each CIDR of a client rule of the group, whosever it is (`updateInstanceSecurityGroupForNLBMTU`). */
function syncMtuRules(place: Place): string | undefined {
  const clients = (place.group.rules ?? []).filter(({ description }) =>
    description.includes('kubernetes.io/rule/nlb/client'),
  );
  const sources = new Set(clients.map(({ source }) => source));
  return keepRules(
    place,
    mtu,
    [...sources].map((source) => ({ source, port: 'icmp' as const })),
  );
}

/**
 * Of a description the group has these rules and no others: what is not wanted is revoked first, and what is missing is one
 * request, of which EC2 grants all or nothing (`updateInstanceSecurityGroupForNLBTraffic`).
 */
function keepRules({ account, group }: Place, description: string, wanted: readonly Wanted[]): string | undefined {
  const same = (one: Wanted) => (other: Wanted) => one.source === other.source && one.port === other.port;
  const kept = (group.rules ?? []).filter((rule) => rule.description !== description || wanted.some(same(rule)));
  group.rules = kept;
  const missing = wanted.filter((rule) => !kept.some(same(rule)));
  const malformed = missing.find(({ source }) => source.includes(':'));
  if (malformed !== undefined) return refusalOf(`InvalidParameterValue: CIDR block ${malformed.source} is malformed`);
  const limit = account.quotas?.['L-0EA8095F'] ?? 60;
  if (missing.length > 0 && kept.length + missing.length > limit) {
    const why = 'The maximum number of rules per security group has been reached.';
    return refusalOf(`RulesPerSecurityGroupLimitExceeded: ${why}`);
  }
  const idOf = ({ source, port }: Wanted): string =>
    `sgr-${hashOf([group.id, description, source, port].join(' ')).slice(0, 17)}`;
  group.rules = [...kept, ...missing.map((rule) => ({ ...rule, description, id: idOf(rule) }))];
  return undefined;
}

function refusalOf(error: string): string {
  const operation = 'operation error EC2: AuthorizeSecurityGroupIngress, https response error StatusCode: 400';
  return `error authorizing security group ingress: "${operation}, RequestID: 0, api error ${error}"`;
}

function descriptionOf(purpose: 'client' | 'health', { name }: LoadBalancerState): string {
  return `kubernetes.io/rule/nlb/${purpose}=${name}`;
}

/** Without host bits, and each once: Kubernetes reads them as networks (`GetLoadBalancerSourceRanges`). */
function sourceRanges(service: KubeObjectState): readonly string[] {
  const ranges = listAt(service, 'spec', 'loadBalancerSourceRanges').map((range) => networkOf(String(range)));
  return ranges.length > 0 ? [...new Set(ranges)] : [everyone];
}

function networkOf(cidr: string): string {
  const [address = '', length = ''] = cidr.split('/');
  if (address.includes(':')) return cidr;
  const size = 2 ** (32 - Number(length));
  const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const first = Math.floor(number / size) * size;
  return `${[24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join('.')}/${length}`;
}

function keyOf({ rules = [] }: SecurityGroupState): string {
  return rules.map(({ id }) => id).join();
}

const hashes = new Map<string, string>();

/** Remembered: the controller asks for the same few again at every change. */
function hashOf(text: string): string {
  const hash = hashes.get(text) ?? createHash('sha256').update(text).digest('hex');
  hashes.set(text, hash);
  return hash;
}
