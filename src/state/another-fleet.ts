/** The refusals where a name alone would lead to a fleet that is not the one that is meant. */
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
    what: `the fleet ${name} that is in ${region} now is not the one that is meant`,
    why: `${where} names fleet id ${found}, expected ${id}`,
    next: [
      `to work on the fleet that is there: --fleet-id ${found}`,
      'or choose another name: --fleet',
      `or, if you do not know what became of yours: look for things with tag karmada-eks/fleet=${id}`,
    ],
  });
}

/** The Problem for several fleets that go by the name. */
export function ambiguousFleet({ name, region }: Named, ids: readonly string[]): Problem {
  return new Problem('another-fleet', {
    what: `${ids.length} fleets in ${region} are named ${name}`,
    why: `clusters or stacks there carry tag karmada-eks/fleet with ${ids.join(' and with ')}`,
    next: [...ids.map((id) => `work on one of them: --fleet-id ${id}`), 'or choose another name: --fleet'],
  });
}
