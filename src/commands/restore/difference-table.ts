/** What a restore changes, as a table: in Karmada, and in the members. */
import type { Difference } from '../../backup/difference.js';
import type { MemberChange } from '../../steps/restore/compare-members.js';
import type { Table } from '../../ui/ui.js';

const inKarmada: Readonly<Record<Difference['becomes'], string>> = {
  appears: 'appears',
  disappears: 'disappears; workloads of it keep running in members, without Karmada',
};

const inMember: Readonly<Record<MemberChange['becomes'], string>> = {
  made: 'created: the member does not have it',
  changed: 'held back: stays as it is',
  unknown: 'held back: the member cannot be read',
};

export function differenceTable(differences: readonly Difference[], changes: readonly MemberChange[]): Table {
  return {
    name: 'difference',
    columns: ['where', 'object', 'change'],
    rows: [
      ...differences.map(({ kind, name, becomes }) => ['Karmada', `${kind} ${name}`, inKarmada[becomes]]),
      ...changes.map(({ member, object, becomes, detail }) => [
        member,
        object,
        detail === '' ? inMember[becomes] : `${inMember[becomes]} (backup: ${detail})`,
      ]),
    ],
  };
}
