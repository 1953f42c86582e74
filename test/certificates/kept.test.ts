/** What a renewal writes into Secrets: the blocks of Karmada's leaves, and nothing else of anybody. */
import { expect, test } from 'vitest';
import { encoded } from '../../src/certificates/certificate.js';
import { keptIn, staleCopies } from '../../src/certificates/kept.js';
import { renewedLeaves, secretsToFollow } from '../../src/certificates/renewal.js';
import { makeSigner } from '../../src/certificates/sign.js';
import { makePki } from '../../src/rehearsal/kube/karmada/pki.js';
import type { KubeSecret } from '../../src/tools/kubectl/objects.js';

const begins = Date.UTC(2026, 0, 1);
const now = Date.UTC(2026, 11, 1);
const pkiOf = (seed: string) => makePki({ seed, now: begins, dnsNames: [], addresses: [] });
const before = pkiOf('one');
const leaf = before['karmada.crt'] ?? '';
const ca = before['ca.crt'] ?? '';
const madeByInit = { 'karmada.io/bootstrapping': 'secret-defaults' };

function secret(name: string, data: Readonly<Record<string, string>>, labels = madeByInit): KubeSecret {
  const base64 = Object.fromEntries(Object.entries(data).map(([entry, text]) => [entry, encoded(text)]));
  return { kind: 'Secret', metadata: { name, labels }, data: base64 };
}

/** What follows when `karmada-cert` has been renewed, as text. */
async function followed(...copies: readonly KubeSecret[]): Promise<Record<string, Record<string, string>>> {
  const kept = keptIn([secret('karmada-cert', before), ...copies]) ?? expect.unreachable();
  const renew = await makeSigner();
  const pems = renewedLeaves(kept, ['karmada', 'apiserver'], { renew, now, validity: undefined });
  const after = { ...before, 'karmada.crt': pems.get('karmada') ?? '', 'apiserver.crt': pems.get('apiserver') ?? '' };
  const half = keptIn([secret('karmada-cert', after), ...copies]) ?? expect.unreachable();
  const written = secretsToFollow(half).map(({ metadata, data = {} }) => [
    metadata.name,
    Object.fromEntries(
      Object.entries(data).map(([entry, value]) => [
        entry,
        Buffer.from(value, 'base64')
          .toString()
          .replaceAll(after['karmada.crt'].trim(), '<new>')
          .replaceAll(leaf.trim(), '<old>'),
      ]),
    ),
  ]);
  return Object.fromEntries(written) as Record<string, Record<string, string>>;
}

test('one block is replaced, whatever stands around it', async () => {
  const kubeconfig = {
    users: [{ user: { 'client-certificate-data': encoded(`${leaf}${ca}`), 'client-key-data': 'key' } }],
  };
  const written = await followed(
    secret('bundles', { chain: `${ca}# mine\n${leaf}${before['karmada.key']}`, note: 'x' }),
    secret('config', { a: JSON.stringify(kubeconfig) }),
  );
  expect(written['bundles']).toEqual({ chain: `${ca}# mine\n<new>\n${before['karmada.key']}`, note: 'x' });
  const { users } = JSON.parse(written['config']?.['a'] ?? '') as typeof kubeconfig;
  const chain = Buffer.from(users[0]?.user['client-certificate-data'] ?? '', 'base64').toString();
  expect(chain).toMatch(/^-----BEGIN/);
  expect([chain.includes(leaf.trim()), chain.endsWith(ca)]).toEqual([false, true]);
});

test('all users of a kubeconfig get theirs', async () => {
  const user = { 'client-certificate-data': encoded(leaf) };
  const written = await followed(
    secret('config', { a: JSON.stringify({ users: [user, { 'client-certificate-data': encoded(ca) }, user] }) }),
  );
  expect(written['config']?.['a']?.split(encoded(leaf))).toHaveLength(1);
  expect(written['config']?.['a']).toContain(encoded(ca));
});

test('a Secret that init did not make is left alone', async () => {
  expect(await followed(secret('theirs', { a: leaf }, {} as typeof madeByInit))).toEqual({});
});

test('a CA is no copy that a renewal brings up to date', async () => {
  const authority = { certificate: ca, key: before['ca.key'] ?? '' };
  const other = (await makeSigner())(ca, authority, { from: begins, until: now });
  const kept = keptIn([secret('karmada-cert', before), secret('bundle', { ca: `${other}${ca}` })]);
  expect(kept?.copies).toHaveLength(2);
  expect(kept && staleCopies(kept)).toEqual([]);
});
