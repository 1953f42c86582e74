/**
 * Which certificates a Karmada has, and in which Secrets of the parent `init` keeps them (1.18.2, cmdinit/kubernetes/deploy.go,
 * `createCertsSecrets`): all with their keys in `karmada-cert`, and copies for those who read others. A copy is known by its key.
 */
import type { Clients } from '../clients/clients.js';
import { karmadaNamespace } from '../fleet/names.js';
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

/** A certificate in an entry of a Secret; of a kubeconfig, that of its user. */
export interface Kept {
  readonly secret: string;
  readonly entry: string;
  readonly name: LeafName | AuthorityName;
  readonly certificate: Certificate;
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

/** Whether some end soon, or were renewed, so that their copies and readers are to be looked at; false where Karmada is not installed. */
export async function wantCare({ kubectl, world }: Clients, parent: KubeAccess, call: Call): Promise<boolean> {
  const ref = { kind: 'secrets', name: mainSecret, namespace: karmadaNamespace };
  const found = await kubectl.get(parent, ref, secret, call);
  const kept = found && keptIn([found]);
  if (kept === undefined) return false;
  return dueLeaves(kept, world.clock.now()).length > 0 || leaves.some(({ name }) => isRenewed(kept, name));
}

/** The same of Secrets that were read. */
function keptIn(secrets: readonly KubeSecret[]): KeptCertificates | undefined {
  const whole = secrets.find(({ metadata }) => metadata.name === mainSecret);
  if (whole === undefined) return undefined;
  const main = new Map(mainOnes(whole).map((each) => [each.name, each]));
  const copies = secrets.filter((each) => each !== whole).flatMap((each) => copiesIn(each, [...main.values()]));
  return { secrets, main, copies };
}

function mainOnes({ data = {} }: KubeSecret): readonly Kept[] {
  return [...authorities, ...leaves.map(({ name }) => name)].flatMap((name) => {
    const entry = `${name}.crt`;
    const pem = decoded(data[entry] ?? '');
    const certificate = readCertificate(pem);
    return certificate === undefined ? [] : [{ secret: mainSecret, entry, name, certificate, pem }];
  });
}

function copiesIn({ metadata, data = {} }: KubeSecret, main: readonly Kept[]): readonly Kept[] {
  return Object.entries(data).flatMap(([entry, value]) => {
    const pem = certificateIn(decoded(value));
    const certificate = pem === undefined ? undefined : readCertificate(pem);
    const same = main.find((each) => each.certificate.key === certificate?.key);
    if (pem === undefined || certificate === undefined || same === undefined) return [];
    return [{ secret: metadata.name, entry, name: same.name, certificate, pem }];
  });
}

const clientCertificate = /(client-certificate-data"?\s*:\s*"?)([A-Za-z0-9+/=]{40,})/;

/** The certificate in a text: the text itself, or that of the user of a kubeconfig. */
export function certificateIn(text: string): string | undefined {
  if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
  const [, , data] = clientCertificate.exec(text) ?? [];
  return data === undefined ? undefined : decoded(data);
}

/** The text with another certificate in that place. */
export function withCertificate(text: string, pem: string): string {
  if (text.includes('-----BEGIN CERTIFICATE-----')) return pem;
  return text.replace(clientCertificate, (_, before: string) => `${before}${encoded(pem)}`);
}

/** Whether it was renewed since `init` made it, which gives a leaf the beginning of its CA (1.18.2, cmdinit/cert/cert.go, `NewSignedCert`). */
export function isRenewed({ main }: KeptCertificates, name: LeafName): boolean {
  const authority = leaves.find((each) => each.name === name)?.authority ?? '';
  const [leaf, ca] = [main.get(name), main.get(authority)];
  return leaf !== undefined && ca !== undefined && leaf.certificate.from > ca.certificate.from;
}

/** Copies of certificates that are others in `karmada-cert`: a renewal has not come to them. */
export function staleCopies({ main, copies }: KeptCertificates): readonly Kept[] {
  return copies.filter(({ name, certificate }) => main.get(name)?.certificate.print !== certificate.print);
}

/** The leaves that have ended or end soon; `madeBefore`: those that are older, too (ms since the epoch). */
export function dueLeaves(kept: KeptCertificates, now: number, madeBefore?: number): readonly LeafName[] {
  return leaves
    .map(({ name }) => name)
    .filter((name) => {
      const found = kept.main.get(name)?.certificate;
      if (found === undefined || isDue(found, now)) return true;
      return madeBefore !== undefined && (!isRenewed(kept, name) || found.from < madeBefore - skewMs);
    });
}
