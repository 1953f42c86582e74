/** The tools that can be installed: release files, checksum file and pinned version for each platform. */
import { Problem } from '../../errors/problem.js';
import type { Machine } from '../../world/download.js';
import { knownSums } from './known-sums.js';

export const installableTools = ['eksctl', 'kubectl', 'kubectl-karmada'] as const;

/** The AWS CLI is not included: it is distributed as an installer, with signatures but no checksums. */
export type InstallableTool = (typeof installableTools)[number];

/**
 * The versions installed by default. Behaviour was observed with this eksctl and this kubectl-karmada. kubectl 1.35 is
 * within one minor version of every Kubernetes in EKS's standard support (1.34 to 1.36 in November 2026); 1.35.0 is its
 * release whose checksums a public source besides the publisher lists.
 */
export const defaultToolVersions = {
  eksctl: '0.230.0',
  kubectl: '1.35.0',
  'kubectl-karmada': '1.18.2',
} as const satisfies Record<InstallableTool, string>;

/** A platform in Go's terms, which all three publishers use in file names. */
export interface Platform {
  readonly os: 'linux' | 'darwin';
  readonly arch: 'amd64' | 'arm64';
}

export interface Release {
  readonly tool: InstallableTool;
  readonly version: string;
  readonly platform: Platform;
  readonly url: string;
  /** The publisher's name of the file. */
  readonly file: string;
  readonly sumsUrl: string;
  /** The publisher's name of the checksum file. */
  readonly sumsFile: string;
  /** The program's name in the archive; undefined when the file is the program. */
  readonly member: string | undefined;
  /** SHA-256 of the file, from a source other than the publisher's server; undefined if unknown. */
  readonly known: string | undefined;
}

/** @throws Problem `invalid-value` for a platform that the publishers do not support */
export function platformOf({ os, arch }: Machine): Platform {
  const goArch = arch === 'x64' ? 'amd64' : arch === 'arm64' ? 'arm64' : undefined;
  if ((os === 'linux' || os === 'darwin') && goArch !== undefined) return { os, arch: goArch };
  throw new Problem('invalid-value', {
    what: `tools can be installed on linux and darwin with x64 or arm64 (got ${os} with ${arch})`,
    next: ['install eksctl, kubectl and kubectl-karmada yourself'],
  });
}

/** Where to download a release. Formats and addresses come from the publishers' release scripts, read on 2026-11-22. */
export function releaseOf(tool: InstallableTool, version: string, platform: Platform): Release {
  const known = knownSums[`${tool} ${version} ${platform.os}/${platform.arch}`];
  return { tool, version, platform, known, ...filesOf(tool, version, platform) };
}

type ReleaseFiles = Pick<Release, 'url' | 'file' | 'sumsUrl' | 'sumsFile' | 'member'>;

function filesOf(tool: InstallableTool, version: string, { os, arch }: Platform): ReleaseFiles {
  switch (tool) {
    // eksctl `.github/.goreleaser.yml`
    case 'eksctl': {
      const file = `eksctl_${os === 'linux' ? 'Linux' : 'Darwin'}_${arch}.tar.gz`;
      const base = `https://github.com/eksctl-io/eksctl/releases/download/v${version}`;
      const sumsFile = 'eksctl_checksums.txt';
      return { url: `${base}/${file}`, file, sumsUrl: `${base}/${sumsFile}`, sumsFile, member: tool };
    }
    // kubernetes.io, "Install kubectl"
    case 'kubectl': {
      const url = `https://dl.k8s.io/release/v${version}/bin/${os}/${arch}/kubectl`;
      return { url, file: 'kubectl', sumsUrl: `${url}.sha256`, sumsFile: 'kubectl.sha256', member: undefined };
    }
    // karmada `.github/workflows/release.yml`, `hack/release.sh`
    case 'kubectl-karmada': {
      const file = `kubectl-karmada-${os}-${arch}.tgz`;
      const url = `https://github.com/karmada-io/karmada/releases/download/v${version}/${file}`;
      return { url, file, sumsUrl: `${url}.sha256`, sumsFile: `${file}.sha256`, member: tool };
    }
  }
}
