/** The additional work of `up --prune`: removes former members from Karmada, as `unjoin` does. */

import { Problem } from '../../errors/problem.js';
import type { Fleet } from '../../fleet/fleet.js';
import type { FleetPaths } from '../../fleet/paths.js';
import type { OptionsOf } from '../../options/table.js';
import { nothingToDo } from '../review/plan-table.js';
import { formerInKarmada } from '../shared/former-members.js';
import type { PreparedUp } from '../shared/prepare-up.js';
import type { Session } from '../shared/session.js';
import { type PreparedUnjoin, prepareUnjoin, type UnjoinOptions } from './prepare-unjoin.js';

/**
 * Undefined if not requested, or if no former member is in Karmada.
 * @throws Problem `member-silent`; `address-shut-out` or `karmada-unhealthy` where Karmada does not tell who is in it
 */
export async function preparePruning(
  session: Session,
  options: OptionsOf<'prune' | 'keepWorkloads'>,
  paths: FleetPaths,
  { fleet, facts: { caller } }: PreparedUp,
): Promise<PreparedUnjoin | undefined> {
  if (!options.prune) return undefined;
  const { names, silent } = await formerInKarmada(session, fleet, paths);
  if (silent !== undefined) throw unasked(fleet, silent);
  if (names.length === 0) return undefined;
  const spec: UnjoinOptions = {
    fleet,
    paths,
    caller,
    names,
    force: false,
    deletesClusters: false,
    keepsWorkloads: options.keepWorkloads,
    reviewVolumes: async () => false,
    agreed: undefined,
  };
  const prepared = await prepareUnjoin(session, spec);
  return nothingToDo(prepared.planned) ? undefined : prepared;
}

/** Once `up` has let this machine in, or repaired Karmada, it can be asked. */
function unasked({ former }: Fleet, { code, message, why }: Problem): Problem {
  return new Problem(code, {
    what: `${former.map(({ name }) => name).join(', ')} cannot be removed: ${message}`,
    ...(why === undefined ? {} : { why }),
    next: [
      `run the same command without --prune first: it ${code === 'address-shut-out' ? 'lets this machine in' : 'repairs Karmada'}`,
      'then run it with --prune',
    ],
  });
}
