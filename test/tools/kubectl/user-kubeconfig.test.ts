/** The user's kubeconfig: what is the fleet's comes and goes, all else stays. */
import { expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { withContexts } from '../../../src/tools/kubectl/user-kubeconfig.js';
import {
  add,
  comments,
  fleet,
  kubectls,
  outline,
  own,
  ownerOf,
  path,
  persons,
  remove,
  substance,
} from './user-kubeconfigs.js';

it('makes a new kubeconfig when there is none', () => {
  for (const nothing of [undefined, '', '\n \n']) {
    const { text, contexts } = add(nothing);
    expect(contexts).toEqual(['karmada-apiserver', 'demo-parent']);
    expect(parse(text)).toMatchObject({ apiVersion: 'v1', kind: 'Config' });
    expect(outline(text)).toEqual({
      clusters: ['karmada-apiserver', 'demo-parent'],
      contexts: ['karmada-apiserver', 'demo-parent'],
      users: ['karmada-apiserver-admin', 'demo-parent-admin'],
      current: undefined,
    });
  }
});

it('adds what the fleet’s own kubeconfigs say, and its mark', () => {
  expect(parse(add(undefined).text)).toMatchObject({
    clusters: [
      {
        cluster: {
          server: 'https://karmada-apiserver.example',
          extensions: [{ name: 'karmada-eks', extension: { fleet } }],
        },
      },
      {},
    ],
    contexts: [{ context: { cluster: 'karmada-apiserver', user: 'karmada-apiserver-admin' } }, {}],
    users: [{ user: { 'client-key-data': 'S0VZ' } }, {}],
  });
});

it.each([
  ['kubectl', kubectls],
  ['a person', persons],
])('keeps every word that %s wrote, in its order, comments too', (_, text) => {
  const words = (given: string): readonly string[] => given.split(/[\s{}]+/);
  const merged = words(add(text).text);
  let from = 0;
  for (const word of words(text)) {
    const found = merged.indexOf(word, from);
    expect([word, found >= from]).toEqual([word, true]);
    from = found;
  }
});

it.each([
  ['kubectl', kubectls],
  [
    'kubectl, without anything',
    'apiVersion: v1\nclusters: []\ncontexts: []\ncurrent-context: ""\nkind: Config\nusers: []\n',
  ],
])('restores the text of %s to the letter', (_, text) => {
  const merged = add(text).text;
  expect(merged).not.toBe(text);
  expect(remove(merged)).toBe(text);
});

it('restores what a person wrote, with the comments', () => {
  const merged = add(persons).text;
  expect(comments(merged)).toEqual(comments(persons));
  expect(substance(remove(merged))).toEqual(substance(persons));
});

it('leaves empty lists where kubectl rewrote the file meanwhile', () => {
  const rewritten = stringify(parse(add('apiVersion: v1\nkind: Config\n').text));
  const nothing = { clusters: [], contexts: [], users: [] };
  expect(parse(remove(rewritten))).toEqual({ apiVersion: 'v1', kind: 'Config', ...nothing });
});

it.each([
  ['nothing', undefined],
  ['kubectl’s', kubectls],
  ['a person’s', persons],
  ['JSON', JSON.stringify(parse(kubectls))],
  ['Windows', kubectls.replaceAll('\n', '\r\n')],
])('changes nothing the second time: %s', (_, text) => {
  const once = add(text, 'karmada-apiserver');
  expect(once.isFirst).toBe(true);
  expect(add(once.text, 'karmada-apiserver')).toEqual({ ...once, isFirst: false });
  const without = remove(once.text);
  expect(remove(without)).toBe(without);
});

it('touches nothing when there is nothing of the fleet to take out, however it is written', () => {
  for (const text of [kubectls, persons, '{ "kind":"Config" }', 'kind:   Config', `${kubectls}\n\n# x`]) {
    expect(remove(text)).toBe(text);
  }
});

it('changes the current context only when asked', () => {
  expect(outline(add(kubectls).text).current).toBe('work');
  expect(outline(add(kubectls, 'karmada-apiserver').text).current).toBe('karmada-apiserver');
});

it.each([
  ['kubectl', kubectls],
  ['a person', persons.replace('current-context: work', 'current-context: work # daily')],
  ['nobody', kubectls.replace('current-context: work\n', '')],
  ['a fresh kubectl', kubectls.replace('current-context: work', 'current-context: ""')],
])('brings back the current context that %s chose', (_, text) => {
  const switched = add(add(text, 'demo-parent').text, 'karmada-apiserver').text;
  expect(outline(switched).current).toBe('karmada-apiserver');
  expect(substance(remove(switched))).toEqual(substance(text));
});

it.each([
  ['kubectl rewrote the file meanwhile', (text: string) => stringify(parse(text))],
  ['the file is JSON', (text: string) => JSON.stringify(parse(text))],
])('brings back the current context when %s', (_, rewritten) => {
  const chosen = rewritten(add(rewritten(kubectls), 'demo-parent').text);
  expect(outline(chosen).current).toBe('demo-parent');
  expect(outline(remove(chosen)).current).toBe('work');
});

it('lets go of the current context when it goes and nobody knows the one before', () => {
  const chosen = stringify({ ...(parse(add(kubectls).text) as object), 'current-context': 'demo-parent' });
  expect(outline(remove(chosen)).current).toBe('');
});

it('brings back what was chosen last, not what was current at first', () => {
  const later = add(kubectls, 'demo-parent').text.replace('current-context: demo-parent', 'current-context: other');
  expect(outline(remove(add(later, 'demo-parent').text)).current).toBe('other');
});

it('leaves alone a current context that was chosen later', () => {
  const chosen = add(kubectls, 'demo-parent').text.replace('current-context: demo-parent', 'current-context: work');
  expect(outline(remove(chosen)).current).toBe('work');
});

it('brings a changed address up to date in place, and keeps the order', () => {
  const merged = add(kubectls).text;
  const movedOwn = own.map((text) => text.replaceAll('.example', '.moved'));
  const moved = withContexts(
    { path, text: merged },
    { fleet: ownerOf(fleet), own: movedOwn, current: undefined, others: [] },
  ).text;
  expect(outline(moved)).toEqual(outline(merged));
  expect(moved).toContain('https://karmada-apiserver.moved');
  expect(moved).not.toContain('karmada-apiserver.example');
});

it('takes another name when the name is somebody else’s, and keeps it', () => {
  const theirs = kubectls.replace('  name: work\ncontexts', '  name: karmada-apiserver\ncontexts');
  const { text, contexts } = add(theirs, 'karmada-apiserver');
  expect(contexts).toEqual(['demo-karmada-apiserver', 'demo-parent']);
  expect(outline(text)).toEqual({
    clusters: ['karmada-apiserver', 'demo-karmada-apiserver', 'demo-parent'],
    contexts: ['work', 'demo-karmada-apiserver', 'demo-parent'],
    users: ['me', 'demo-karmada-apiserver-admin', 'demo-parent-admin'],
    current: 'demo-karmada-apiserver',
  });
  expect(parse(text)).toMatchObject({
    contexts: [{}, { context: { cluster: 'demo-karmada-apiserver', user: 'demo-karmada-apiserver-admin' } }, {}],
  });
  expect(add(text, 'karmada-apiserver').text).toBe(text);
});

it('takes another name when the name is somebody else’s in another file', () => {
  const others = [{ path: '/other', text: kubectls.replace('  name: work\ncurrent', '  name: demo-parent\ncurrent') }];
  const options = { fleet: ownerOf(fleet), own, current: undefined, others };
  const { text, contexts } = withContexts({ path, text: kubectls }, options);
  expect(contexts).toEqual(['karmada-apiserver', 'demo-demo-parent']);
  expect(remove(text)).toBe(kubectls);
});

it('never overwrites: fleets of one name in many regions each keep their contexts', () => {
  const ids = ['demo.eu-west-1', 'demo.eu-west-2', 'demo.eu-west-3', 'demo.eu-north-1'];
  let text = kubectls;
  for (const id of ids) text = add(text, undefined, id).text;
  const { contexts, clusters, users } = outline(text);
  for (const names of [contexts, clusters, users]) expect(new Set(names).size).toBe(1 + 2 * ids.length);
  for (const id of ids) expect(add(text, undefined, id).text).toBe(text);
  for (const id of ids) text = remove(text, id);
  expect(text).toBe(kubectls);
});

it('removes one fleet and leaves the other', () => {
  const both = add(add(kubectls).text, undefined, 'other.eu-west-1').text;
  expect(remove(both, 'other.eu-west-1')).toBe(add(kubectls).text);
});

it('keeps JSON as JSON', () => {
  const { text } = add('{"apiVersion":"v1","kind":"Config"}');
  expect((JSON.parse(text) as { contexts: unknown[] }).contexts).toHaveLength(2);
});

it('does not fold certificates', () => {
  const lines = add(kubectls).text.split('\n');
  expect(
    lines.filter((line) => line.includes('certificate-authority-data: ')).map((line) => line.trim().split(' ').length),
  ).toEqual([2, 2, 2]);
  expect(add(kubectls).text).not.toMatch(/: [>|]/);
});

it('keeps what a user added to an entry of the fleet, such as the namespace of a context', () => {
  const config = parse(add(undefined).text) as { contexts: { name: string; context: Record<string, unknown> }[] };
  Object.assign(config.contexts[1]?.context ?? {}, { namespace: 'shop' });
  const theirs = stringify(config);
  const { text } = add(theirs);
  expect(text).toBe(theirs);
  expect(remove(text)).not.toContain('shop');
});
