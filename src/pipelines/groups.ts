/** Which members share a concurrency limit: AWS limits calls and clusters per region. */

import type { Member } from '../fleet/fleet.js';

/** The group of members whose region is not known. */
const elsewhere = 'elsewhere';

/** Steps of the parent and of the fleet are in no group: they never wait for room. */
export function groupOf(member: Member): string {
  return member.kind === 'eks' ? member.region : elsewhere;
}
