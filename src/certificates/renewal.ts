/** What a renewal writes: new leaves, and the Secrets with them. Pure. */
import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { KubeSecret } from '../tools/kubectl/objects.js';
import { type Certificate, dayOf, decoded, encoded, isDue, skewMs } from './certificate.js';
import {
  type AuthorityName,
  isRenewed,
  type KeptCertificates,
  type LeafName,
  lackedNames,
  leaves,
  mainSecret,
  staleCopies,
  withCertificate,
} from './kept.js';
import { type Authority, notRenewable, type Renew, type Term } from './sign.js';

const hourMs = 3_600_000;

/** Leaves, as PEM, by their names. */
export type NewLeaves = ReadonlyMap<LeafName, string>;

/**
 * Signs leaves anew.
 * @param validity in ms; without it each is valid as long as the one before
 * @param names of the user's, which that of the API server gets where it lacks them
 * @throws Problem `certificates-not-renewable` where the leaf, its CA or the key of that is missing, or the CA ends
 */
export function renewedLeaves(
  kept: KeptCertificates,
  due: readonly LeafName[],
  sign: {
    readonly renew: Renew;
    readonly now: number;
    readonly validity: number | undefined;
    readonly names?: readonly string[];
  },
): NewLeaves {
  return new Map(due.map((name) => [name, renewedLeaf(kept, name, sign)]));
}

function renewedLeaf(
  kept: KeptCertificates,
  name: LeafName,
  { renew, now, validity, names = [] }: Parameters<typeof renewedLeaves>[2],
): string {
  const leaf = kept.main.get(name);
  if (leaf === undefined) throw notRenewable(`Secret ${mainSecret} has no certificate ${name}.crt`);
  const { certificate, ...authority } = authorityOf(kept, leaves.find((each) => each.name === name)?.authority ?? 'ca');
  const term = termOf(leaf.certificate, certificate, now, validity);
  if (isDue(term, now))
    throw notRenewable(`Karmada’s CA ${certificate.commonName} expires on ${dayOf(certificate.until)}`, [
      'a CA cannot be renewed; up --reinstall-karmada reinstalls Karmada with new CAs, and deletes what is in it',
    ]);
  const added = name === 'apiserver' ? lackedNames(kept, names) : [];
  return renew(leaf.pem, { certificate: authority.pem, key: authority.key }, term, added);
}

/** A CA and its key. @throws Problem `certificates-not-renewable` where one of them is missing */
export function authorityOf(
  { main, secrets }: KeptCertificates,
  name: AuthorityName,
): { readonly certificate: Certificate; readonly pem: string; readonly key: Authority['key'] } {
  const found = main.get(name);
  const data = secrets.find(({ metadata }) => metadata.name === mainSecret)?.data ?? {};
  const key = decoded(data[`${name}.key`] ?? '');
  if (found === undefined || key === '') throw notRenewable(`Secret ${mainSecret} has no CA ${name} with its key`);
  return { certificate: found.certificate, pem: found.pem, key };
}

/** It begins later than its CA, by which a renewed leaf is known, and never outlives it; without a validity it is as long as the one before. */
export function termOf(leaf: Certificate, authority: Certificate, now: number, validity?: number): Term {
  const before = leaf.until - leaf.from;
  // What was renewed began a little before that.
  const life = validity ?? (before > 24 * hourMs ? Math.floor(before / hourMs) * hourMs : before);
  return {
    from: Math.max(now - skewMs, authority.from + 1000),
    until: Math.min(now + life, authority.until),
  };
}

/** The Secret with new leaves in place of older ones of the same key; undefined where it has none. */
export function secretWith(
  kept: KeptCertificates,
  secret: KubeSecret,
  pems: ReadonlyMap<string, string>,
): KubeSecret | undefined {
  const places = [...kept.main.values(), ...kept.copies].filter((each) => each.secret === secret.metadata.name);
  const data = { ...secret.data };
  for (const { entry, name, pem: before } of places) {
    const pem = pems.get(name);
    const text = decoded(data[entry] ?? '');
    const changed = pem === undefined ? text : withCertificate(text, before, pem);
    if (changed !== text) data[entry] = encoded(changed);
  }
  return isDeepStrictEqual(data, secret.data) ? undefined : { ...secret, data };
}

/** The Secrets of copies as `karmada-cert` has them now. */
export function secretsToFollow(kept: KeptCertificates): readonly KubeSecret[] {
  const pems = new Map(leaves.map(({ name }) => [name as string, kept.main.get(name)?.pem ?? '']));
  const stale = new Set(staleCopies(kept).map(({ secret }) => secret));
  return kept.secrets
    .filter(({ metadata }) => stale.has(metadata.name))
    .flatMap((each) => secretWith(kept, each, pems) ?? []);
}

/** On pod templates: which certificates their pods have read. */
export const readMark = 'karmada-eks/certificates';

/** What those who read a certificate only when they start are marked with; undefined while all leaves are those of `init`. */
export function printOfRenewed(kept: KeptCertificates): string | undefined {
  if (!leaves.some(({ name }) => isRenewed(kept, name))) return undefined;
  const prints = leaves.map(({ name }) => kept.main.get(name)?.certificate.print ?? '');
  return createHash('sha256').update(prints.join()).digest('hex').slice(0, 16);
}
