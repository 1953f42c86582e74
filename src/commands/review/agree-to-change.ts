/** Asks before another user's fleet is changed, and before somebody else's change is applied. */

import type { PlannedStep } from '../../engine/plan.js';
import { Problem } from '../../errors/problem.js';
import type { Fleet, Member } from '../../fleet/fleet.js';
import { fleetCommand } from '../../fleet/fleet-command.js';
import { memberRequest, requestOf, resolveFleet } from '../../fleet/resolve.js';
import type { OptionsOf } from '../../options/table.js';
import { describeAuthors } from '../../state/authors.js';
import { addedElsewhere } from '../../state/changed-elsewhere.js';
import type { KnownFleet } from '../shared/known-fleet.js';
import type { Session } from '../shared/session.js';

/**
 * Does not ask if the fleet keeps its description: it is then only repaired.
 * @throws Problem `consent-missing` where nobody can be asked or `--yes` forbids it, `declined`
 */
export async function agreeToChange(
  { ui }: Session,
  options: OptionsOf<'yes' | 'changeFleet'>,
  { request: before, foreignAuthors }: KnownFleet,
  fleet: Fleet,
): Promise<void> {
  if (before === undefined || foreignAuthors === undefined || options.changeFleet) return;
  const changes = changesIn(resolveFleet(before), fleet);
  if (changes.length === 0) return;
  await agreeByItself(ui, options, {
    what: `this would change fleet ${fleet.name}, which this machine has no record of`,
    note: changes.join('; '),
    message: `The fleet was ${describeAuthors(foreignAuthors)}. Change it`,
    why: `it was ${describeAuthors(foreignAuthors)}; this would change: ${changes.join('; ')}`,
    otherwise: `or omit what differs: ${fleetCommand('up', fleet)} uses the fleet’s existing description`,
  });
}

/**
 * Users who can write the description in the parent must not be able to admit others, or to join clusters, through a
 * user with more permissions. Does not ask for what the user specifies in this run.
 * @throws Problem `consent-missing` where nobody can be asked or `--yes` forbids it, `declined`
 */
export async function agreeToDescribed(
  { ui }: Session,
  options: OptionsOf<'yes' | 'changeFleet'>,
  known: KnownFleet,
  { fleet, planned }: { readonly fleet: Fleet; readonly planned: readonly PlannedStep[] },
): Promise<void> {
  const { request: before, elsewhere } = known;
  if (before === undefined || elsewhere === undefined || options.changeFleet) return;
  const recorded = resolveFleet(elsewhere.recorded);
  const wanted = addedElsewhere(recorded, fleet).map(({ text }) => text);
  const changes = addedElsewhere(recorded, resolveFleet(before))
    .filter(({ text, member }) => wanted.includes(text) && (member === undefined || isOpen(planned, member)))
    .map(({ text }) => text);
  if (changes.length === 0) return;
  const why = `it was ${describeAuthors(elsewhere.authors)}: ${changes.join('; ')}`;
  await agreeByItself(ui, options, {
    what: `fleet ${fleet.name} was changed since this machine last used it`,
    note: why,
    message: 'Apply these changes too',
    why,
    otherwise: 'or set the values you want with flags: karmada-eks up --help',
  });
}

/** The question, and the error if nobody can be asked. */
interface Request {
  readonly what: string;
  /** Stands after `what` before the question. */
  readonly note: string;
  readonly message: string;
  readonly why: string;
  /** What else can be done than to agree. */
  readonly otherwise: string;
}

async function agreeByItself(
  ui: Session['ui'],
  options: OptionsOf<'yes' | 'changeFleet'>,
  { what, note, message, why, otherwise }: Request,
): Promise<void> {
  if (ui.ask.possible && !options.yes) {
    ui.note(`${what}: ${note}`);
    if (await ui.ask.confirm({ message, flag: '--change-fleet', default: false })) return;
    throw new Problem('declined', { what: 'nothing was changed' });
  }
  throw new Problem('consent-missing', {
    what: `${what}; nothing was changed`,
    why,
    next: ['to agree, add --change-fleet', otherwise],
  });
}

/** Whether a member still needs work; if the fleet's own cluster exists, only this machine's record is missing it. */
function isOpen(planned: readonly PlannedStep[], member: string): boolean {
  const ofMember = planned.filter(({ step }) => step.scope === member);
  const isMade = ofMember.some(({ step, state }) => step.id === `create-cluster/${member}` && state === 'ready');
  return !isMade && ofMember.some(({ state }) => state !== 'ready');
}

/** The differences between two descriptions, one clause each. */
function changesIn(before: Fleet, fleet: Fleet): readonly string[] {
  const { members: _, former: __, revision: ___, ...wanted } = requestOf(fleet);
  const described: Readonly<Record<string, unknown>> = requestOf(before);
  const others = Object.entries(wanted).flatMap(([key, value]) => {
    const [old, now] = [described[key], value].map((each) => JSON.stringify(each) ?? 'not set');
    if (old === now) return [];
    // Its values may be secrets.
    return [key === 'clusterConfigPatch' ? `another ${key}` : `${key} from ${old} to ${now}`];
  });
  return [...memberChanges(before.members, fleet.members), ...others];
}

function memberChanges(before: readonly Member[], now: readonly Member[]): readonly string[] {
  const named = (members: readonly Member[], name: string): string | undefined => {
    const found = members.find((member) => member.name === name);
    return found && JSON.stringify(memberRequest(found));
  };
  const gone = before.filter(({ name }) => named(now, name) === undefined);
  const fresh = now.filter(({ name }) => named(before, name) === undefined);
  const other = now.filter(({ name }) => ![undefined, named(now, name)].includes(named(before, name)));
  const clause = (members: readonly Member[], what: string): readonly string[] =>
    members.length === 0 ? [] : [`${members.map(({ name }) => name).join(', ')} ${what}`];
  return [
    ...clause(gone, gone.length === 1 ? 'is no longer in the configuration' : 'are no longer in the configuration'),
    ...clause(fresh, fresh.length === 1 ? 'joins' : 'join'),
    ...clause(other, 'with other fields'),
  ];
}
