/** Who may reach the Karmada API although the fleet did not allow it: source ranges that somebody changed manually. */

import type { ApiLoadBalancer } from '../access/load-balancer.js';
import { everyone, rangesOf } from '../model/api-access.js';

/** One line, or undefined when the Service admits nobody but those whom it notes. */
export function openedByHand({
  sourceRanges,
  access,
}: Pick<ApiLoadBalancer, 'sourceRanges' | 'access'>): string | undefined {
  const noted = rangesOf(access);
  // An empty list admits everybody.
  const open = sourceRanges.length === 0 ? [everyone] : sourceRanges;
  const more = open.filter((range) => !noted.includes(range));
  if (more.length === 0 || noted.includes(everyone)) return undefined;
  return `the load balancer of the Karmada API is open to ${more.join(', ')}, which this fleet did not allow`;
}

export const closing = 'close it again: karmada-eks up';
