/** `access revoke`: takes a person's rights in Karmada away. */
import { type Grant, grantsIn } from '../../access/grants.js';
import { Problem } from '../../errors/problem.js';
import type { Fleet } from '../../fleet/fleet.js';
import { fleetCommand } from '../../fleet/fleet-command.js';
import type { Given, OptionsOf } from '../../options/table.js';
import { revokeSteps } from '../../pipelines/access.js';
import { plainConsent, requireConsent } from '../review/consent.js';
import { executeSteps, exitCodeOf } from '../shared/execute.js';
import { karmadaOf } from '../shared/karmada-of.js';
import type { RequestOptions } from '../shared/resolve-request.js';
import type { Session } from '../shared/session.js';
import { withFleet } from '../shared/with-fleet.js';
import { grantTable } from './grant-table.js';
import { personFrom } from './person.js';
import { timeText } from './time-text.js';

type RevokeOptions = RequestOptions & OptionsOf<'yes'> & Pick<Given, 'names'>;

/** All grants that the people have at the moment of the question, and no others. */
export async function accessRevoke(session: Session, options: RevokeOptions): Promise<number> {
  const people = [...new Set(options.names.map((name) => personFrom(name, 'NAME')))];
  requireConsent(session, 'access revoke', { '--yes': options.yes });
  return await withFleet(
    session,
    options,
    {},
    async (open) => {
      const { context, karmada } = await karmadaOf(open);
      const grants = await grantsIn(session.clients, karmada, open.fleet.id, open.call);
      return { context, grants: grantsOf(people, grants, open.fleet) };
    },
    async (open, { context, grants }) => {
      const { ui, clients } = open.session;
      ui.showTable(grantTable(grants, clients.world.clock.now()));
      await plainConsent(open.session, options, `Revoke ${people.join(', ')}`, false);
      const report = await executeSteps(open.session, 'access', open.paths, revokeSteps(context, grants));
      const last = Math.max(...grants.map(({ until }) => until));
      if (report.ok)
        ui.note(
          `${people.join(', ')} may do nothing in Karmada any more; the certificates still prove who they are until ${timeText(last)}`,
        );
      return exitCodeOf(report);
    },
  );
}

/** @throws Problem `invalid-value` for people who have none: a name that was mistyped must not pass for revoked */
function grantsOf(people: readonly string[], grants: readonly Grant[], fleet: Fleet): readonly Grant[] {
  const without = people.filter((person) => !grants.some((each) => each.person === person));
  if (without.length === 0) return grants.filter(({ person }) => people.includes(person));
  throw new Problem('invalid-value', {
    what: `${without.join(', ')}: no access is granted under this name; nothing was changed`,
    next: [`list who has access: ${fleetCommand('access list', fleet)}`],
  });
}
