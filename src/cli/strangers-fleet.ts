/** Wants a consent of its own before the description of a fleet is changed that this machine has no record of. */
import { describeAuthors } from '../discover/authors.js';
import { Problem } from '../errors/problem.js';
import type { Fleet, Member } from '../fleet/fleet.js';
import { memberRequest, requestOf, resolveFleet } from '../fleet/resolve.js';
import type { Parsed } from './run-options.js';
import type { Session } from './session.js';
import type { Wanted } from './what-was-said.js';

/**
 * Nothing is asked where the fleet stays as it is described: then it is only made whole.
 * @throws Problem `consent-missing` where nobody can be asked or `--yes` forbids it, `declined`
 */
export async function agreeToChange(
  { ui }: Session,
  parsed: Parsed,
  { before, stranger }: Wanted,
  fleet: Fleet,
): Promise<void> {
  if (before === undefined || stranger === undefined || parsed['changeFleet'] === true) return;
  const changes = changesIn(resolveFleet(before), fleet);
  if (changes.length === 0) return;
  const what = `this would change fleet ${fleet.name}, of which this machine has no record`;
  if (ui.ask.possible && parsed['yes'] !== true) {
    ui.note(`${what}: ${changes.join('; ')}`);
    const message = `The fleet was ${describeAuthors(stranger)}. Change it`;
    if (await ui.ask.confirm({ message, flag: '--change-fleet', default: false })) return;
    throw new Problem('declined', { what: 'nothing was changed' });
  }
  throw new Problem('consent-missing', {
    what: `${what}; nothing was changed`,
    why: `it was ${describeAuthors(stranger)}; changed would be: ${changes.join('; ')}`,
    next: [
      'add --change-fleet to agree to that',
      `or leave out what differs: karmada-eks up --fleet ${fleet.name} --region ${fleet.parent.region} takes the fleet as it is described`,
    ],
  });
}

/** What a description would say otherwise, one clause each. */
function changesIn(before: Fleet, fleet: Fleet): readonly string[] {
  const { members: _, former: __, revision: ___, ...wanted } = requestOf(fleet);
  const described: Readonly<Record<string, unknown>> = requestOf(before);
  const others = Object.entries(wanted).flatMap(([key, value]) => {
    const [old, now] = [described[key], value].map((each) => JSON.stringify(each) ?? 'not set');
    return old === now ? [] : [`${key} from ${old} to ${now}`];
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
    ...clause(gone, gone.length === 1 ? 'is no longer asked for' : 'are no longer asked for'),
    ...clause(fresh, fresh.length === 1 ? 'joins' : 'join'),
    ...clause(other, 'with other fields'),
  ];
}
