/** What a certificate tells: whose it is, from when to when, and whose key it has. */
import { createHash, X509Certificate } from 'node:crypto';

/** The facts of one certificate; times in ms since the epoch. */
export interface Certificate {
  /** e.g. `system:admin`. */
  readonly commonName: string;
  readonly from: number;
  readonly until: number;
  /** Whether a server of this name may present it. */
  readonly isFor: (name: string) => boolean;
  /** SHA-256 of its public key, in hex: a renewed certificate has the same. */
  readonly key: string;
  /** The first 16 hex digits of its SHA-256: another one has others. */
  readonly print: string;
}

/** The certificate in a PEM text, or the first of several; undefined for any other text. */
export function readCertificate(pem: string): Certificate | undefined {
  const found = parsed(pem);
  if (found === undefined) return undefined;
  return {
    commonName: /^CN=(.*)$/m.exec(found.subject)?.[1] ?? found.subject.replaceAll('\n', ', '),
    from: Date.parse(found.validFrom),
    until: Date.parse(found.validTo),
    isFor: (name) => found.checkHost(name) !== undefined,
    key: createHash('sha256')
      .update(found.publicKey.export({ type: 'spki', format: 'der' }))
      .digest('hex'),
    print: found.fingerprint256.replaceAll(':', '').slice(0, 16).toLowerCase(),
  };
}

function parsed(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

/** Base64 as in Secrets and kubeconfigs. */
export function decoded(base64: string): string {
  return Buffer.from(base64, 'base64').toString();
}

export function encoded(text: string): string {
  return Buffer.from(text).toString('base64');
}

const dayMs = 24 * 3_600_000;

/** How far the clocks of machines may be apart, in ms: so much earlier a renewed certificate begins, as those that client-go makes. */
export const skewMs = 5 * 60_000;

/**
 * How long before its end a certificate is renewed, in ms: 30 days, or a third of its life where that is shorter, so that one
 * that was made for an hour is not renewed at once.
 */
function marginOf({ from, until }: Pick<Certificate, 'from' | 'until'>): number {
  return Math.min(30 * dayMs, (until - from) / 3);
}

/** Whether it has ended, or ends soon enough to be renewed. */
export function isDue(certificate: Pick<Certificate, 'from' | 'until'>, now: number): boolean {
  return certificate.until - now <= marginOf(certificate);
}

/** e.g. `2027-11-28`. */
export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
