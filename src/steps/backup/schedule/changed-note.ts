/** What a schedule is to be, and what of it changes, for whoever agrees to it. */
import { isDeepStrictEqual } from 'node:util';
import type { ScheduleNote } from '../../../state/backup-schedule.js';

const parts: Readonly<Partial<Record<keyof ScheduleNote, readonly [string, (note: ScheduleNote) => string]>>> = {
  schedule: ['times', ({ schedule }) => `"${schedule}" (UTC)`],
  to: ['destination', ({ to }) => to],
  encryptTo: ['encrypted for', ({ encryptTo }) => encryptTo.join(', ')],
  keep: ['kept', ({ keep }) => (keep === undefined ? 'all' : `${keep}`)],
  image: ['image', ({ image }) => image],
  pullsWithSecret: ['pulled with logins', ({ pullsWithSecret }) => (pullsWithSecret ? 'yes' : 'no')],
  madeBy: ['program of karmada-eks', ({ madeBy }) => madeBy],
  secrets: ['mounted Secrets', ({ secrets }) => secrets.join(', ')],
};

/** One line for each part. */
export function wantedParts(note: ScheduleNote): readonly string[] {
  const { schedule, to, encryptTo, keep } = parts;
  return [schedule, to, encryptTo, keep].flatMap((part) =>
    part === undefined ? [] : [`${part[0]}: ${part[1](note)}`],
  );
}

/** One line for each part that is not as before; empty: nothing of it changes. */
export function changedParts(before: ScheduleNote, wanted: ScheduleNote): readonly string[] {
  if (isDeepStrictEqual(before, wanted)) return [];
  const told = Object.values(parts).flatMap(([title, textOf]) => {
    const [one, other] = [textOf(before), textOf(wanted)];
    return one === other ? [] : [`${title}: ${other}, before ${one}`];
  });
  return told.length > 0 ? told : ['its program with other settings'];
}
