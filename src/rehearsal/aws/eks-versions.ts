/** The Kubernetes versions that EKS offers, with the ends of their support. */
import type * as EKS from '@aws-sdk/client-eks';
import type { Simulation } from '../simulation.js';
import { listing, operation } from './answer.js';

interface VersionRow {
  readonly version: string;
  readonly released: string;
  readonly endOfStandard: string;
  readonly endOfExtended: string;
}

/** The EKS release calendar as endoflife.date had it on 2026-08-22. */
const rows: readonly VersionRow[] = [
  { version: '1.36', released: '2026-06-02', endOfStandard: '2027-08-02', endOfExtended: '2028-08-02' },
  { version: '1.35', released: '2026-01-28', endOfStandard: '2027-03-27', endOfExtended: '2028-03-27' },
  { version: '1.34', released: '2025-10-06', endOfStandard: '2026-12-02', endOfExtended: '2027-12-02' },
  { version: '1.33', released: '2025-05-28', endOfStandard: '2026-07-29', endOfExtended: '2027-07-29' },
  { version: '1.32', released: '2025-01-25', endOfStandard: '2026-03-23', endOfExtended: '2027-03-23' },
  { version: '1.31', released: '2024-09-26', endOfStandard: '2025-11-26', endOfExtended: '2026-11-26' },
];

/** What EKS takes when no version is asked for; no source gives it for this date, so this is an estimate. */
const defaultVersion = '1.35';

export const describeClusterVersions = operation((input: EKS.DescribeClusterVersionsCommandInput, { simulation }) => {
  const wanted = input.clusterVersions;
  const shown = rows
    .filter((row) => wanted === undefined || wanted.includes(row.version))
    .filter((row) => Date.parse(row.released) <= simulation.now())
    .map((row) => ({ row, versionStatus: statusOf(row, simulation.now()) }))
    .filter(({ versionStatus }) => input.includeAll || versionStatus !== 'UNSUPPORTED');
  return listing('clusterVersions', shown.map(show), input.nextToken, 'nextToken');
});

/** Versions that EKS still runs, oldest first: what eksctl 0.230.0 calls the supported ones. */
export function supportedVersions(simulation: Simulation): readonly string[] {
  const now = simulation.now();
  const offered = rows.filter((row) => Date.parse(row.released) <= now && statusOf(row, now) !== 'UNSUPPORTED');
  return offered.map((row) => row.version).toReversed();
}

function statusOf(row: VersionRow, now: number): EKS.VersionStatus {
  if (now < Date.parse(row.endOfStandard)) return 'STANDARD_SUPPORT';
  return now < Date.parse(row.endOfExtended) ? 'EXTENDED_SUPPORT' : 'UNSUPPORTED';
}

function show({ row, versionStatus }: { readonly row: VersionRow; readonly versionStatus: EKS.VersionStatus }) {
  return {
    clusterVersion: row.version,
    clusterType: 'eks',
    defaultVersion: row.version === defaultVersion,
    releaseDate: new Date(row.released),
    endOfStandardSupportDate: new Date(row.endOfStandard),
    endOfExtendedSupportDate: new Date(row.endOfExtended),
    status: versionStatus.toLowerCase().replace('_', '-'),
    versionStatus,
    kubernetesPatchVersion: `${row.version}.4`,
  };
}
