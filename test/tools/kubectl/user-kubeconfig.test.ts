/** The user's kubeconfig: what is the fleet's comes and goes, all else stays. */
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { kubeconfigText } from '../../../src/tools/kubectl/kubeconfig.js';
import { withContexts, withoutContexts } from '../../../src/tools/kubectl/user-kubeconfig.js';

const fleet = 'demo.eu-west-1';
const own = ['karmada-apiserver', 'demo-parent'].map((context) => {
  const user = { kind: 'certificate', certificateData: 'Q0VSVA==', keyData: 'S0VZ' } as const;
  return kubeconfigText({ context, server: `https://${context}.example`, caData: 'Q0E='.repeat(60), user });
});

const entries = z.array(z.looseObject({ name: z.string() })).nullish();
const config = z.looseObject({
  clusters: entries,
  contexts: entries,
  users: entries,
  'current-context': z.string().optional(),
});

/** The names in each section, and the current context. */
function outline(text: string) {
  const read = config.parse(parse(text));
  const names = (section: 'clusters' | 'contexts' | 'users') => (read[section] ?? []).map(({ name }) => name);
  return {
    clusters: names('clusters'),
    contexts: names('contexts'),
    users: names('users'),
    current: read['current-context'],
  };
}

const add = (text: string | undefined, current?: string, id = fleet) => withContexts(text, id, own, current);

/** As kubectl writes it. */
const kubectls = `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: ${'TE9ORw=='.repeat(40)}
    server: https://work.example
  name: work
contexts:
- context:
    cluster: work
    user: me
  name: work
current-context: work
kind: Config
preferences: {}
users:
- name: me
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      args:
      - get-token
      command: aws
      env: null
`;

/** As a person writes it. */
const persons = `# my clusters
kind: Config
apiVersion: v1
users: # people
  - name: me
    user: { token: "s3cret" } # quoted
  # the other one
  - name: 'other'
    user:
      password: |
        two
        lines
contexts:
  - name: work # daily
    context: {cluster: work, user: me, namespace: shop}
clusters:
  - name: work
    cluster:
      server: https://work.example
      insecure-skip-tls-verify: yes
current-context: work
# the end
`;

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
  ['JSON', `${JSON.stringify(parse(kubectls), undefined, 2)}\n`],
])('restores the text of %s to the letter', (_, text) => {
  const merged = add(text).text;
  expect(merged).not.toBe(text);
  expect(withoutContexts(merged, fleet)).toBe(text);
});

it('restores all that a person wrote, but for spaces and line ends', () => {
  const bare = (text: string): string => text.replaceAll(/\s/g, '');
  expect(bare(withoutContexts(add(persons).text, fleet))).toBe(bare(persons));
});

it('leaves empty lists where there was nothing', () => {
  expect(parse(withoutContexts(add('apiVersion: v1\nkind: Config\nusers: null\n').text, fleet))).toEqual({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [],
    contexts: [],
    users: [],
  });
});

it.each([
  ['nothing', undefined],
  ['kubectl’s', kubectls],
  ['a person’s', persons],
  ['JSON', JSON.stringify(parse(kubectls))],
  ['Windows', kubectls.replaceAll('\n', '\r\n')],
])('changes nothing the second time: %s', (_, text) => {
  const once = add(text, 'karmada-apiserver');
  expect(add(once.text, 'karmada-apiserver')).toEqual(once);
  const without = withoutContexts(once.text, fleet);
  expect(withoutContexts(without, fleet)).toBe(without);
});

it('touches nothing when there is nothing of the fleet to take out, however it is written', () => {
  for (const text of [kubectls, persons, '{ "kind":"Config" }', 'kind:   Config', `${kubectls}\n\n# x`]) {
    expect(withoutContexts(text, fleet)).toBe(text);
  }
});

it('changes the current context only when asked, and lets go of one that goes', () => {
  expect(outline(add(kubectls).text).current).toBe('work');
  const switched = add(kubectls, 'karmada-apiserver').text;
  expect(outline(switched).current).toBe('karmada-apiserver');
  expect(outline(withoutContexts(switched, fleet)).current).toBe('');
});

it('brings a changed address up to date in place, and keeps the order', () => {
  const merged = add(kubectls).text;
  const moved = withContexts(
    merged,
    fleet,
    own.map((text) => text.replaceAll('.example', '.moved')),
    undefined,
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

it('never overwrites: fleets of one name in many regions each keep their contexts', () => {
  const ids = ['demo.eu-west-1', 'demo.eu-west-2', 'demo.eu-west-3', 'demo.eu-north-1'];
  let text = kubectls;
  for (const id of ids) text = add(text, undefined, id).text;
  const { contexts, clusters, users } = outline(text);
  for (const names of [contexts, clusters, users]) expect(new Set(names).size).toBe(1 + 2 * ids.length);
  for (const id of ids) expect(add(text, undefined, id).text).toBe(text);
  for (const id of ids) text = withoutContexts(text, id);
  expect(text).toBe(kubectls);
});

it('takes out one fleet and leaves the other', () => {
  const both = add(add(kubectls).text, undefined, 'other.eu-west-1').text;
  expect(withoutContexts(both, 'other.eu-west-1')).toBe(add(kubectls).text);
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

it.each([
  ['broken YAML', 'clusters: [', /./],
  ['a tab for indentation', 'clusters:\n\t- name: x', /./],
  ['a key twice', 'kind: Config\nkind: Config', /unique/],
  ['two documents', 'kind: Config\n---\nkind: Config', /multiple documents/],
  ['a list', '- a\n- b', /not a mapping/],
  ['a word', 'hello', /not a mapping/],
  ['clusters that are a mapping', 'clusters:\n  work: {}', /clusters is not a list/],
  ['users that are a word', 'users: me', /users is not a list/],
  ['half of a JSON file', '{"kind":"Config"', /./],
])('refuses %s and leaves the file alone', (_, text, why) => {
  const expected = expect.objectContaining({ code: 'kubeconfig-malformed', why: expect.stringMatching(why) });
  expect(() => add(text)).toThrow(expected);
  expect(() => withoutContexts(text, fleet)).toThrow(expected);
});

it('never shows what stands in a kubeconfig that it refuses', () => {
  const secret = 'users:\n- name: me\n  user:\n    token: s3cret\n   password: s3cret\n';
  expect(() => add(secret)).toThrow(expect.objectContaining({ why: expect.not.stringContaining('s3cret') }));
});

it('bears entries that make no sense', () => {
  const odd = 'clusters:\n- just a word\n- name: null\n- {}\ncontexts: null\nusers:\n- name: me\n  user: null\n';
  const { text } = add(odd);
  expect(parse(withoutContexts(text, fleet))).toMatchObject(
    parse(odd.replace('contexts: null', 'contexts: []')) as object,
  );
});

it('bears two thousand contexts', () => {
  const numbers = Array.from({ length: 2000 }, (_, index) => index);
  const many = `clusters:
${numbers.map((n) => `- cluster:\n    server: https://c${n}.example\n  name: c${n}`).join('\n')}
contexts:
${numbers.map((n) => `- context:\n    cluster: c${n}\n    user: u${n}\n  name: c${n}`).join('\n')}
users:
${numbers.map((n) => `- name: u${n}\n  user: {}`).join('\n')}
`;
  const { text } = add(many);
  expect(outline(text).contexts).toHaveLength(2002);
  expect(withoutContexts(text, fleet)).toBe(many);
});
