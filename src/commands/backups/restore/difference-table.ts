/** What a restore changes, as a table: in Karmada, and in the members. */

import type { StoredKey } from '../../../backup/etcd/etcd-file.js';
import type { Difference } from '../../../backup/restore/difference.js';
import { waitingWorks } from '../../../backup/restore/held-back.js';
import type { MemberChange } from '../../../steps/restore/compare-members.js';
import { heldOf } from '../../../steps/restore/write-etcd.js';
import type { Table } from '../../../ui/ui.js';

const inKarmada: Readonly<Record<Difference['becomes'], string>> = {
  appears: 'appears',
  disappears: 'disappears; workloads of it keep running in members, without Karmada',
};

/** Whoever has rights in Karmada has no workloads by them. */
function inKarmadaOf(kind: string, becomes: Difference['becomes']): string {
  return kind.endsWith('RoleBinding') ? becomes : inKarmada[becomes];
}

const inMember: Readonly<Record<MemberChange['becomes'], string>> = {
  made: 'created: the member does not have it',
  changed: 'held back: stays as it is',
  unknown: 'held back: the member cannot be read, or does not tell what would change',
};

/** What a restore cannot hold back, or does not make yet. */
export interface Exceptions {
  /** Keys of Works that belong to no policy. */
  readonly loose: ReadonlySet<string>;
  /** Keys of Works whose policy is held back because of other Works. */
  readonly waiting: ReadonlySet<string>;
}

export function exceptionsOf(keys: readonly StoredKey[], changes: readonly MemberChange[]): Exceptions {
  const { loose, keys: held } = heldOf(keys, changes);
  const made = changes.filter(({ becomes }) => becomes === 'made').map(({ work }) => work);
  return { loose: new Set(loose), waiting: new Set(waitingWorks(keys, made, held)) };
}

function inMemberOf({ work, becomes }: MemberChange, { loose, waiting }: Exceptions): string {
  if (becomes !== 'made') return loose.has(work) ? 'replaced: no policy holds it back' : inMember[becomes];
  return waiting.has(work) ? 'created once its policy is released' : inMember.made;
}

export function differenceTable(
  differences: readonly Difference[],
  changes: readonly MemberChange[],
  exceptions: Exceptions,
): Table {
  return {
    name: 'difference',
    columns: ['where', 'object', 'change'],
    rows: [
      ...differences.map(({ kind, name, becomes }) => ['Karmada', `${kind} ${name}`, inKarmadaOf(kind, becomes)]),
      ...changes.map((change) => {
        const { member, object, detail } = change;
        const becomes = inMemberOf(change, exceptions);
        return [member, object, detail === '' ? becomes : `${becomes} (backup: ${detail})`];
      }),
    ],
  };
}
