/** Who wrote a fleet's description, and when: annotations of the ConfigMap, for users without a record of the fleet. */
import { truncatedText } from '../tools/run.js';
import type { World } from '../world/world.js';

const annotationOf = {
  madeBy: 'karmada-eks/made-by',
  madeAt: 'karmada-eks/made-at',
  changedBy: 'karmada-eks/changed-by',
  changedAt: 'karmada-eks/changed-at',
} as const;

type Part = keyof typeof annotationOf;

const parts = Object.keys(annotationOf) as Part[];

/** The first and the last author as `user@host`, and the ISO dates; older versions did not write them down. */
export type Authors = Readonly<Partial<Record<Part, string>>>;

/** The content of the annotations; a user who can write them can write anything. */
export function authorsIn(annotations: Readonly<Record<string, string>>): Authors {
  return Object.fromEntries(
    parts.flatMap((part) => {
      const text = annotations[annotationOf[part]];
      return text === undefined ? [] : [[part, truncatedText(text)]];
    }),
  );
}

/** The annotations of a description that is written now, by whoever runs this; the first author stays. */
export function authorship(
  before: Authors | undefined,
  { environment, clock }: World,
): Readonly<Record<string, string>> {
  const by = environment.owner.replace(/ \(.*$/, '');
  const at = new Date(clock.now()).toISOString();
  const { madeBy, madeAt } = before ?? { madeBy: by, madeAt: at };
  const authors: Readonly<Record<Part, string | undefined>> = { madeBy, madeAt, changedBy: by, changedAt: at };
  return Object.fromEntries(
    parts.flatMap((part) => {
      const text = authors[part];
      return text === undefined ? [] : [[annotationOf[part], text]];
    }),
  );
}

/** One clause, e.g. `made by ann@build-7 on 2026-11-22 12:00 UTC, last changed by …`. */
export function describeAuthors({ madeBy, madeAt, changedBy, changedAt }: Authors): string {
  return `created ${byAndAt(madeBy, madeAt)}, last changed ${byAndAt(changedBy, changedAt)}`;
}

function byAndAt(by = 'an unrecorded user', at?: string): string {
  return at === undefined ? `by ${by}` : `by ${by} on ${at.slice(0, 16).replace('T', ' ')} UTC`;
}
