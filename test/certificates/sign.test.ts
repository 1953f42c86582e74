/** Certificates that are signed anew, of all kinds of keys: those of `init` are RSA (or ECDSA), those of the rehearsal Ed25519. */
import { generateKeyPairSync, type KeyObject, sign, X509Certificate } from 'node:crypto';
import { AsnConvert } from '@peculiar/asn1-schema';
import { AlgorithmIdentifier, Certificate, SubjectPublicKeyInfo } from '@peculiar/asn1-x509';
import { expect, test } from 'vitest';
import { readCertificate } from '../../src/certificates/certificate.js';
import { makeSigner } from '../../src/certificates/sign.js';
import { makePki } from '../../src/rehearsal/kube/karmada/pki.js';

const begins = Date.UTC(2026, 0, 1);
const term = { from: Date.UTC(2026, 11, 1), until: Date.UTC(2027, 11, 1) };
const pki = makePki({ seed: 'one', now: begins, dnsNames: ['*.elb.us-west-2.amazonaws.com'], addresses: ['10.0.0.1'] });
const rehearsed = { certificate: pki['ca.crt'] ?? '', key: pki['ca.key'] ?? '' };
const leaf = pki['apiserver.crt'] ?? '';

test('a certificate has the same key, subject and names for another time', async () => {
  expectRenewed(leaf, (await makeSigner())(leaf, rehearsed, term), rehearsed.certificate);
});

test('names are added to those that it has', async () => {
  const names = ['karmada.example.com', `${'a'.repeat(63)}.example.com`];
  const renewed = new X509Certificate((await makeSigner())(leaf, rehearsed, term, names));
  const before = new X509Certificate(leaf).subjectAltName;
  expect(renewed.subjectAltName).toBe(`${before}, ${names.map((each) => `DNS:${each}`).join(', ')}`);
  expect(names.every((each) => renewed.checkHost(each) === each)).toBe(true);
  expect(renewed.verify(new X509Certificate(rehearsed.certificate).publicKey)).toBe(true);
});

const made = {
  RSA: { keys: generateKeyPairSync('rsa', { modulusLength: 3072 }), algorithm: '1.2.840.113549.1.1.11' },
  ECDSA: { keys: generateKeyPairSync('ec', { namedCurve: 'P-256' }), algorithm: '1.2.840.10045.4.3.2' },
} as const;

test.each(['RSA', 'ECDSA'] as const)('so has one with a key of %s', async (kind) => {
  const { privateKey } = made[kind].keys;
  const key = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const authority = { certificate: withKey(rehearsed.certificate, kind), key };
  expectRenewed(withKey(leaf, kind), (await makeSigner())(withKey(leaf, kind), authority, term), authority.certificate);
});

test('an algorithm that is not known is refused', async () => {
  const odd = withKey(leaf, 'RSA', '1.2.840.113549.1.1.10');
  const renew = await makeSigner();
  expect(() => renew(odd, rehearsed, term)).toThrow(
    /signed by an algorithm that is not known here \(1\.2\.840\.113549\.1\.1\.10\)/,
  );
});

test('a key that cannot be read is refused without a word of it', async () => {
  const renew = await makeSigner();
  expect(() => renew(leaf, { ...rehearsed, key: 'c2VjcmV0' }, term)).toThrow(
    expect.objectContaining({
      code: 'certificates-not-renewable',
      message: 'the key of a CA in Secret karmada-cert cannot be read',
    }),
  );
});

function expectRenewed(before: string, renewed: string, authority: string): void {
  const [old, now] = [new X509Certificate(before), new X509Certificate(renewed)];
  expect([now.subject, now.issuer, now.subjectAltName]).toEqual([old.subject, old.issuer, old.subjectAltName]);
  expect(readCertificate(renewed)).toMatchObject({ ...term, key: readCertificate(before)?.key });
  expect(now.verify(new X509Certificate(authority).publicKey)).toBe(true);
  expect(now.serialNumber).not.toBe(old.serialNumber);
}

/** A certificate with a key of another kind, signed by it. */
function withKey(pem: string, kind: keyof typeof made, algorithm: string = made[kind].algorithm): string {
  const { publicKey, privateKey }: { publicKey: KeyObject; privateKey: KeyObject } = made[kind].keys;
  const certificate = AsnConvert.parse(new X509Certificate(pem).raw, Certificate);
  const id = new AlgorithmIdentifier({ algorithm, ...(kind === 'RSA' ? { parameters: null } : {}) });
  certificate.signatureAlgorithm = id;
  certificate.tbsCertificate.signature = id;
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  certificate.tbsCertificate.subjectPublicKeyInfo = AsnConvert.parse(spki, SubjectPublicKeyInfo);
  delete certificate.tbsCertificateRaw;
  const signature = sign('sha256', Buffer.from(AsnConvert.serialize(certificate.tbsCertificate)), privateKey);
  certificate.signatureValue = Uint8Array.from(signature).buffer;
  const der = Buffer.from(AsnConvert.serialize(certificate)).toString('base64');
  return `-----BEGIN CERTIFICATE-----\n${der}\n-----END CERTIFICATE-----\n`;
}
