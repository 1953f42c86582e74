/** Kubeconfigs that are broken, odd or huge. */
import { expect, it } from 'vitest';
import { add, fleet, remove } from './user-kubeconfigs.js';

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
  expect(remove(text)).toBe(odd);
});

it('bears five thousand contexts', { timeout: 900_000 }, () => {
  const numbers = Array.from({ length: 5000 }, (_, index) => index);
  const many = `clusters:
${numbers.map((n) => `- cluster:\n    server: https://c${n}.example\n  name: c${n}`).join('\n')}
contexts:
${numbers.map((n) => `- context:\n    cluster: c${n}\n    user: u${n}\n  name: c${n}`).join('\n')}
users:
${numbers.map((n) => `- name: u${n}\n  user: {}`).join('\n')}
`;
  const { text } = add(many);
  expect(text.split('\n- context:').length + text.split('\n  context:').length).toBe(5004);
  expect(remove(text)).toBe(many);
});
