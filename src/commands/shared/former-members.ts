/** The former members that Karmada still has: they are kept unless they are removed. */

import { shutOutOf } from '../../access/endpoints/unseen-karmada.js';
import { accessFleet } from '../../access/fleet-access.js';
import { membersOf } from '../../access/member-list.js';
import type { Problem } from '../../errors/problem.js';
import type { Fleet } from '../../fleet/fleet.js';
import type { FleetPaths } from '../../fleet/paths.js';
import type { OptionsOf } from '../../options/table.js';
import { silentKarmada } from './karmada-of.js';
import { tryToRead } from './known-fleet.js';
import { callOf, type Session } from './session.js';

/** Their names; `silent`: why Karmada, which may have them, does not answer. */
export async function formerInKarmada(
  session: Session,
  fleet: Fleet,
  paths: FleetPaths,
): Promise<{ readonly names: readonly string[]; readonly silent?: Problem }> {
  if (fleet.former.length === 0) return { names: [] };
  const { clients } = session;
  const controlPlane = { ...fleet, members: [], former: [] };
  const reach = await accessFleet(clients, controlPlane, paths, callOf(session));
  const { karmada, loadBalancer } = reach;
  if (karmada === undefined) {
    if (loadBalancer === undefined) return { names: [] };
    return { names: [], silent: (await shutOutOf(clients, fleet, reach)) ?? silentKarmada(fleet) };
  }
  const known = new Set((await membersOf(clients, karmada, callOf(session))).map(({ metadata }) => metadata.name));
  return { names: fleet.former.map(({ name }) => name).filter((name) => known.has(name)) };
}

/** Tells who is kept though no longer in the configuration, as far as Karmada can be asked. */
export async function noteFormer(
  session: Session,
  { prune }: OptionsOf<'prune'>,
  { fleet, paths }: { readonly fleet: Fleet; readonly paths: FleetPaths },
): Promise<void> {
  // Who is pruned is shown as a plan of its own.
  if (prune) return;
  const kept = await tryToRead(() => formerInKarmada(session, fleet, paths));
  for (const name of kept?.names ?? [])
    session.ui.note(`member ${name} is no longer in the configuration; it is kept unless you use up --prune`);
}
