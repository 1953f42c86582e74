/** A request for a certificate with a real key, as an API server takes it. */
import { createPrivateKey } from 'node:crypto';
import { expect, it } from 'vitest';
import { certificateRequest } from '../../src/access/grants/certificate-request.js';
import { checkRequest } from '../../src/rehearsal/kube/karmada/signing-requests.js';
import { realNewKey } from '../../src/world/real/new-key.js';

function requestObject(request: string): Record<string, unknown> {
  const signerName = 'kubernetes.io/kube-apiserver-client';
  return { metadata: { name: 'one' }, spec: { request: Buffer.from(request).toString('base64'), signerName } };
}

it('makes another key on P-256 each time', () => {
  const [one, other] = [realNewKey(), realNewKey()];
  expect(createPrivateKey(one).asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
  expect(other).not.toBe(one);
});

it('is signed with the key, whatever the length of its names', () => {
  for (const length of [1, 63, 200]) {
    const subject = { commonName: 'a'.repeat(length), organization: 'karmada-eks:0123456789ab' };
    const request = certificateRequest(subject, realNewKey());
    expect(() => checkRequest(requestObject(request))).not.toThrow();
    const body = Buffer.from(request.split('\n').slice(1, -2).join(''), 'base64');
    body[40] = (body[40] ?? 0) ^ 1;
    const altered = `-----BEGIN CERTIFICATE REQUEST-----\n${body.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`;
    expect(() => checkRequest(requestObject(altered))).toThrow('PEM block type');
  }
});

it('asks for what Kubernetes refuses in vain', () => {
  const request = certificateRequest({ commonName: 'eve', organization: 'system:masters' }, realNewKey());
  expect(() => checkRequest(requestObject(request))).toThrow('system:masters group is not allowed');
});
