/** Which Kubernetes version new clusters get. */
import { describe, expect, it } from 'vitest';
import type { ClusterVersionInformation } from '../../src/aws/eks.js';
import { problemsIn, warningsIn } from '../../src/errors/diagnostic.js';
import { chooseKubernetesVersion } from '../../src/preflight/kubernetes-version.js';

const now = Date.parse('2026-06-01T00:00:00Z');

const offer = (
  clusterVersion: string,
  versionStatus: NonNullable<ClusterVersionInformation['versionStatus']>,
  standardUntil?: string,
): ClusterVersionInformation => ({
  clusterVersion,
  versionStatus,
  ...(standardUntil === undefined ? {} : { endOfStandardSupportDate: new Date(standardUntil) }),
});

const offered = [
  offer('1.31', 'UNSUPPORTED', '2025-11-26'),
  offer('1.32', 'EXTENDED_SUPPORT', '2026-03-23'),
  offer('1.33', 'STANDARD_SUPPORT', '2026-07-29'),
  offer('1.34', 'STANDARD_SUPPORT', '2026-12-02'),
  offer('1.9', 'EXTENDED_SUPPORT', '2019-01-01'),
];

function chosen(versions: readonly ClusterVersionInformation[], wanted?: string, at = now, karmada = '1.18.2') {
  const { found, diagnostics } = chooseKubernetesVersion(versions, { wanted, karmada, now: at });
  const problems = problemsIn(diagnostics);
  return {
    found,
    codes: problems.map(({ code }) => code),
    text: problems.map(({ message, why }) => `${message}: ${why}`),
    warnings: warningsIn(diagnostics).map(({ what }) => what),
    facts: diagnostics.flatMap(({ severity, what }) => (severity === 'ok' ? [what] : [])),
  };
}

it('is the newest in standard support, in whatever order they come', () => {
  expect(chosen(offered)).toMatchObject({ found: '1.34', codes: [], warnings: [] });
  expect(chosen(offered.toReversed()).found).toBe('1.34');
});

it('compares versions as numbers', () => {
  expect(chosen([offer('1.9', 'STANDARD_SUPPORT'), offer('1.10', 'STANDARD_SUPPORT')]).found).toBe('1.10');
});

it('is none that eksctl does not know, unless it was asked for', () => {
  const newer = [...offered, offer('1.35', 'STANDARD_SUPPORT'), offer('1.36', 'STANDARD_SUPPORT')];
  expect(chosen(newer).found).toBe('1.35');
  expect(chosen(newer, '1.36')).toMatchObject({ found: '1.36', codes: [] });
});

describe('what Karmada was tested with', () => {
  const newer = [...offered, offer('1.35', 'STANDARD_SUPPORT'), offer('1.36', 'STANDARD_SUPPORT')];

  it.each([
    ['1.16.5', '1.34', 'new clusters get Kubernetes 1.34; Karmada 1.16 was tested with up to 1.34'],
    ['1.17.5', '1.35', 'new clusters get Kubernetes 1.35; Karmada 1.17 was tested with up to 1.35'],
    ['1.18.2', '1.35', 'new clusters get Kubernetes 1.35; Karmada 1.18 was tested with up to 1.35'],
    ['1.19.0', '1.35', 'new clusters get Kubernetes 1.35; Karmada 1.18 was tested with up to 1.35'],
  ])('with %s caps the version, and says so', (karmada, found, fact) => {
    expect(chosen(newer, undefined, now, karmada)).toMatchObject({ found, facts: [fact], warnings: [] });
  });

  it('is no reason to refuse where EKS has nothing as old in standard support', () => {
    const late = Date.parse('2026-08-01T00:00:00Z');
    expect(chosen(newer, undefined, late, '1.15.3')).toMatchObject({
      found: '1.34',
      codes: [],
      warnings: ['Kubernetes 1.34 is newer than 1.33, the newest that Karmada 1.15 was tested with'],
    });
  });

  it('is told with what to choose instead', () => {
    const { diagnostics } = chooseKubernetesVersion(newer, { wanted: '1.36', karmada: '1.18.2', now });
    const [first] = warningsIn(diagnostics);
    expect(first?.next).toEqual(['choose 1.35 or older with --kubernetes-version']);
  });

  it('is told where a newer one is wanted', () => {
    expect(chosen(newer, '1.36').warnings).toEqual([
      'Kubernetes 1.36 is newer than 1.35, the newest that Karmada 1.18 was tested with',
    ]);
  });
});

it('is the one wanted', () => {
  expect(chosen(offered, '1.33')).toMatchObject({ found: '1.33', codes: [] });
});

it('warns of the price of extended support', () => {
  expect(chosen(offered, '1.32').warnings).toEqual([
    expect.stringContaining('1.32 is in extended support: each cluster costs 0.60'),
  ]);
});

it('takes a version whose date has passed for extended support, whatever its status says', () => {
  const late = [offer('1.33', 'STANDARD_SUPPORT', '2026-05-31'), offer('1.30', 'STANDARD_SUPPORT', '2026-12-31')];
  expect(chosen(late).found).toBe('1.30');
  expect(chosen(late, '1.33').warnings).toEqual([expect.stringContaining('extended support')]);
});

it.each([
  ['2026-07-31', true],
  ['2026-08-01', false],
  [undefined, false],
])('warns when standard support ends within 60 days: %s', (until, warns) => {
  const { warnings } = chosen([offer('1.33', 'STANDARD_SUPPORT', until)]);
  expect(warnings).toEqual(warns ? [`standard support of Kubernetes 1.33 ends on ${until}`] : []);
});

it.each(['1.31', '1.99'])('refuses %s, which EKS does not offer, and lists what it does', (wanted) => {
  const { found, codes, text } = chosen(offered, wanted);
  expect([found, codes]).toEqual([undefined, ['kubernetes-version']]);
  expect(text[0]).toContain(wanted);
  expect(text[0]).toContain('it offers 1.34, 1.33, 1.32, 1.9');
});

it('refuses when nothing is in standard support', () => {
  expect(chosen([offer('1.32', 'EXTENDED_SUPPORT')])).toMatchObject({
    found: undefined,
    codes: ['kubernetes-version'],
  });
});
