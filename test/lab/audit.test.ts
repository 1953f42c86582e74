/** That the lab's audit notices whatever becomes of a thing of others: removed, changed, added; and nothing else. */
import { expect, it } from 'vitest';

type Things = ReadonlyMap<string, string>;
type Item = Readonly<Record<string, unknown>>;

// The lab's JavaScript has no types: it runs without a build.
const audit = new URL('audit.js', import.meta.url);
const { changesBetween, contentsOf, entriesOf } = (await import(audit.href)) as {
  readonly changesBetween: (before: Things, after: Things, options?: { readonly additions: boolean }) => string[];
  readonly contentsOf: (items: readonly Item[]) => Things;
  readonly entriesOf: (kubeconfig: Item, fleetIds: readonly string[]) => Things;
};

const metadata = { namespace: 'shop', name: 'settings', uid: 'u-1', labels: { of: 'people' } };
const settings = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { a: '1' } };
const before = contentsOf([settings]);
const changesTo = (...items: readonly Item[]) => changesBetween(before, contentsOf(items));

it('reports nothing of an object that is the same, whatever a server or a controller counts', () => {
  const counted = { ...metadata, resourceVersion: '2', managedFields: [{ manager: 'm' }] };
  expect(changesTo({ ...settings, metadata: counted, status: { ready: true } })).toEqual([]);
});

it('notices an object that is gone', () => {
  expect(changesTo()).toEqual(['removed: v1 ConfigMap shop/settings']);
});

it('notices an object that was added', () => {
  const secret = { ...settings, kind: 'Secret' };
  expect(changesTo(settings, secret)).toEqual(['added: v1 Secret shop/settings']);
});

it.each([
  ['data', { ...settings, data: { a: '2' } }, '.data.a: "1" became "2"'],
  ['a list', { ...settings, rules: ['get'] }, '.rules: nothing became ["get"]'],
  ['its label', { ...settings, metadata: { ...metadata, labels: {} } }, '.metadata.labels.of: "people" became nothing'],
  ['itself: made again', { ...settings, metadata: { ...metadata, uid: 'u-2' } }, '.metadata.uid: "u-1" became "u-2"'],
  [
    'its annotations',
    { ...settings, metadata: { ...metadata, annotations: { by: 'x' } } },
    '.metadata.annotations: nothing became {"by":"x"}',
  ],
])('notices an object that was changed: %s', (_, after, change) => {
  expect(changesTo(after)).toEqual([`changed: v1 ConfigMap shop/settings: ${change}`]);
});

it('leaves out what came into an account, but not what went or changed there', () => {
  const [was, is] = [new Map([['volume v-1', '{"tags":{"a":"b"}}']]), new Map([['volume v-2', '{}']])];
  expect(changesBetween(was, is, { additions: false })).toEqual(['removed: volume v-1']);
  const tagged = new Map([['volume v-1', '{"tags":{"a":"c"}}']]);
  expect(changesBetween(was, tagged, { additions: false })).toEqual(['changed: volume v-1: .tags.a: "b" became "c"']);
});

it('counts the entries of a kubeconfig that are not of the fleet, another fleet’s too', () => {
  const marked = (fleet: string) => ({ extensions: [{ name: 'karmada-eks', extension: { fleet } }] });
  const contexts = [
    { name: 'kind', context: { cluster: 'kind' } },
    { name: 'ours', context: marked('one') },
    { name: 'theirs', context: marked('two') },
  ];
  const kubeconfig = { contexts, 'current-context': 'kind' };
  expect([...entriesOf(kubeconfig, ['one']).keys()]).toEqual(['context kind', 'context theirs', 'current-context']);
  expect(entriesOf(kubeconfig, []).size).toBe(4);
  const renewed = entriesOf({ ...kubeconfig, contexts: contexts.slice(0, 2) }, ['one']);
  expect(changesBetween(entriesOf(kubeconfig, ['one']), renewed)).toEqual(['removed: context theirs']);
});
