/** What is told of volumes with users' data that a fleet which goes leaves behind. */
import type { Leftover } from '../discover/leftover.js';
import { leftoverCost } from '../discover/leftover-cost.js';
import { Problem } from '../errors/problem.js';
import type { Fleet } from '../fleet/fleet.js';
import { monthly } from './cost-table.js';

/** Says what stays, what it costs, and how it is deleted by hand. */
export function dataProblem({ name }: Fleet, data: readonly Leftover[]): Problem {
  const { usdPerMonth, unknown } = leftoverCost(data);
  const missing = unknown.length === 0 ? '' : `, without ${unknown.length} of unknown price`;
  const volumes =
    data.length === 1 ? '1 volume with users’ data stays' : `${data.length} volumes with users’ data stay`;
  return new Problem('leftovers', {
    what: `${volumes} of fleet ${name}: ${monthly(usdPerMonth)} USD in a month of 730 hours${missing}`,
    why: data.map(({ name: volume, claim }) => `${volume} is what claim ${claim ?? ''} wrote`).join('; '),
    next: data.map(({ id, region }) => `delete it by hand: aws ec2 delete-volume --region ${region} --volume-id ${id}`),
  });
}
