/** CertificateSigningRequests of people: what the API server takes, and how kube-controller-manager signs them. */
import { createPrivateKey, createPublicKey, verify } from 'node:crypto';
import { Problem } from '../../../errors/problem.js';
import { isJson, type Json, listAt, numberAt, textAt } from '../../json.js';
import type { ApiState, KubeObjectState } from '../../state.js';
import { Refusal } from '../api-server/refusal.js';
import { findObject, listObjects, nameOf } from '../api-server/store.js';
import { componentReady, karmadaNamespace, parentOf } from '../controllers/control-plane.js';
import { elapsed, type Tick } from '../tick.js';
import { makeCertificate } from './certificate.js';
import { base64 } from './pki.js';

/** What is asked for. */
interface Request {
  readonly commonName: string;
  readonly organization: string;
  /** SPKI. */
  readonly publicKey: Buffer;
}

/** Refuses what Kubernetes refuses (kubernetes 1.34, pkg/apis/certificates/validation). */
export function checkRequest(object: Json): void {
  const where = `CertificateSigningRequest.certificates.k8s.io "${nameOf(object)}" is invalid: spec`;
  const seconds = numberAt(object, 'spec', 'expirationSeconds') ?? 600;
  if (seconds < 600)
    throw new Refusal(
      'Invalid',
      `${where}.expirationSeconds: Invalid value: ${seconds}: may not specify a duration less than 600 seconds (10 minutes)`,
    );
  const request = readRequest(object);
  if (request === undefined)
    throw new Refusal('Invalid', `${where}.request: Invalid value: PEM block type must be CERTIFICATE REQUEST`);
  if (request.organization === 'system:masters')
    throw new Refusal(
      'Forbidden',
      `use of kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed`,
    );
  if (textAt(object, 'spec', 'signerName') !== 'kubernetes.io/kube-apiserver-client')
    throw new Problem('rehearsal-unmodelled', { what: 'the rehearsal does not model this signer of certificates' });
}

/** Signed within a second [est] of the approval, from five minutes before (kubernetes 1.34, pkg/controller/certificates/signer). */
export function settleSigningRequests(tick: Tick, karmada: ApiState): void {
  const parent = parentOf(tick, karmada);
  const authority = findObject(parent ?? karmada, 'secrets', karmadaNamespace, 'karmada-cert');
  for (const object of listObjects(karmada, 'certificatesigningrequests', '')) {
    const isOpen = isApproved(object) && textAt(object, 'status', 'certificate') === '';
    const signs = isOpen && componentReady(parent, 'kube-controller-manager') && authority !== undefined;
    const request = elapsed(tick, object, 'signedSince', signs, 1_000) ? readRequest(object) : undefined;
    if (request === undefined) continue;
    const key = Buffer.from(textAt(authority, 'data', 'ca.key'), 'base64').toString();
    const { certificate } = makeCertificate(
      {
        ...request,
        notBefore: tick.at - 300_000,
        notAfter: tick.at + 1000 * (numberAt(object, 'spec', 'expirationSeconds') ?? 365 * 86_400),
        seed: String(object.metadata['uid']),
      },
      { certificate: '', key, commonName: 'karmada', privateKey: createPrivateKey(key) },
    );
    object['status'] = { ...(isJson(object['status']) ? object['status'] : {}), certificate: base64(certificate) };
  }
}

function isApproved(object: KubeObjectState): boolean {
  return listAt(object, 'status', 'conditions').some((each) => textAt(each, 'type') === 'Approved');
}

/** Undefined for what is no request, or not signed with its own key. */
function readRequest(object: Json): Request | undefined {
  const pem = Buffer.from(textAt(object, 'spec', 'request'), 'base64').toString();
  const body = /-----BEGIN CERTIFICATE REQUEST-----([\s\S]*)-----END/.exec(pem)?.[1];
  if (body === undefined) return undefined;
  const [asked, , signature] = partsOf(Buffer.from(body, 'base64'));
  const [, subject, publicKey] = asked === undefined ? [] : partsOf(asked.whole);
  if (asked === undefined || subject === undefined || publicKey === undefined || signature === undefined)
    return undefined;
  const key = createPublicKey({ key: publicKey.whole, format: 'der', type: 'spki' });
  if (!verify('sha256', asked.whole, key, signature.content.subarray(1))) return undefined;
  const names = new Map(
    partsOf(subject.whole).map((set) => {
      const [type, text] = partsOf(partsOf(set.whole)[0]?.whole ?? Buffer.alloc(2));
      return [type?.content.toString('hex') ?? '', text?.content.toString() ?? ''];
    }),
  );
  return {
    commonName: names.get('550403') ?? '',
    organization: names.get('55040a') ?? '',
    publicKey: publicKey.whole,
  };
}

interface Part {
  readonly whole: Buffer;
  readonly content: Buffer;
}

/** The elements inside one element (DER). */
function partsOf(whole: Buffer): readonly Part[] {
  const parts: Part[] = [];
  for (let rest = contentOf(whole); rest.length > 1; ) {
    const content = contentOf(rest);
    const length = content.byteOffset - rest.byteOffset + content.length;
    parts.push({ whole: rest.subarray(0, length), content });
    rest = rest.subarray(length);
  }
  return parts;
}

function contentOf(element: Buffer): Buffer {
  const first = element[1] ?? 0;
  const more = first < 0x80 ? 0 : first - 0x80;
  const length = more === 0 ? first : element.readUIntBE(2, more);
  return element.subarray(2 + more, 2 + more + length);
}
