/** A request for a certificate (PKCS#10, RFC 2986), which node:crypto does not write. */
import { createPublicKey, sign } from 'node:crypto';
import { pemOf } from '../../model/pem.js';

/** Kubernetes takes the common name for the user, and the organization for a group of theirs. */
export interface Subject {
  readonly commonName: string;
  readonly organization: string;
}

/** The request as PEM, signed with the key. @param key PEM of a key on the curve P-256; it is not in the request */
export function certificateRequest({ commonName, organization }: Subject, key: string): string {
  const asked = sequence(
    element(0x02, Buffer.from([0])),
    sequence(attribute('55040a', organization), attribute('550403', commonName)),
    createPublicKey(key).export({ type: 'spki', format: 'der' }),
    element(0xa0),
  );
  const signature = element(0x03, Buffer.from([0]), sign('sha256', asked, key));
  return pemOf('CERTIFICATE REQUEST', sequence(asked, sequence(objectId(ecdsaWithSha256)), signature));
}

/** RFC 5758, section 3.2. */
const ecdsaWithSha256 = '2a8648ce3d040302';

function attribute(type: string, text: string): Buffer {
  return element(0x31, sequence(objectId(type), element(0x0c, Buffer.from(text))));
}

function objectId(hex: string): Buffer {
  return element(0x06, Buffer.from(hex, 'hex'));
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return element(0x30, ...parts);
}

/** Tag, length in its shortest form, content (DER); nothing in a request is longer than 65,535 bytes. */
function element(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
