/** What every step of a run shares: what is wanted, what was found, and the means. */

import { accessOf } from '../access/cluster-access.js';
import type { Clients } from '../clients/clients.js';
import type { Fleet } from '../fleet/fleet.js';
import { karmadaContext } from '../fleet/names.js';
import type { FleetPaths } from '../fleet/paths.js';
import { nobody } from '../model/api-access.js';
import type { Facts } from '../model/facts.js';
import type { KubeAccess } from '../tools/kubectl/commands.js';

export interface Site {
  readonly fleet: Fleet;
  readonly facts: Facts;
  readonly clients: Clients;
  readonly paths: FleetPaths;
  /** Whether the user's current context may be switched to the Karmada API. */
  readonly switchContext: boolean;
  /** Whether clusters that exist are brought to the number of nodes that is wanted. */
  readonly reconciles: boolean;
  /** Whether node groups that EKS calls unhealthy are made anew although nodes of theirs are Ready. */
  readonly replacesNodes: boolean;
  /** Whether add-ons that EKS calls unhealthy are made anew. */
  readonly replacesAddons: boolean;
  /** Whether a Karmada that is not whole is removed, with what it holds, and installed anew. */
  readonly reinstallsKarmada: boolean;
}

export { accessOf };

export function parentAccess({ paths, fleet }: Pick<Site, 'paths' | 'fleet'>): KubeAccess {
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

/** The choices of a run that replaces and switches nothing. */
export const changesNothing = {
  switchContext: false,
  reconciles: false,
  replacesNodes: false,
  replacesAddons: false,
  reinstallsKarmada: false,
} as const;

/** A site for what looks at a fleet or takes it away: without networks, for nothing is made. */
export function lookingSite(
  parts: Pick<Site, 'fleet' | 'clients' | 'paths'> & Pick<Facts, 'caller' | 'ownership'>,
): Site {
  const { fleet, clients, paths, caller, ownership } = parts;
  const facts: Facts = {
    caller,
    ownership,
    kubernetesVersion: fleet.kubernetesVersion ?? '',
    kubernetesSupport: 'standard',
    karmadaVersion: fleet.karmadaVersion ?? '',
    access: nobody,
    networks: new Map(),
    warnings: [],
  };
  return { fleet, facts, clients, paths, ...changesNothing };
}
