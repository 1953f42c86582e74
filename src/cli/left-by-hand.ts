/** What is told of things that are there and that no flag removes with the rest: what only may be the fleet's, and users' data. */
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
    why: data.map(({ name: volume, evidence }) => `${volume} is ${evidence}`).join('; '),
    next: data.map(({ id, region }) => `delete it by hand: aws ec2 delete-volume --region ${region} --volume-id ${id}`),
  });
}

/** One witness is not enough to delete: says which it is, and what people can do. */
export function perhapsProblem({ name }: Fleet, things: readonly Leftover[]): Problem {
  const are = things.length === 1 ? '1 thing is' : `${things.length} things are`;
  return new Problem('leftovers', {
    what: `${are} perhaps of fleet ${name}, and not deleted`,
    why: things.map(({ kind, name: thing, evidence }) => `${kind} ${thing}: ${evidence}`).join('; '),
    next: [
      'if you know that the fleet made it, delete it by hand, in the console of its service',
      'if it is somebody else’s, take the tag karmada-eks/fleet off it: it is not listed then',
    ],
  });
}
