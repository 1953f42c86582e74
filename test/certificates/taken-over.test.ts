/** A new Karmada that takes over the CAs and keys of a former one: what that had signed stays good, and its API has the new addresses. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { decoded, encoded } from '../../src/certificates/certificate.js';
import { makeSigner } from '../../src/certificates/sign.js';
import { type FormerSecrets, notTakenOver, takenOver } from '../../src/certificates/taken-over.js';
import { makePki } from '../../src/rehearsal/kube/karmada/pki.js';
import type { KubeSecret } from '../../src/tools/kubectl/objects.js';

const begins = Date.UTC(2026, 0, 1);
const day = 24 * 3_600_000;
const address = (region: string): string => `*.elb.${region}.amazonaws.com`;

function secretsOf(seed: string, region: string, now: number): readonly KubeSecret[] {
  const pki = makePki({ seed, now, dnsNames: [address(region)], addresses: ['10.0.0.1'] });
  const all = Object.fromEntries(Object.entries(pki).map(([name, pem]) => [name, encoded(pem)]));
  const pick = (...names: readonly string[]): Record<string, string> =>
    Object.fromEntries(names.map((name) => [name, all[name] ?? '']));
  const config = `users:\n- user:\n    client-certificate-data: ${all['karmada.crt']}\n    client-key-data: ${all['karmada.key']}\n`;
  const secret = (name: string, data: Record<string, string>): KubeSecret => ({
    kind: 'Secret',
    metadata: { name, labels: { 'karmada.io/bootstrapping': 'secret-defaults' } },
    type: 'Opaque',
    data,
  });
  return [
    secret('etcd-cert', pick('etcd-ca.crt', 'etcd-ca.key', 'etcd-server.crt', 'etcd-server.key')),
    secret('karmada-cert', all),
    secret('karmada-scheduler-config', { 'karmada.config': encoded(config) }),
  ];
}

const former: FormerSecrets = Object.fromEntries(
  secretsOf('former', 'us-west-2', begins).map(({ metadata, data = {} }) => [metadata.name, { data }]),
);

async function taken(fresh: readonly KubeSecret[], now: number): Promise<readonly KubeSecret[]> {
  return takenOver(fresh, former, {
    renew: await makeSigner(),
    now,
    names: ['*.elb.eu-west-1.amazonaws.com', 'x.elb.eu-west-1.amazonaws.com'],
  });
}

function certificate(secrets: readonly KubeSecret[], entry: string, name = 'karmada-cert'): X509Certificate {
  return new X509Certificate(decoded(secrets.find(({ metadata }) => metadata.name === name)?.data?.[entry] ?? ''));
}

test('CAs, keys and leaves are those of the former one, but the API has the names of the new one', async () => {
  const now = begins + 100 * day;
  const fresh = [
    ...secretsOf('new', 'eu-west-1', now),
    { kind: 'Secret', metadata: { name: 'of-somebody' }, data: { a: 'YQ==' } },
  ];
  expect(notTakenOver(fresh, former)).toEqual(['etcd-cert', 'karmada-cert', 'karmada-scheduler-config']);
  const written = await taken(fresh, now);
  expect(written.map(({ metadata }) => metadata.name)).toEqual([
    'karmada-cert',
    'etcd-cert',
    'karmada-scheduler-config',
  ]);
  expect(notTakenOver(written, former)).toEqual([]);
  for (const { metadata, data } of written) {
    const { 'apiserver.crt': _, ...others } = data ?? {};
    const { 'apiserver.crt': __, ...before } = former[metadata.name]?.data ?? {};
    expect(others).toEqual(before);
  }
  const api = certificate(written, 'apiserver.crt');
  expect(api.subjectAltName).toContain(address('eu-west-1'));
  expect(api.verify(certificate(written, 'ca.crt').publicKey)).toBe(true);
  expect(api.checkPrivateKey(createPrivateKey(decoded(former['karmada-cert']?.data['apiserver.key'] ?? '')))).toBe(
    true,
  );
});

test('a run that died on the way is completed, with the certificate that it has signed', async () => {
  const now = begins + 100 * day;
  const fresh = secretsOf('new', 'eu-west-1', now);
  const [main] = await taken(fresh, now);
  const half = fresh.map((each) => (each.metadata.name === 'karmada-cert' && main !== undefined ? main : each));
  expect(notTakenOver(half, former)).toEqual(['etcd-cert', 'karmada-scheduler-config']);
  const written = await taken(half, now + day);
  expect(notTakenOver(written, former)).toEqual([]);
  expect(written[0]?.data).toEqual(main?.data);
});

test('what has ended meanwhile is signed anew, wherever it is', async () => {
  const now = begins + 400 * day;
  const written = await taken(secretsOf('new', 'eu-west-1', now), now);
  expect(notTakenOver(written, former)).toEqual([]);
  for (const entry of ['apiserver.crt', 'karmada.crt', 'etcd-server.crt'])
    expect(Date.parse(certificate(written, entry).validTo)).toBeGreaterThan(now + 300 * day);
  expect(written.find(({ metadata }) => metadata.name === 'etcd-cert')?.data?.['etcd-server.crt']).toBe(
    written[0]?.data?.['etcd-server.crt'],
  );
});

test('without the key of a CA nothing is written', async () => {
  const { 'ca.key': _, ...data } = former['karmada-cert']?.data ?? {};
  const renew = await makeSigner();
  const without = { ...former, 'karmada-cert': { data } };
  expect(() =>
    takenOver(secretsOf('new', 'eu-west-1', begins), without, { renew, now: begins + day, names: [] }),
  ).toThrow(expect.objectContaining({ code: 'certificates-not-renewable' }));
});
