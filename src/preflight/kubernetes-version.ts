/** Chooses the Kubernetes version of new clusters from those that EKS offers and eksctl supports. */
import semver from 'semver';
import type { ClusterVersionInformation } from '../aws/eks.js';
import type { Support } from '../aws/prices.js';
import { okUnless, warning } from '../errors/diagnostic.js';
import { type Diagnostic, Problem } from '../errors/problem.js';
import type { Checked } from '../model/facts.js';

/** Newest version with a constant in eksctl 0.230.0 (pkg/apis/eksctl.io/v1alpha5/types.go). */
const newestKnownToEksctl = '1.35';

const day = 24 * 60 * 60 * 1000;

/** Days before the end of standard support at which a version is worth a warning. */
const warningDays = 60;

/**
 * The requested version if EKS offers it, otherwise the newest in standard support that eksctl supports. `now` is in ms
 * since the epoch.
 */
export function chooseKubernetesVersion(
  offered: readonly ClusterVersionInformation[],
  wanted: string | undefined,
  now: number,
): Checked<string> {
  const usable = offered
    .filter((each) => each.versionStatus !== 'UNSUPPORTED' && each.clusterVersion !== undefined)
    .map((each) => ({ ...each, version: each.clusterVersion ?? '' }))
    .sort((a, b) => semver.rcompare(whole(a.version), whole(b.version)));
  const newest = usable.find(
    (each) => isStandard(each, now) && semver.lte(whole(each.version), whole(newestKnownToEksctl)),
  );
  const chosen = wanted === undefined ? newest : usable.find((each) => each.version === wanted);
  if (chosen === undefined) {
    const problem = new Problem('kubernetes-version', {
      what: `EKS does not offer Kubernetes ${wanted ?? 'in standard support that eksctl supports'}`,
      why: `it offers ${usable.map((each) => each.version).join(', ')}`,
      next: ['choose one of them with --kubernetes-version'],
    });
    return { found: undefined, diagnostics: [problem] };
  }
  const fact = `new clusters get Kubernetes ${chosen.version}`;
  return { found: chosen.version, diagnostics: okUnless(supportWarnings(chosen, now), fact) };
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
