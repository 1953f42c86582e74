/** Chooses the Kubernetes version of new clusters from what EKS offers and eksctl knows. */
import semver from 'semver';
import type { ClusterVersionInformation } from '../aws/eks.js';
import { Problem } from '../errors/problem.js';
import type { Finding } from './facts.js';

/** Newest version with a constant in eksctl 0.230.0 (pkg/apis/eksctl.io/v1alpha5/types.go). */
const newestKnownToEksctl = '1.35';

const day = 24 * 60 * 60 * 1000;

/** Days before the end of standard support at which a version is worth a warning. */
const warningDays = 60;

/**
 * The version wanted when EKS offers it, else the newest in standard support that eksctl knows.
 * `now` is in ms since the epoch.
 */
export function chooseKubernetesVersion(
  offered: readonly ClusterVersionInformation[],
  wanted: string | undefined,
  now: number,
): Finding<string> {
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
      what: `EKS does not offer Kubernetes ${wanted ?? 'in standard support that eksctl knows'}`,
      why: `it offers ${usable.map((each) => each.version).join(', ')}`,
      next: ['choose one of these: --kubernetes-version'],
    });
    return { found: undefined, problems: [problem], warnings: [] };
  }
  return { found: chosen.version, problems: [], warnings: supportWarnings(chosen, now) };
}

function supportWarnings(chosen: ClusterVersionInformation, now: number): readonly string[] {
  const end = chosen.endOfStandardSupportDate?.getTime();
  if (!isStandard(chosen, now)) {
    return [
      `Kubernetes ${chosen.clusterVersion} is in extended support: each cluster costs 0.60 USD/h instead of 0.10`,
    ];
  }
  if (end === undefined || end - now > warningDays * day) return [];
  const date = new Date(end).toISOString().slice(0, 10);
  return [`standard support of Kubernetes ${chosen.clusterVersion} ends on ${date}`];
}

function isStandard(version: ClusterVersionInformation, now: number): boolean {
  const end = version.endOfStandardSupportDate?.getTime();
  return version.versionStatus === 'STANDARD_SUPPORT' && (end === undefined || end > now);
}

function whole(version: string): string {
  return semver.coerce(version)?.version ?? '0.0.0';
}
