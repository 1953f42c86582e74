/** The publishers' three forms of checksum files, and what does not pass. */
import { expect, it } from 'vitest';
import { defaultToolVersions, installableTools, platformOf, releaseOf } from '../../src/tools/install/catalogue.js';
import { expectedSum, publishedSum } from '../../src/tools/install/checksum.js';
import { knownSums } from '../../src/tools/install/known-sums.js';

const sum = 'ab'.repeat(32);
const other = 'cd'.repeat(32);
const linux = { os: 'linux', arch: 'amd64' } as const;

it.each([
  [`${other}  b\n${sum}  a\n`, sum],
  [`${sum} *a\n`, sum],
  [`${sum}  _output/release/a\n`, sum],
  [`${sum.toUpperCase()}  a\n`, sum],
  [sum, sum],
  [`${sum}\n`, sum],
  [`${other}  b\n`, undefined],
  [`${other}  aa\n`, undefined],
  ['', undefined],
  ['<html>not found</html>', undefined],
  [`${sum.slice(1)}  a\n`, undefined],
  [`${sum}0\n`, undefined],
  [`${sum}\n${other}\n`, undefined],
])('reads %j', (text, found) => {
  expect(publishedSum(text, 'a')).toBe(found);
});

it('refuses a published sum that is not the known one, even for the right file', () => {
  const release = releaseOf('kubectl', defaultToolVersions.kubectl, linux);
  expect(expectedSum(release, release.known ?? '')).toBe(release.known);
  expect(() => expectedSum(release, sum)).toThrow(
    expect.objectContaining({ code: 'checksum-mismatch', why: expect.stringContaining(sum) }),
  );
});

it('refuses a checksum file without the file', () => {
  const release = releaseOf('eksctl', '9.9.9', linux);
  expect(() => expectedSum(release, `${sum}  eksctl_Darwin_arm64.tar.gz`)).toThrow(
    'has no SHA-256 for eksctl_Linux_amd64.tar.gz',
  );
});

it('knows sums of its default versions on all platforms, and of nothing else', () => {
  const known = [];
  for (const tool of installableTools)
    for (const os of ['linux', 'darwin'] as const)
      for (const arch of ['amd64', 'arm64'] as const)
        if (releaseOf(tool, defaultToolVersions[tool], { os, arch }).known !== undefined)
          known.push(`${tool} ${os}/${arch}`);
  expect(known).toHaveLength(12);
  expect(Object.keys(knownSums)).toHaveLength(12);
  expect(new Set(Object.values(knownSums)).size).toBe(12);
  for (const each of Object.values(knownSums)) expect(each).toMatch(/^[0-9a-f]{64}$/);
});

it('names the publishers’ files', () => {
  const urls = installableTools
    .map((tool) => releaseOf(tool, '1.2.3', { os: 'darwin', arch: 'arm64' }))
    .flatMap(({ url, sumsUrl }) => [url, sumsUrl]);
  expect(urls).toEqual([
    'https://github.com/eksctl-io/eksctl/releases/download/v1.2.3/eksctl_Darwin_arm64.tar.gz',
    'https://github.com/eksctl-io/eksctl/releases/download/v1.2.3/eksctl_checksums.txt',
    'https://dl.k8s.io/release/v1.2.3/bin/darwin/arm64/kubectl',
    'https://dl.k8s.io/release/v1.2.3/bin/darwin/arm64/kubectl.sha256',
    'https://github.com/karmada-io/karmada/releases/download/v1.2.3/kubectl-karmada-darwin-arm64.tgz',
    'https://github.com/karmada-io/karmada/releases/download/v1.2.3/kubectl-karmada-darwin-arm64.tgz.sha256',
  ]);
});

it.each([
  ['linux', 'x64', 'linux/amd64'],
  ['linux', 'arm64', 'linux/arm64'],
  ['darwin', 'arm64', 'darwin/arm64'],
  ['win32', 'x64', undefined],
  ['linux', 'ia32', undefined],
])('%s on %s is %s', (os, arch, named) => {
  if (named === undefined)
    expect(() => platformOf({ os, arch })).toThrow(expect.objectContaining({ code: 'invalid-value' }));
  else expect(Object.values(platformOf({ os, arch })).join('/')).toBe(named);
});
