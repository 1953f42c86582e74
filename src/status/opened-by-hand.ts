/** Who may reach the Karmada API although the fleet did not allow it: source ranges that somebody changed manually. */

import type { ApiLoadBalancer } from '../access/load-balancer.js';
import type { RuleDifference } from '../access/node-rules.js';
import { fleetCommand, type NamedFleet } from '../fleet/fleet-command.js';
import { everyone, ipv4Of, rangesOf } from '../model/api-access.js';

/** One line, or undefined when the Service admits nobody but those whom it notes. */
export function openedByHand({
  sourceRanges,
  access,
}: Pick<ApiLoadBalancer, 'sourceRanges' | 'access'>): string | undefined {
  const noted = rangesOf(access);
  // An empty list admits everybody.
  const open = sourceRanges.length === 0 ? [everyone] : sourceRanges;
  const more = ipv4Of(open).filter((range) => !noted.includes(range));
  if (more.length === 0 || noted.includes(everyone)) return undefined;
  return `the load balancer of the Karmada API is open to ${more.join(', ')}, which this fleet did not allow`;
}

export function closing(fleet: NamedFleet): string {
  return `close it again: ${fleetCommand('up', fleet)}`;
}

/** Where the security groups of the parent's nodes do not let in whom the Service names, or let in others; one line each. */
export function ruleWarnings(
  { closed, stale, opened }: RuleDifference,
  { access }: Pick<ApiLoadBalancer, 'access'>,
  fleet: NamedFleet,
): readonly { readonly what: string; readonly next: string }[] {
  // Whom the fleet did not allow is told of as an opening.
  const missing = closed.filter((range) => rangesOf(access).includes(range));
  const shut = missing.length === 0 ? [] : [`no security group rule lets ${missing.join(', ')} reach the Karmada API`];
  const open = stale.length === 0 ? [] : [`a security group rule still lets ${stale.join(', ')} reach the Karmada API`];
  return [
    ...[...shut, ...open].map((what) => ({ what, next: `have the rules renewed: ${fleetCommand('up', fleet)}` })),
    ...opened.map(({ cidr, group, rule }) => ({
      what: `rule ${rule} of security group ${group} lets ${cidr} reach the Karmada API, which this fleet did not allow`,
      next: `revoke it unless something else needs it: aws ec2 revoke-security-group-ingress --group-id ${group} --security-group-rule-ids ${rule} --region ${fleet.parent.region}`,
    })),
  ];
}
