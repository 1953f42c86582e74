/**
 * Minimal X.509 certificates (RFC 5280) with Ed25519 keys that a seed determines: Node parses them but cannot
 * make them. `@peculiar/x509` 2.2 takes 0.3 s and more to load, in every process that rehearses, and six times as long for
 * each of the eight certificates of an init; its making is asynchronous, which virtual time cannot see.
 */
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import type { Moment } from '../../state.js';

export interface CertificateOptions {
  readonly commonName: string;
  readonly organization?: string;
  readonly notBefore: Moment;
  readonly notAfter: Moment;
  /** Names the certificate is valid for, e.g. `*.elb.eu-west-1.amazonaws.com`. */
  readonly dnsNames?: readonly string[];
  /** IPv4 addresses the certificate is valid for. */
  readonly addresses?: readonly string[];
  /** Determines the key: the same seed gives the same key. */
  readonly seed: string;
  /** Somebody else's public key (SPKI), instead of that of the seed. */
  readonly publicKey?: Buffer;
}

/** A certificate and its key, as PEM, with what is needed to sign others. */
export interface Certified {
  readonly certificate: string;
  readonly key: string;
  readonly commonName: string;
  readonly privateKey: KeyObject;
}

/** Makes a certificate; without an issuer it is a CA that signed itself. */
export function makeCertificate(options: CertificateOptions, issuer?: Certified): Certified {
  const privateKey = keyFrom(options.seed);
  const publicKey = options.publicKey ?? createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  const serial = createHash('sha256').update(`serial ${options.seed}`).digest().subarray(0, 8);
  const body = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), serial])),
    ed25519,
    distinguishedName(issuer?.commonName ?? options.commonName),
    sequence(generalizedTime(options.notBefore), generalizedTime(options.notAfter)),
    distinguishedName(options.commonName, options.organization),
    publicKey,
    explicit(3, sequence(...extensions(options, issuer === undefined))),
  );
  const signature = sign(null, body, issuer?.privateKey ?? privateKey);
  return {
    certificate: pem('CERTIFICATE', sequence(body, ed25519, bitString(signature))),
    key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    commonName: options.commonName,
    privateKey,
  };
}

/** PKCS#8 of an Ed25519 key is a fixed head and the 32 bytes of its seed (RFC 8410). */
function keyFrom(seed: string): KeyObject {
  const head = Buffer.from('302e020100300506032b657004220420', 'hex');
  const key = Buffer.concat([head, createHash('sha256').update(seed).digest()]);
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
}

const ed25519 = sequence(objectId('2b6570'));

function extensions(options: CertificateOptions, ca: boolean): Buffer[] {
  const names = (options.dnsNames ?? []).map((name) => tagged(0x82, Buffer.from(name)));
  const addresses = (options.addresses ?? []).map((ip) => tagged(0x87, Buffer.from(ip.split('.').map(Number))));
  const constraints = sequence(
    objectId('551d13'),
    tagged(0x04, ca ? sequence(tagged(0x01, Buffer.from([0xff]))) : sequence()),
  );
  if (names.length + addresses.length === 0) return [constraints];
  return [constraints, sequence(objectId('551d11'), tagged(0x04, sequence(...names, ...addresses)))];
}

function distinguishedName(commonName: string, organization?: string): Buffer {
  const part = (oid: string, text: string) => tagged(0x31, sequence(objectId(oid), tagged(0x0c, Buffer.from(text))));
  return sequence(...(organization === undefined ? [] : [part('55040a', organization)]), part('550403', commonName));
}

function generalizedTime(moment: Moment): Buffer {
  return tagged(0x18, Buffer.from(`${new Date(moment).toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`));
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(parts));
}

function explicit(number: number, content: Buffer): Buffer {
  return tagged(0xa0 + number, content);
}

function integer(bytes: Buffer): Buffer {
  return tagged(0x02, bytes);
}

function bitString(bytes: Buffer): Buffer {
  return tagged(0x03, Buffer.concat([Buffer.from([0]), bytes]));
}

function objectId(hex: string): Buffer {
  return tagged(0x06, Buffer.from(hex, 'hex'));
}

/** Tag, length in its shortest form, content (DER). */
function tagged(tag: number, content: Buffer): Buffer {
  const size = content.length;
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}
