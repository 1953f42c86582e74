/** What is warned of, and when. */
import { expect, it } from 'vitest';
import type { ClusterStatus } from '../../src/status/cluster-status.js';
import { expiryWarnings } from '../../src/status/expiry-warnings.js';

const now = Date.parse('2026-11-22T12:00:00Z');

function clusters(
  ...list: readonly (readonly [string, string, 'STANDARD' | 'EXTENDED', string, string])[]
): ClusterStatus[] {
  return list.map(([name, kubernetesVersion, policy, endOfStandard, endOfExtended]) => ({
    name,
    region: 'us-west-2',
    role: 'member',
    member: name,
    status: 'ACTIVE',
    kubernetesVersion,
    nodes: 3,
    nodesReady: 3,
    machines: [{ instanceTypes: ['m5.large'], count: 3, diskGib: 80 }],
    publicNodes: 0,
    made: true,
    why: undefined,
    support: {
      policy,
      endOfStandard: `${endOfStandard}T00:00:00.000Z`,
      endOfExtended: `${endOfExtended}T00:00:00.000Z`,
    },
  }));
}

function warnings(list: ClusterStatus[], certificatesEnd?: string, caEnds?: string): readonly string[] {
  const controlPlane = { server: undefined, answers: true, sourceRanges: [], components: [], certificatesEnd, caEnds };
  return expiryWarnings({ clusters: list, controlPlane, renewal: 'karmada-eks certs renew' }, now);
}

it('reports nothing of what ends later than in 60 days', () => {
  expect(warnings(clusters(['a', '1.35', 'EXTENDED', '2027-01-22', '2028-01-22']), '2027-01-21T13:00:00.000Z')).toEqual(
    [],
  );
});

it('warns of certificates from 60 days before their end', () => {
  expect(warnings([], '2027-01-21T12:00:00.000Z', '2026-11-23T13:00:00.000Z')).toEqual([
    'Karmada’s certificates will expire on 2027-01-21, in 60 days: after that Karmada cannot be reached; renew them: karmada-eks certs renew',
    'Karmada’s CA certificate will expire on 2026-11-23, in 1 day: after that Karmada cannot be reached',
  ]);
  expect(warnings([], '2026-11-22T11:00:00.000Z')).toEqual([
    'Karmada’s certificates expired on 2026-11-22: Karmada can no longer be reached; renew them: karmada-eks certs renew',
  ]);
});

it('puts clusters of one version and policy into one line', () => {
  const end = ['2026-12-02', '2027-12-02'] as const;
  expect(
    warnings(
      clusters(['a', '1.34', 'EXTENDED', ...end], ['b', '1.34', 'STANDARD', ...end], ['c', '1.34', 'EXTENDED', ...end]),
    ),
  ).toEqual([
    'standard support of Kubernetes 1.34 ends on 2026-12-02, in 9 days: from then on each of a, c costs 0.60 USD per hour instead of 0.10',
    'standard support of Kubernetes 1.34 ends on 2026-12-02, in 9 days: EKS then upgrades b automatically',
  ]);
});

it('reports the price of extended support, and its end', () => {
  expect(
    warnings(
      clusters(
        ['a', '1.33', 'EXTENDED', '2026-07-29', '2027-07-29'],
        ['b', '1.31', 'EXTENDED', '2025-11-26', '2026-11-26'],
      ),
    ),
  ).toEqual([
    'Kubernetes 1.33 is in extended support: each of a costs 0.60 USD per hour instead of 0.10',
    'Kubernetes 1.31 is in extended support: each of b costs 0.60 USD per hour instead of 0.10',
    'extended support of Kubernetes 1.31 ends on 2026-11-26, in 3 days: EKS then upgrades b automatically',
  ]);
});
