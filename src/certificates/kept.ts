/**
 * Which certificates a Karmada has, and in which Secrets of the parent `init` keeps them (1.18.2, cmdinit/kubernetes/deploy.go,
 * `createCertsSecrets`): all with their keys in `karmada-cert`, and copies for those who read others. A copy is known by its key.
 */
import type { Clients } from '../clients/clients.js';
import { initLabel, karmadaNamespace } from '../fleet/names.js';
import type { KubeAccess } from '../tools/kubectl/commands.js';
import { type KubeSecret, secret } from '../tools/kubectl/objects.js';
import type { Call } from '../tools/run.js';
import { type Certificate, decoded, encoded, isDue, readCertificate, skewMs } from './certificate.js';

/** The Secret with every certificate and every key. */
export const mainSecret = 'karmada-cert';

/** The CAs, by the names of their files. */
export const authorities = ['ca', 'etcd-ca', 'front-proxy-ca'] as const;

export type AuthorityName = (typeof authorities)[number];

/** What is renewed, and whose signature it has (1.18.2, cmdinit/cert/cert.go, `GenCerts`). */
export const leaves = [
  { name: 'apiserver', authority: 'ca' },
  { name: 'karmada', authority: 'ca' },
  { name: 'etcd-server', authority: 'etcd-ca' },
  { name: 'etcd-client', authority: 'etcd-ca' },
  { name: 'front-proxy-client', authority: 'front-proxy-ca' },
] as const satisfies readonly { name: string; authority: AuthorityName }[];

export type LeafName = (typeof leaves)[number]['name'];

/** A certificate in an entry of a Secret, maybe one of several there; of a kubeconfig, that of a user. */
export interface Kept {
  readonly secret: string;
  readonly entry: string;
  readonly name: LeafName | AuthorityName;
  readonly certificate: Certificate;
  /** As it stands there, without what is around it. */
  readonly pem: string;
}

/** All that the Secrets of a Karmada hold. */
export interface KeptCertificates {
  readonly secrets: readonly KubeSecret[];
  /** What everything else is compared with; a leaf that is missing there is none. */
  readonly main: ReadonlyMap<string, Kept>;
  readonly copies: readonly Kept[];
}

/** Undefined where there is no `karmada-cert`: Karmada is not installed. */
export async function keptCertificates(
  { kubectl }: Clients,
  parent: KubeAccess,
  call: Call,
): Promise<KeptCertificates | undefined> {
  const secrets = await kubectl.list(parent, { kind: 'secrets', namespace: karmadaNamespace }, secret, call);
  return keptIn(secrets);
}

/** Whether some end soon, lack a name of the user's, or were renewed, so that their copies and readers are to be looked at; false where Karmada is not installed. */
export async function wantCare(
  { kubectl, world }: Clients,
  parent: KubeAccess,
  names: readonly string[],
  call: Call,
): Promise<boolean> {
  const ref = { kind: 'secrets', name: mainSecret, namespace: karmadaNamespace };
  const found = await kubectl.get(parent, ref, secret, call);
  const kept = found && keptIn([found]);
  if (kept === undefined) return false;
  return dueLeaves(kept, world.clock.now(), { names }).length > 0 || leaves.some(({ name }) => isRenewed(kept, name));
}

/** The same of Secrets that were read. */
export function keptIn(secrets: readonly KubeSecret[]): KeptCertificates | undefined {
  const whole = secrets.find(({ metadata }) => metadata.name === mainSecret);
  if (whole === undefined) return undefined;
  const main = new Map(mainOnes(whole).map((each) => [each.name, each]));
  // Secrets of others are left alone, whatever they hold.
  const copies = secrets
    .filter((each) => each !== whole && each.metadata.labels?.[initLabel] !== undefined)
    .flatMap((each) => copiesIn(each, [...main.values()]));
  return { secrets, main, copies };
}

function mainOnes({ data = {} }: KubeSecret): readonly Kept[] {
  return [...authorities, ...leaves.map(({ name }) => name)].flatMap((name) => {
    const entry = `${name}.crt`;
    const [pem = ''] = certificatesIn(decoded(data[entry] ?? ''));
    const certificate = readCertificate(pem);
    return certificate === undefined ? [] : [{ secret: mainSecret, entry, name, certificate, pem }];
  });
}

function copiesIn({ metadata, data = {} }: KubeSecret, main: readonly Kept[]): readonly Kept[] {
  return Object.entries(data).flatMap(([entry, value]) =>
    certificatesIn(decoded(value)).flatMap((pem) => {
      const certificate = readCertificate(pem);
      const same = main.find((each) => each.certificate.key === certificate?.key);
      if (certificate === undefined || same === undefined) return [];
      return [{ secret: metadata.name, entry, name: same.name, certificate, pem }];
    }),
  );
}

const pemBlock = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
const clientCertificate = /(client-certificate-data"?\s*:\s*"?)([A-Za-z0-9+/=]{40,})/g;

/** The certificates in a text as PEM, one by one: those of the text itself, or of the users of a kubeconfig. */
export function certificatesIn(text: string): readonly string[] {
  const own = text.match(pemBlock);
  return own ?? [...text.matchAll(clientCertificate)].flatMap(([, , data = '']) => decoded(data).match(pemBlock) ?? []);
}

/** The text with another certificate in place of one of these; whatever else is in it stays. */
export function withCertificate(text: string, before: string, after: string): string {
  const changed = (pem: string): string => pem.replaceAll(before, () => after.trim());
  if (text.match(pemBlock) !== null) return changed(text);
  return text.replace(clientCertificate, (_, start: string, data: string) => {
    const pem = decoded(data);
    return `${start}${pem.includes(before) ? encoded(changed(pem)) : data}`;
  });
}

/** Whether it was renewed since `init` made it, which gives a leaf the beginning of its CA (1.18.2, cmdinit/cert/cert.go, `NewSignedCert`). */
export function isRenewed({ main }: KeptCertificates, name: LeafName): boolean {
  const authority = leaves.find((each) => each.name === name)?.authority ?? '';
  const [leaf, ca] = [main.get(name), main.get(authority)];
  return leaf !== undefined && ca !== undefined && leaf.certificate.from > ca.certificate.from;
}

/** Copies of leaves that are others in `karmada-cert`: a renewal has not come to them. CAs are not renewed. */
export function staleCopies({ main, copies }: KeptCertificates): readonly Kept[] {
  return copies
    .filter(({ name }) => leaves.some((leaf) => leaf.name === name))
    .filter(({ name, certificate }) => main.get(name)?.certificate.print !== certificate.print);
}

/** The names of the user's that the API server's certificate lacks. */
export function lackedNames({ main }: KeptCertificates, names: readonly string[]): readonly string[] {
  return names.filter((name) => main.get('apiserver')?.certificate.isFor(name) === false);
}

/** What makes a certificate due besides its end. */
export interface Due {
  /** Those that are older, too, in ms since the epoch. */
  readonly madeBefore?: number | undefined;
  /** Names of the user's that lead to the API server. */
  readonly names?: readonly string[] | undefined;
}

/** The leaves that have ended or end soon, or lack a name. */
export function dueLeaves(
  kept: KeptCertificates,
  now: number,
  { madeBefore, names = [] }: Due = {},
): readonly LeafName[] {
  return leaves
    .map(({ name }) => name)
    .filter((name) => {
      const found = kept.main.get(name)?.certificate;
      if (found === undefined || isDue(found, now)) return true;
      if (name === 'apiserver' && lackedNames(kept, names).length > 0) return true;
      return madeBefore !== undefined && (!isRenewed(kept, name) || found.from < madeBefore - skewMs);
    });
}
