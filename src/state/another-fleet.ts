/** The refusals when a name alone would lead to a fleet other than the expected one. */
import { Problem } from '../errors/problem.js';

interface Named {
  readonly name: string;
  readonly region: string;
  /** That is wanted. */
  readonly id?: string | undefined;
}

/** The Problem for a fleet of the name that is there, while this machine knows another, or the user named another. */
export function anotherFleet({ name, region, id }: Named, found: string, where: string): Problem {
  return new Problem('another-fleet', {
    what: `the fleet ${name} now in ${region} is not the expected one`,
    why: `${where} names fleet id ${found}, expected ${id}`,
    next: [
      `to use the existing fleet: --fleet-id ${found}`,
      'or choose another name: --fleet',
      `to find out what happened to yours, search for resources with tag karmada-eks/fleet=${id}`,
    ],
  });
}

/** The Problem for several fleets that go by the name. */
export function ambiguousFleet({ name, region }: Named, ids: readonly string[]): Problem {
  return new Problem('another-fleet', {
    what: `${ids.length} fleets in ${region} are named ${name}`,
    why: `clusters or stacks there carry the tag karmada-eks/fleet with the values ${ids.join(' and ')}`,
    next: [...ids.map((id) => `select one: --fleet-id ${id}`), 'or choose another name: --fleet'],
  });
}
