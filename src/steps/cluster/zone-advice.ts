/** What to do where a zone has no room for a control plane or for nodes: the flag with the zones that have, of those of the VPC. */
import type { FleetMemberCluster } from '../../fleet/fleet.js';
import { networkOf } from '../../model/facts.js';
import { nodeSubnets } from '../../preflight/network/network.js';
import type { CreateContext } from '../context.js';

/**
 * The zones that AWS names: of EKS (EKS User Guide, troubleshooting, `UnsupportedAvailabilityZoneException`), and of EC2 for instances
 * (EC2 User Guide, troubleshoot instance launch issues, `InsufficientInstanceCapacity`).
 */
const offers =
  /(?:availability zones:|available zones:|or choosing) ((?:[a-z]+(?:-[a-z]+)+-\d[a-z](?:, (?:and )?)?)+)/i;

/** The zone without room, where AWS names no other. */
const refusal = /\b([a-z]+(?:-[a-z]+)+-\d[a-z])(?:\)|, the targeted)/i;

const zone = /[a-z]+(?:-[a-z]+)+-\d[a-z]/g;

/** Undefined where zones are not the reason. */
export function zoneAdvice(
  context: CreateContext,
  cluster: FleetMemberCluster,
  why = '',
): readonly string[] | undefined {
  const offered = offers.exec(why)?.[1]?.match(zone);
  const full = refusal.exec(why)?.[1];
  const isForZone = /capacity|UnsupportedAvailabilityZone/i.test(why);
  if (!isForZone || (offered === undefined && full === undefined)) return undefined;
  const own = nodeSubnets(networkOf(context.facts, cluster)).map((subnet) => subnet.zone);
  const zones = own.filter((each) => each !== full && (offered?.includes(each) ?? true));
  const elsewhere = 'or choose another VPC or region';
  const nodes = /InsufficientInstanceCapacity/i.test(why) ? ['or choose another --instance-type'] : [];
  if (zones.length >= 2) return [`use zones that have room: add ${flagFor(cluster, zones)}`, ...nodes];
  const missing = (offered ?? []).filter((each) => !own.includes(each));
  const where = missing.length === 0 ? 'in a zone that has room' : `in one of ${missing.join(', ')}`;
  return [`add a subnet like the others ${where}, then use the zones that have room with --zones`, ...nodes, elsewhere];
}

function flagFor({ role, scope }: FleetMemberCluster, zones: readonly string[]): string {
  return role === 'parent' ? `--zones ${zones.join(',')}` : `zones=${zones.join('+')} to --member name=${scope}`;
}
