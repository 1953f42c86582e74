/** Warns of upcoming expiry: Karmada's certificates, and EKS's support of the Kubernetes versions in use. */
import type { KarmadaCertificates } from '../access/karmada-api.js';
import { decoded, readCertificate } from '../certificates/certificate.js';
import { counted } from '../errors/counted.js';
import type { ClusterStatus } from './cluster-status.js';

const dayMs = 24 * 60 * 60 * 1000;

/** How long before its end something is worth a warning. */
const warningMs = 60 * dayMs;

/** What can come to an end; dates are ISO, undefined where there is none. */
export interface Expiry {
  readonly clusters: readonly ClusterStatus[];
  readonly controlPlane: { readonly certificatesEnd: string | undefined; readonly caEnds: string | undefined };
  /** The command that renews the certificates. */
  readonly renewal: string;
}

/** When the certificates end, the first of them, and their CA. */
export function endsOf(certificates: KarmadaCertificates | undefined): Expiry['controlPlane'] {
  const ends = [certificates?.admin, certificates?.server].flatMap((each) => endOf(each) ?? []).sort();
  return { certificatesEnd: ends[0], caEnds: endOf(certificates?.ca) };
}

/** Base64 of PEM in, ISO date out. */
function endOf(data: string | undefined): string | undefined {
  const found = data === undefined ? undefined : readCertificate(decoded(data));
  return found && new Date(found.until).toISOString();
}

/** One line each; `now` is in ms since the epoch. */
export function expiryWarnings({ clusters, controlPlane, renewal }: Expiry, now: number): readonly string[] {
  const { certificatesEnd, caEnds } = controlPlane;
  return [
    ...certificateEnd('certificates', certificatesEnd, now).map((line) => `${line}; renew them: ${renewal}`),
    ...certificateEnd('CA certificate', caEnds, now),
    ...supportEnds(clusters, now),
  ];
}

function certificateEnd(what: string, end: string | undefined, now: number): readonly string[] {
  if (end === undefined || !isNear(end, now)) return [];
  const isOver = Date.parse(end) <= now;
  return [
    isOver
      ? `Karmada’s ${what} expired on ${dayOf(end)}: Karmada can no longer be reached`
      : `Karmada’s ${what} will expire on ${dayOf(end)}, ${daysTo(end, now)}: after that Karmada cannot be reached`,
  ];
}

/** Clusters of one version and one upgrade policy come to the same end. */
function supportEnds(clusters: readonly ClusterStatus[], now: number): readonly string[] {
  const groups = new Map<string, ClusterStatus[]>();
  for (const cluster of clusters) {
    const key = `${cluster.kubernetesVersion} ${cluster.support?.policy}`;
    groups.set(key, [...(groups.get(key) ?? []), cluster]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first?.support === undefined) return [];
    return supportEnd(first.kubernetesVersion ?? '', first.support, group.map(({ name }) => name).join(', '), now);
  });
}

/** With policy STANDARD EKS upgrades when standard support ends; else the price rises, and it upgrades a year later. */
function supportEnd(
  version: string,
  { endOfStandard, endOfExtended, policy }: NonNullable<ClusterStatus['support']>,
  names: string,
  now: number,
): readonly string[] {
  if (endOfStandard === undefined || !isNear(endOfStandard, now)) return [];
  const upgrades = `EKS then upgrades ${names} automatically`;
  if (Date.parse(endOfStandard) > now) {
    const then =
      policy === 'STANDARD' ? upgrades : `from then on each of ${names} costs 0.60 USD per hour instead of 0.10`;
    return [
      `standard support of Kubernetes ${version} ends on ${dayOf(endOfStandard)}, ${daysTo(endOfStandard, now)}: ${then}`,
    ];
  }
  if (policy === 'STANDARD') {
    return [
      `standard support of Kubernetes ${version} ended on ${dayOf(endOfStandard)}: EKS upgrades ${names} automatically`,
    ];
  }
  const costs = `Kubernetes ${version} is in extended support: each of ${names} costs 0.60 USD per hour instead of 0.10`;
  if (endOfExtended === undefined || !isNear(endOfExtended, now)) return [costs];
  const last = `extended support of Kubernetes ${version} ends on ${dayOf(endOfExtended)}, ${daysTo(endOfExtended, now)}: ${upgrades}`;
  return [costs, last];
}

function isNear(end: string, now: number): boolean {
  return Date.parse(end) - now <= warningMs;
}

function dayOf(iso: string): string {
  return iso.slice(0, 10);
}

function daysTo(end: string, now: number): string {
  const days = Math.floor((Date.parse(end) - now) / dayMs);
  return days < 1 ? 'in less than a day' : `in ${counted(days, 'day')}`;
}
