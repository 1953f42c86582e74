/** Which logins of a Docker configuration nodes are given. */
import { expect, it } from 'vitest';
import { Problem } from '../../src/errors/problem.js';
import { loginsFor } from '../../src/model/docker-logins.js';

const pair = Buffer.from('me:secret').toString('base64');
const from = (auths: object, ...hosts: string[]): unknown => {
  const text = JSON.stringify({ auths, HttpHeaders: { 'X-Meta': 'secret' } });
  return Object.keys((JSON.parse(loginsFor(text, hosts, '/f')) as { auths: object }).auths);
};
const refused = (text: string): Problem => {
  try {
    loginsFor(text, ['registry.example.com'], '/f');
  } catch (thrown) {
    if (thrown instanceof Problem) return thrown;
  }
  return expect.unreachable('it is taken');
};

it('takes those for the wanted hosts, and nothing else of the file', () => {
  const auths = { 'registry.example.com': { auth: pair }, 'ghcr.io': { auth: pair } };
  const text = JSON.stringify({ auths, HttpHeaders: { 'X-Meta': 'secret' } });
  expect(JSON.parse(loginsFor(text, ['registry.example.com'], '/f'))).toEqual({
    auths: { 'registry.example.com': { auth: pair } },
  });
});

it.each([
  ['https://registry.example.com/v2/', 'registry.example.com'],
  ['registry.example.com:5000/team', 'registry.example.com:5000'],
  ['*.example.com', 'registry.example.com'],
  ['https://index.docker.io/v1/', 'docker.io'],
])('takes %s for %s', (key, host) => {
  expect(from({ [key]: { username: 'me', password: 'secret' } }, host)).toEqual([key]);
});

it('gives the same text for the same logins', () => {
  const auths = { 'b.example.com': { auth: pair }, 'a.example.com': { auth: pair } };
  const other = { 'a.example.com': { auth: pair }, 'b.example.com': { auth: pair } };
  const hosts = ['a.example.com', 'b.example.com'];
  expect(loginsFor(JSON.stringify({ auths }), hosts, '/f')).toBe(
    loginsFor(JSON.stringify({ auths: other }), hosts, '/f'),
  );
});

it.each([
  ['{', 'is not a Docker configuration in JSON', ''],
  ['{"auths":{"registry.example.com":{"auth":7}}}', 'is not a Docker configuration in JSON', ''],
  ['{"auths":{"registry.example.com":{}},"credsStore":"desktop"}', 'has no login for', 'credential store desktop'],
  ['{"auths":{"registry.example.com":{"auth":"bWU6"}}}', 'has no login for', 'none that nodes can use'],
  [`{"auths":{"https://ghcr.io/v1/":{"auth":"${pair}"}}}`, 'has no login for', 'it has logins for ghcr.io'],
  [`{"auths":{"example.com":{"auth":"${pair}"}}}`, 'has no login for', 'it has logins for example.com'],
])('refuses %j without showing a secret', (text, what, why) => {
  const problem = refused(text);
  expect([problem.code, problem.message, problem.why ?? '']).toEqual([
    'invalid-value',
    expect.stringContaining(what),
    expect.stringContaining(why),
  ]);
  expect(JSON.stringify([problem.message, problem.why, problem.next])).not.toContain(pair);
});
