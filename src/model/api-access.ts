/** Who may reach the Karmada API, and because of which member: so that a member's addresses are removed with it. */
import { z } from 'zod';
import { Problem } from '../errors/problem.js';
import type { KubeService } from '../tools/kubectl/objects.js';
import { jsonAs } from './json-text.js';

/** The CIDRs that the load balancer of the Karmada API admits. */
export interface ApiAccess {
  /** Those the user named, else this machine's address or the parent's VPC. */
  readonly base: readonly string[];
  /** Those of each pull member, by its name. */
  readonly members: ReadonlyMap<string, readonly string[]>;
}

export const nobody: ApiAccess = { base: [], members: new Map() };

/** All of IPv4; the load balancer has no other addresses. */
export const everyone = '0.0.0.0/0';

/** On the Service: which of its source ranges are there for whom. Kubernetes itself keeps only the list. */
export const accessAnnotation = 'karmada-eks/access';

const annotationSchema = z.object({ base: z.array(z.string()), members: z.record(z.string(), z.array(z.string())) });

/** The list for the Service: sorted, without doubles; with everyone in it there is no need to name anybody else. */
export function rangesOf({ base, members }: ApiAccess): readonly string[] {
  return base.includes(everyone) ? [everyone] : [...new Set([...base, ...[...members.values()].flat()])].sort();
}

/**
 * As `rangesOf`, for a Service that is to be written: Kubernetes takes an empty list for everyone
 * (`loadBalancerSourceRanges` in the reference of its API).
 * @throws Problem `access-unlimited` if it is empty
 */
export function limitedRanges(access: ApiAccess): readonly string[] {
  const refusal = unlimited(access);
  if (refusal !== undefined) throw refusal;
  return rangesOf(access);
}

/** Problem `access-unlimited` for access that admits nobody. */
export function unlimited(access: ApiAccess): Problem | undefined {
  if (rangesOf(access).length > 0) return undefined;
  return new Problem('access-unlimited', {
    what: 'nobody could reach the Karmada API any more',
    why: 'a load balancer without source ranges is open to everyone',
    next: ['set who may reach it: karmada-eks up --allow 203.0.113.7/32 (repeatable)'],
  });
}

/** The value of the annotation; the same access always has the same text. */
export function annotationOf({ base, members }: ApiAccess): string {
  const sorted = [...members].sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify({ base: [...base].sort(), members: Object.fromEntries(sorted) });
}

/**
 * The access of a Service; without a readable annotation, all of its ranges count as the user's. IPv6 ranges of former versions
 * are left out, so that the next change takes them off the Service: they let nobody in, and EC2 refuses all others with them.
 */
export function accessIn(found: KubeService): ApiAccess {
  const noted = jsonAs(annotationSchema, found.metadata.annotations?.[accessAnnotation]);
  if (noted === undefined) return { base: ipv4Of(found.spec.loadBalancerSourceRanges ?? []), members: new Map() };
  const members = Object.entries(noted.members).map(([name, ranges]) => [name, ipv4Of(ranges)] as const);
  return { base: ipv4Of(noted.base), members: new Map(members) };
}

/** Those of a list of CIDRs that a load balancer for IPv4 can admit. */
export function ipv4Of(ranges: readonly string[]): readonly string[] {
  return ranges.filter((range) => !range.includes(':'));
}

/** The access without that of these members. */
export function withoutMembers({ base, members }: ApiAccess, names: readonly string[]): ApiAccess {
  return { base, members: new Map([...members].filter(([name]) => !names.includes(name))) };
}

/** Merges two accesses: both bases, and for a member in both the first one's ranges. */
export function mergedAccess(first: ApiAccess, second: ApiAccess): ApiAccess {
  return {
    base: [...new Set([...first.base, ...second.base])],
    members: new Map([...second.members, ...first.members]),
  };
}
