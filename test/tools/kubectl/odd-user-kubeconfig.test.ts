/** Kubeconfigs that are broken, odd or huge. */
import { expect, it } from 'vitest';
import { triesMore } from '../../lifecycle/cases.js';
import { add, comments, fleet, kubectls, meaning, outline, remove, substance } from './user-kubeconfigs.js';

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
  ['another encoding than UTF-8', 'users:\n- name: M\uFFFDller\n', /not UTF-8/],
])('refuses %s and leaves the file alone', (_, text, why) => {
  const expected = expect.objectContaining({ code: 'kubeconfig-malformed', why: expect.stringMatching(why) });
  expect(() => add(text)).toThrow(expected);
  // Only what was never ours may stay unread.
  expect(remove(text)).toBe(text);
  expect(() => remove(`${text} # ${fleet}`)).toThrow(expected);
});

it('never shows what stands in a kubeconfig that it refuses', () => {
  const secret = 'users:\n- name: me\n  user:\n    token: s3cret\n   password: s3cret\n';
  expect(() => add(secret)).toThrow(expect.objectContaining({ why: expect.not.stringContaining('s3cret') }));
});

it('bears entries that make no sense', () => {
  const odd = 'clusters:\n- just a word\n- name: null\n- {}\ncontexts: null\nusers:\n- name: me\n  user: null\n';
  const { text } = add(odd);
  expect(meaning(remove(text))).toEqual(meaning(odd));
});

it.each([
  ['a password of many digits', 'users:\n- name: me\n  user:\n    password: 12345678901234567890\n'],
  ['numbers of other notations', 'users:\n- name: 0123\n  user: {token: 1e5, username: 1_000, password: 0x1F}\n'],
  ['words that are truth to some', 'clusters:\n- name: on\n  cluster:\n    insecure-skip-tls-verify: yes\n'],
  ['a tag', 'users:\n- name: !!str 123\n  user: {}\n'],
  ['anchors and merged keys', 'x: &u {token: t}\nusers:\n- name: a\n  user: *u\n- name: b\n  user:\n    <<: *u\n'],
  [
    'line ends of Windows',
    '# mine\r\nusers: # people\r\n- name: a # x\r\n  user:\r\n    token: |\r\n      t\r\n# end\r\n',
  ],
  ['a mark of the byte order', '\uFEFFkind: Config # mine\n'],
  ['a directive and an end', '%YAML 1.1\n---\nkind: Config # mine\n...\n'],
  [
    'folded and broken texts',
    'users:\n- name: a\n  user:\n    token: >-\n      b\n      c\n    x: "d\\\n      e"\n    y: f\n      g\n',
  ],
  [
    'an entry that is commented out',
    'contexts:\n- name: a\n  context: {}\n# - name: old\n#   context: {}\nusers: []\n',
  ],
  ['comments alone', '# nothing yet\n\n# really\n'],
  ['four spaces', 'users:\n    - name: a # b\n      user:\n          token: t\n'],
])('keeps the meaning and the comments of %s', (_, text) => {
  const merged = add(text, 'demo-parent').text;
  expect(comments(merged)).toEqual(comments(text));
  expect(substance(remove(merged))).toEqual(substance(text));
  expect(merged.includes('\r\n')).toBe(text.includes('\r\n'));
});

it('writes no aliases of its own into a file that was not there', () => {
  const { text } = add('', 'demo-parent');
  expect(text).not.toMatch(/[&*]a\d/);
  expect(meaning(remove(text))).toEqual(meaning(''));
});

it('writes out an alias when the entry with its anchor is removed', () => {
  const shared = add(kubectls).text.replace(/^( *)fleet: .*$/m, '$1fleet: &id $&'.replace('$&', fleet));
  expect(shared).toContain('&id');
  const text = `${shared.trimEnd()}\n- name: mine\n  user: {token: *id}\n`;
  expect(remove(text)).toContain(`- name: mine\n  user: {token: ${fleet}}`);
});

it.each([
  ['stands behind an alias', 'x: &list []\nusers: *list\n'],
  ['is what an alias stands for', 'users: &list\n- name: a\nx: *list\n'],
])('refuses a list that %s', (_, text) => {
  expect(() => add(text)).toThrow(
    expect.objectContaining({ why: expect.stringContaining('without affecting other entries') }),
  );
});

it('keeps the comments that somebody wrote to the fleet’s entries, by the next one', () => {
  const noted = add(kubectls)
    .text.replace('- name: karmada-apiserver-admin', '# before\n- name: karmada-apiserver-admin # at it')
    .replace('    client-key-data: S0VZ', '    # within\n    client-key-data: S0VZ # at its key')
    .replace(/\n$/, '\n  # after the last\n# the end\n');
  const without = remove(noted);
  expect(outline(without)).toEqual(outline(kubectls));
  expect(comments(without)).toEqual(comments(noted));
});

it('keeps them when an address moves', () => {
  const noted = add(kubectls).text.replace(
    'server: https://demo-parent.example',
    'server: https://old.example # noted\n    # below',
  );
  const { text } = add(noted);
  expect(text).not.toContain('old.example');
  expect(comments(text)).toEqual(['# noted', '# below']);
});

it.runIf(triesMore)('bears two thousand contexts', { timeout: 900_000 }, () => {
  const numbers = Array.from({ length: 2000 }, (_, index) => index);
  const many = `clusters:
${numbers.map((n) => `- cluster:\n    server: https://c${n}.example\n  name: c${n}`).join('\n')}
contexts:
${numbers.map((n) => `- context:\n    cluster: c${n}\n    user: u${n}\n  name: c${n}`).join('\n')}
users:
${numbers.map((n) => `- name: u${n}\n  user: {}`).join('\n')}
`;
  const { text } = add(many);
  expect(text.split('\n- context:').length + text.split('\n  context:').length).toBe(2004);
  expect(meaning(remove(text))).toEqual(meaning(many));
});
