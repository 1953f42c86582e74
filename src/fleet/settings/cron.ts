/** Times of scheduled backups, in the form that a CronJob takes: five fields, or a name such as `@daily`. */
import { Cron } from 'croner';
import { Problem } from '../../errors/problem.js';

/** What Kubernetes calls the time zone that is meant: without it a CronJob has that of the control plane. */
export const cronZone = 'Etc/UTC';

const names = ['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly'];

/**
 * What croner knows besides and Kubernetes does not (robfig/cron 3.0.1, `ParseStandard`): seconds, years, `L`, `W`, `#`, `?` and `+`,
 * and day 7 for Sunday.
 */
const standard = /^(?:[\d*,/a-z-]+ +){4}(?!.*7)[\d*,/a-z-]+$/i;
const otherLetters = /(?<![a-z])(?:l|w)(?![a-z])/i;

/** In the order of Kubernetes: a range such as `fri-sun`, whose end is the lower one, is none there, while croner has Sunday at both ends. */
const valueNames = [
  'jan feb mar apr may jun jul aug sep oct nov dec'.split(' '),
  'sun mon tue wed thu fri sat'.split(' '),
];

function isBackwards(range: string): boolean {
  const numberOf = (word: string): number => {
    const names = valueNames.find((each) => each.includes(word.toLowerCase()));
    return names?.indexOf(word.toLowerCase()) ?? Number(word);
  };
  const [, from = '', to = ''] = /^(\w+)-(\w+)(?:\/|$)/.exec(range) ?? [];
  return numberOf(from) > numberOf(to);
}

/** The text as a CronJob takes it. @throws Problem `invalid-value`, naming `flag` */
export function cronText(text: string, flag: string): string {
  const trimmed = text.trim();
  const isStandard = names.includes(trimmed) || (standard.test(trimmed) && !otherLetters.test(trimmed));
  const reason = isStandard
    ? refusalOf(trimmed)
    : 'expected five fields: minute, hour, day of month, month, day of week';
  if (reason === undefined) return trimmed;
  throw new Problem('invalid-value', {
    what: `${flag}: "${text}" is not a valid CronJob schedule`,
    why: reason,
    next: ['use e.g. "0 3 * * *" (every day at 03:00 UTC) or @daily'],
  });
}

function refusalOf(text: string): string | undefined {
  const backwards = text.split(/[ ,]+/).find(isBackwards);
  if (backwards !== undefined) return `the range ${backwards} ends before it begins: the week begins with sun`;
  try {
    return timesAfter(text, Date.now(), 1).length === 0 ? 'that time never comes' : undefined;
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message.replace(/^CronPattern: /, '') : `${thrown}`;
  }
}

/** The next `count` times after a moment, all in ms since the epoch. `text`: as `cronText` gives it. */
export function timesAfter(text: string, moment: number, count: number): readonly number[] {
  const cron = new Cron(text, { timezone: cronZone, paused: true });
  return cron.nextRuns(count, new Date(moment)).map((each) => each.getTime());
}
