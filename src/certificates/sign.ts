/** Signs certificates anew: the same key, subject, names and uses, for another time; names can be added. */
import { createPrivateKey, type KeyObject, randomBytes, sign } from 'node:crypto';
import { Problem } from '../errors/problem.js';
import { pemOf } from '../model/pem.js';

/** An authority, as PEM. */
export interface Authority {
  readonly certificate: string;
  /** A secret. */
  readonly key: string;
}

/** From when to when, in ms since the epoch. */
export interface Term {
  readonly from: number;
  readonly until: number;
}

/** A certificate (PEM) for another time, and for these DNS names too, signed by an authority. */
export type Renew = (certificate: string, authority: Authority, term: Term, names?: readonly string[]) => string;

/** Algorithms with which `kubectl karmada init` signs, or may be made to, by their identifiers (RFC 5758, RFC 8410), and the digest of each. */
const digests: Readonly<Record<string, string | null>> = {
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
  '1.3.101.112': null,
};

/**
 * Loads what is needed to sign, which takes a tenth of a second. Signing itself waits for nothing.
 * The signer throws Problem `certificates-not-renewable` for what it cannot sign.
 */
export async function makeSigner(): Promise<Renew> {
  const { AsnConvert, OctetString } = await import('@peculiar/asn1-schema');
  const { Certificate, Time, SubjectAlternativeName, GeneralName, id_ce_subjectAltName } = await import(
    '@peculiar/asn1-x509'
  );
  return (pem, authority, { from, until }, names = []) => {
    const renewed = AsnConvert.parse(derOf(pem), Certificate);
    const { tbsCertificate: body, signatureAlgorithm } = renewed;
    const digest = digests[signatureAlgorithm.algorithm];
    if (digest === undefined) throw unknownAlgorithm(signatureAlgorithm.algorithm);
    // It must be positive, and not begin with nine equal bits (X.690, 8.3).
    body.serialNumber = Uint8Array.from([0x40 + ((randomBytes(1)[0] ?? 0) % 0x3f), ...randomBytes(15)]).buffer;
    body.validity.notBefore = new Time(wholeSecond(from));
    body.validity.notAfter = new Time(wholeSecond(until));
    const known = body.extensions?.find(({ extnID }) => extnID === id_ce_subjectAltName);
    if (known !== undefined && names.length > 0) {
      const all = AsnConvert.parse(known.extnValue, SubjectAlternativeName);
      for (const dNSName of names) all.push(new GeneralName({ dNSName }));
      known.extnValue = new OctetString(AsnConvert.serialize(all));
    }
    // What was signed last is kept by the parser, and would be written again.
    delete renewed.tbsCertificateRaw;
    const signed = Buffer.from(AsnConvert.serialize(body));
    renewed.signatureValue = bufferOf(sign(digest, signed, keyOf(authority)));
    return pemOf('CERTIFICATE', Buffer.from(AsnConvert.serialize(renewed)));
  };
}

function wholeSecond(ms: number): Date {
  return new Date(Math.floor(ms / 1000) * 1000);
}

function keyOf({ key }: Authority): KeyObject {
  try {
    return createPrivateKey(key);
  } catch {
    // What OpenSSL writes of it may hold parts of the key.
    throw notRenewable('the key of a CA in Secret karmada-cert cannot be read');
  }
}

function unknownAlgorithm(id: string): Problem {
  return notRenewable(`a certificate in Secret karmada-cert is signed by an algorithm that is not known here (${id})`);
}

/** Why the certificates of a fleet cannot be renewed. */
export function notRenewable(
  what: string,
  next: readonly string[] = ['put the Secret back as init made it, then run the same command again'],
): Problem {
  return new Problem('certificates-not-renewable', {
    what,
    why: 'the certificates of Karmada can only be renewed with its own CAs and their keys, which `init` keeps in Secret karmada-cert',
    next,
  });
}

function bufferOf(bytes: Buffer): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}

function derOf(pem: string): Buffer {
  const [, body = ''] = /-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----/.exec(pem) ?? [];
  return Buffer.from(body, 'base64');
}
