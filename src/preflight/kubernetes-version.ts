/** Chooses the Kubernetes version of new clusters from those that EKS offers, eksctl supports and Karmada was tested with. */
import semver from 'semver';
import type { ClusterVersionInformation } from '../aws/eks.js';
import type { Support } from '../aws/prices.js';
import { okUnless, warning } from '../errors/diagnostic.js';
import { type Diagnostic, Problem } from '../errors/problem.js';
import type { Checked } from '../model/facts.js';

/** Newest version with a constant in eksctl 0.230.0 (pkg/apis/eksctl.io/v1alpha5/types.go). */
const newestKnownToEksctl = '1.35';

/**
 * Newest Kubernetes that each minor of Karmada was tested with, oldest minor first (README.md of karmada v1.16.0, v1.17.0, v1.18.2 and
 * v1.19.0-rc.0, "Kubernetes compatibility").
 */
const testedWithKarmada = [
  ['1.15', '1.33'],
  ['1.16', '1.34'],
  ['1.17', '1.35'],
  ['1.18', '1.35'],
] as const;

const day = 24 * 60 * 60 * 1000;

/** Days before the end of standard support at which a version is worth a warning. */
const warningDays = 60;

/** What the version depends on besides EKS. */
interface VersionChoice {
  readonly wanted: string | undefined;
  /** Version of the Karmada that is or will be installed; undefined if unknown. */
  readonly karmada: string | undefined;
  /** In ms since the epoch. */
  readonly now: number;
}

/**
 * The requested version if EKS offers it, otherwise the newest in standard support that eksctl supports and Karmada was tested
 * with. If all of these are newer than what Karmada was tested with, the oldest of them.
 */
export function chooseKubernetesVersion(
  offered: readonly ClusterVersionInformation[],
  { wanted, karmada, now }: VersionChoice,
): Checked<string> {
  const tested = testedWith(karmada);
  const usable = offered
    .filter((each) => each.versionStatus !== 'UNSUPPORTED' && each.clusterVersion !== undefined)
    .map((each) => ({ ...each, version: each.clusterVersion ?? '' }))
    .sort((a, b) => semver.rcompare(whole(a.version), whole(b.version)));
  const supported = usable.filter((each) => isStandard(each, now) && isUpTo(newestKnownToEksctl, each.version));
  const newest = supported.find((each) => isUpTo(tested.kubernetes, each.version)) ?? supported.at(-1);
  const chosen = wanted === undefined ? newest : usable.find((each) => each.version === wanted);
  if (chosen === undefined) {
    const problem = new Problem('kubernetes-version', {
      what: `EKS does not offer Kubernetes ${wanted ?? 'in standard support that eksctl supports'}`,
      why: `it offers ${usable.map((each) => each.version).join(', ')}`,
      next: ['choose one of them with --kubernetes-version'],
    });
    return { found: undefined, diagnostics: [problem] };
  }
  const fact = `new clusters get Kubernetes ${chosen.version}; Karmada ${tested.karmada} was tested with up to ${tested.kubernetes}`;
  const warnings = [...untested(chosen.version, tested), ...supportWarnings(chosen, now)];
  return { found: chosen.version, diagnostics: okUnless(warnings, fact) };
}

interface Tested {
  /** A minor, e.g. `1.18`. */
  readonly karmada: string;
  readonly kubernetes: string;
}

/** A Karmada whose tests are not known here counts as the newest that is. */
function testedWith(karmada: string | undefined): Tested {
  const minor = karmada?.split('.').slice(0, 2).join('.');
  const found = testedWithKarmada.find(([each]) => each === minor) ?? testedWithKarmada.at(-1) ?? ['', ''];
  return { karmada: found[0], kubernetes: found[1] };
}

function isUpTo(limit: string, version: string): boolean {
  return semver.lte(whole(version), whole(limit));
}

function untested(version: string, { karmada, kubernetes }: Tested): readonly Diagnostic[] {
  if (isUpTo(kubernetes, version)) return [];
  const what = `Kubernetes ${version} is newer than ${kubernetes}, the newest that Karmada ${karmada} was tested with`;
  return [warning({ what, next: [`choose ${kubernetes} or older with --kubernetes-version`] })];
}

/** The support that a version is in; what EKS does not list counts as standard. `now` is in ms since the epoch. */
export function supportOf(
  offered: readonly ClusterVersionInformation[],
  version: string | undefined,
  now: number,
): Support {
  const found = offered.find(({ clusterVersion }) => clusterVersion === version);
  return found === undefined || isStandard(found, now) ? 'standard' : 'extended';
}

/** What a version in or near extended support means for its clusters; `now` is in ms since the epoch. */
export function supportWarnings(chosen: ClusterVersionInformation, now: number): readonly Diagnostic[] {
  const end = chosen.endOfStandardSupportDate?.getTime();
  if (!isStandard(chosen, now)) {
    const what = `Kubernetes ${chosen.clusterVersion} is in extended support: each cluster costs 0.60 USD per hour instead of 0.10`;
    return [warning({ what, next: ['choose a newer version with --kubernetes-version'] })];
  }
  if (end === undefined || end - now > warningDays * day) return [];
  const date = new Date(end).toISOString().slice(0, 10);
  const what = `standard support of Kubernetes ${chosen.clusterVersion} ends on ${date}`;
  const why = 'from then on each cluster costs 0.60 USD per hour instead of 0.10, or EKS upgrades it';
  return [warning({ what, why, next: ['choose a newer version with --kubernetes-version'] })];
}

function isStandard(version: ClusterVersionInformation, now: number): boolean {
  const end = version.endOfStandardSupportDate?.getTime();
  return version.versionStatus === 'STANDARD_SUPPORT' && (end === undefined || end > now);
}

function whole(version: string): string {
  return semver.coerce(version)?.version ?? '0.0.0';
}
