/** What a restore changes, in the words of its table. */
import { expect, it } from 'vitest';
import { differenceTable } from '../../../src/commands/backups/restore/difference-table.js';

const none = { loose: new Set<string>(), waiting: new Set<string>() };
const change = { work: 'w', member: 'm1', object: 'Deployment shop/web', detail: '' } as const;

it('tells what becomes of workloads, which people’s rights do not have', () => {
  const gone = ['Cluster', 'ClusterRoleBinding'].map((kind) => ({ kind, name: 'x', becomes: 'disappears' }) as const);
  expect(differenceTable(gone, [], none).rows).toEqual([
    ['Karmada', 'Cluster x', 'disappears; workloads of it keep running in members, without Karmada'],
    ['Karmada', 'ClusterRoleBinding x', 'disappears'],
  ]);
});

it.each([
  ['made', none, 'created: the member does not have it'],
  ['made', { ...none, waiting: new Set(['w']) }, 'created once its policy is released'],
  ['changed', none, 'held back: stays as it is'],
  ['changed', { ...none, loose: new Set(['w']) }, 'replaced: no policy holds it back'],
  ['unknown', { ...none, loose: new Set(['w']) }, 'replaced: no policy holds it back'],
] as const)('tells that an object is %s (%o): %s', (becomes, exceptions, text) => {
  expect(differenceTable([], [{ ...change, becomes }], exceptions).rows).toEqual([['m1', 'Deployment shop/web', text]]);
});
