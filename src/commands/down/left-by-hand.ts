/** Reports resources that no flag deletes with the rest: those that are only perhaps the fleet's, and users' data. */

import { Problem } from '../../errors/problem.js';
import type { Fleet } from '../../fleet/fleet.js';
import { fleetCommand } from '../../fleet/fleet-command.js';
import { leftoverCost } from '../../leftovers/cost.js';
import type { Leftover } from '../../leftovers/leftover.js';
import type { RememberedVolume } from '../../ownership/cluster-lifetimes.js';
import { type AwsPlace, asWhom, placeName } from '../../world/place.js';
import { monthly } from '../review/cost-table.js';
import { unpriced } from './leftover-table.js';

/** Says what stays, what it costs, and how it is kept or deleted. */
export function dataProblem(fleet: Fleet, data: readonly Leftover[], known: readonly RememberedVolume[]): Problem {
  const { usdPerMonth, unknown } = leftoverCost(data);
  const [atLeast, missing] = unpriced(unknown.length);
  const volumes =
    data.length === 1 ? '1 volume with users’ data is kept' : `${data.length} volumes with users’ data are kept`;
  const policies = new Map(known.map(({ id, policy }) => [id, policy]));
  const where = `--fleet ${fleet.name} --region ${fleet.parent.region}`;
  const isDeletable = data.some(({ id }) => policies.get(id) === 'Delete');
  return new Problem('leftovers', {
    what: `${volumes} of fleet ${fleet.name}: ${atLeast}${monthly(usdPerMonth)} USD per month (730 hours)${missing}`,
    why: data.map(({ id, name, evidence }) => `${name} is ${evidence}${policyOf(policies.get(id))}`).join('; '),
    next: [
      ...(isDeletable ? [`delete those that are not retained: karmada-eks down ${where} --remove-volumes`] : []),
      ...data.map(
        ({ id, ...place }) =>
          `or delete it yourself: aws ec2 delete-volume --region ${place.region} --volume-id ${id}${asWhom(place)}`,
      ),
    ],
  });
}

function policyOf(policy: string | undefined): string {
  return policy === undefined ? '' : `, reclaim policy ${policy}`;
}

/** One piece of evidence is not enough to delete: shows which one it is, and what people can do. */
export function perhapsProblem({ name }: Fleet, things: readonly Leftover[]): Problem {
  const are = things.length === 1 ? '1 resource is' : `${things.length} resources are`;
  return new Problem('leftovers', {
    what: `${are} perhaps part of fleet ${name} and will not be deleted`,
    why: things
      .map(({ kind, name: thing, evidence, ...place }) => `${kind} ${thing}${inOther(place)}: ${evidence}`)
      .join('; '),
    next: [
      'if you know that the fleet created it, delete it in the console of its service',
      'if it belongs to somebody else, remove its tag karmada-eks/fleet so that it is no longer listed',
    ],
  });
}

function inOther(place: AwsPlace): string {
  return place.account === undefined ? '' : ` in ${placeName(place)}`;
}

/** The fleet made the VPC, but others use it: shows what they have in it, what it costs, and how it goes. */
export function heldProblem(fleet: Fleet, vpc: Leftover): Problem {
  const { usdPerMonth, unknown } = leftoverCost([vpc]);
  const [atLeast, missing] = unpriced(unknown.length);
  return new Problem('leftovers', {
    what: `VPC ${vpc.name} in ${vpc.region} is kept, for something else is in it: ${atLeast}${monthly(usdPerMonth)} USD per month (730 hours)${missing}`,
    why: vpc.detail,
    next: [
      `delete or detach what is in it, and run: ${fleetCommand('down', fleet)}`,
      `or keep it for them, and delete its stack once they do not need it: aws cloudformation delete-stack --region ${vpc.region} --stack-name ${vpc.id}`,
    ],
  });
}
