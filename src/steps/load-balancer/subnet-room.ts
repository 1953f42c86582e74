/** Whether the subnets of the load balancer of the Karmada API have addresses for it, in a parent that is there already. */
import { Problem } from '../../errors/problem.js';
import { networkOf } from '../../model/facts.js';
import { balancerWants } from '../../preflight/network/addresses.js';
import { loadBalancerSubnets } from '../../preflight/network/network.js';
import type { CreateContext } from '../context.js';

/** Problem `vpc-unusable`: with too few in one of them AWS makes none at all. For a load balancer that is still to be created. */
export function noAddressesFor({ fleet, facts }: CreateContext): Problem | undefined {
  const subnets = loadBalancerSubnets(networkOf(facts, fleet.parent), fleet.internal);
  const full = subnets.filter(({ freeAddresses }) => freeAddresses < balancerWants);
  if (full.length === 0) return undefined;
  const roomy = subnets.filter((each) => !full.includes(each)).map(({ zone }) => zone);
  return new Problem('vpc-unusable', {
    what: full
      .map(
        ({ id, zone, freeAddresses }) =>
          `${id} in ${zone} has ${freeAddresses} free addresses, expected at least ${balancerWants}`,
      )
      .join('; '),
    why: `the load balancer of the Karmada API wants ${balancerWants} free in each of its subnets`,
    next: [
      'free addresses in it, or add a larger subnet in its zone with the same route table',
      ...(roomy.length >= 2 ? [`or leave its zone out: --zones ${roomy.join(',')}`] : []),
    ],
  });
}
