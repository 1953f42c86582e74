/** `access revoke`: takes a person's rights in Karmada away. */
import { bindingText, type Grant, readBindings } from '../../access/grants/grants.js';
import { ExitCode } from '../../errors/exit-codes.js';
import { Problem } from '../../errors/problem.js';
import type { Fleet } from '../../fleet/fleet.js';
import { fleetCommand } from '../../fleet/fleet-command.js';
import type { Given, OptionsOf } from '../../options/table.js';
import { revokeSteps } from '../../pipelines/access.js';
import type { FleetContext } from '../../steps/context.js';
import type { KubeAccess } from '../../tools/kubectl/commands.js';
import { plainConsent, requireConsent } from '../review/consent.js';
import { executeSteps, exitCodeOf } from '../shared/execute.js';
import { karmadaOf } from '../shared/karmada-of.js';
import type { RequestOptions } from '../shared/resolve-request.js';
import type { Session } from '../shared/session.js';
import { type OpenFleet, withFleet } from '../shared/with-fleet.js';
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
      const { grants } = await readBindings(session.clients, karmada, open.fleet.id, open.call);
      return { context, karmada, grants: grantsOf(people, grants, open.fleet) };
    },
    async (open, found) => await revoke(open, options, { ...found, people }),
  );
}

interface Revocation {
  readonly context: FleetContext;
  readonly karmada: KubeAccess;
  readonly people: readonly string[];
  readonly grants: readonly Grant[];
}

async function revoke(open: OpenFleet, options: RevokeOptions, revocation: Revocation): Promise<number> {
  const { ui, clients } = open.session;
  const { context, people, grants } = revocation;
  ui.showTable(grantTable(grants, clients.world.clock.now()));
  await plainConsent(open.session, options, `Revoke ${people.join(', ')}`, false);
  const report = await executeSteps(open.session, 'access', open.paths, revokeSteps(context, grants));
  if (!report.ok) return exitCodeOf(report);
  const last = Math.max(...grants.map(({ until }) => until));
  ui.note(
    `the grants above are revoked; their certificates still prove who ${people.join(', ')} ${people.length === 1 ? 'is' : 'are'} until ${timeText(last)}`,
  );
  return await whatRemains(open, revocation);
}

/** What the people can still do: a grant may have been made meanwhile, and others may have bound their names. */
async function whatRemains({ session, fleet, call }: OpenFleet, { karmada, people }: Revocation): Promise<number> {
  const { grants, others } = await readBindings(session.clients, karmada, fleet.id, call);
  const isMeant = (name: string): boolean => people.includes(name);
  for (const each of others) {
    const names = (each.subjects ?? []).filter(({ kind, name }) => kind === 'User' && isMeant(name));
    if (names.length > 0)
      session.ui.note(
        `warning: ${bindingText(each)}, which karmada-eks did not make, gives ${names.map(({ name }) => name).join(', ')} the role ${each.roleRef.name} until it is deleted`,
      );
  }
  const made = grants.filter(({ person }) => isMeant(person));
  if (made.length === 0) return ExitCode.ok;
  session.ui.showProblem(
    new Problem('fleet-changed', {
      what: `${[...new Set(made.map(({ person }) => person))].join(', ')} got access again meanwhile`,
      next: ['run the same command again'],
    }),
  );
  return ExitCode.failed;
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
