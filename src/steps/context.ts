/** What all steps of a run share: the fleet, what was discovered, and the clients. */

import { accessOf } from '../access/cluster-access.js';
import type { Clients } from '../clients/clients.js';
import type { Fleet } from '../fleet/fleet.js';
import { karmadaContext } from '../fleet/names.js';
import type { FleetPaths } from '../fleet/paths.js';
import type { Facts } from '../model/facts.js';
import { settledFacts } from '../preflight/checks.js';
import type { KubeAccess } from '../tools/kubectl/commands.js';

/** What is known of a fleet that exists, whatever is done with it. */
export interface FleetContext extends Pick<Facts, 'caller' | 'ownership'> {
  readonly fleet: Fleet;
  readonly clients: Clients;
  readonly paths: FleetPaths;
}

/** What creates something knows besides: what preflight found, and the choices of `up`. */
export interface CreateContext extends FleetContext, CreateChoices {
  readonly facts: Facts;
  /** Reads the fleet's own VPC, which could only be planned, once it is made: `facts` has it from then on. */
  readonly settle: () => Promise<void>;
}

/** What `up` changes only on request. */
export interface CreateChoices {
  /** Whether the user's current context may be switched to the Karmada API. */
  readonly switchContext?: boolean;
  /** Whether existing clusters are scaled to the requested number of nodes. */
  readonly reconciles?: boolean;
  /** Whether node groups that EKS calls unhealthy are recreated although nodes of theirs are Ready. */
  readonly replacesNodes?: boolean;
  /** Whether add-ons that EKS calls unhealthy are recreated. */
  readonly replacesAddons?: boolean;
  /** Whether Karmada's certificates end soon, or were renewed and may not have come everywhere. */
  readonly renewsCertificates?: boolean;
  /** Whether an incomplete Karmada is removed, with its data, and installed again. */
  readonly reinstallsKarmada?: boolean;
}

export function createContext(
  fleet: Pick<FleetContext, 'fleet' | 'clients' | 'paths'>,
  facts: Facts,
  choices: CreateChoices = {},
): CreateContext {
  const { caller, ownership } = facts;
  let known = facts;
  return {
    ...fleet,
    caller,
    ownership,
    get facts() {
      return known;
    },
    settle: async () => {
      known = await settledFacts(fleet.clients, fleet.fleet, known);
    },
    ...choices,
  };
}

export { accessOf };

export function parentAccess({ paths, fleet }: Pick<FleetContext, 'paths' | 'fleet'>): KubeAccess {
  return accessOf(paths, fleet.parent.cluster);
}

/** How kubectl reaches the Karmada API: through the load balancer's name. */
export function karmadaAccess(paths: FleetPaths): KubeAccess {
  return accessOf(paths, karmadaContext);
}

/** Milliseconds of so many minutes: expected durations are written in minutes. */
export function minutes(count: number): number {
  return count * 60_000;
}

export function seconds(count: number): number {
  return count * 1_000;
}
