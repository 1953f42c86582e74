/** What the publishers of the tools offer on the rehearsed network: archives with a program that is a line of text. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

/** The texts that stand for a release's file on the rehearsed machine, and for the program in it. */
const releaseText = (tool: string, version: string): string => `rehearsed release of ${tool} ${version}\n`;
const programText = (tool: string, version: string): string => `rehearsed ${tool} ${version}\n`;

/** SHA-256 that the publishers give for linux/amd64, so that what is known of a release from elsewhere agrees. */
const published: Readonly<Record<string, string>> = {
  [releaseText('eksctl', '0.230.0')]: 'a2060956f117c3065abafda5c1f681679b9c3716675d70ce4ffff46033b02c35',
  [releaseText('kubectl', '1.35.0')]: 'a2e984a18a0c063279d692533031c1eff93a262afcc0afdc517375432d060989',
  [releaseText('kubectl-karmada', '1.18.2')]: '78163e4ecde302fd973e8138a90842180dec06c83b6b9ada19ebab117cf15024',
};

/** The SHA-256 of a file of the rehearsed machine. */
export function sumOf(text: string): string {
  return published[text] ?? createHash('sha256').update(text).digest('hex');
}

/** Where a release and its checksums are, before and after the version. */
const github = 'https://github.com';
const addresses = [
  ['eksctl', `${github}/eksctl-io/eksctl/releases/download/v`, '/eksctl_Linux_amd64.tar.gz'],
  ['eksctl', `${github}/eksctl-io/eksctl/releases/download/v`, '/eksctl_checksums.txt'],
  ['kubectl', 'https://dl.k8s.io/release/v', '/bin/linux/amd64/kubectl'],
  ['kubectl', 'https://dl.k8s.io/release/v', '/bin/linux/amd64/kubectl.sha256'],
  ['kubectl-karmada', `${github}/karmada-io/karmada/releases/download/v`, '/kubectl-karmada-linux-amd64.tgz'],
  ['kubectl-karmada', `${github}/karmada-io/karmada/releases/download/v`, '/kubectl-karmada-linux-amd64.tgz.sha256'],
] as const;

/** The text behind an address: a release's file or its checksums; undefined when there is none. Any version exists. */
export function contentAt(url: string): string | undefined {
  for (const [tool, before, after] of addresses) {
    const version = url.slice(before.length, url.length - after.length);
    if (!url.startsWith(before) || !url.endsWith(after) || !/^\d+\.\d+\.\d+$/.test(version)) continue;
    const release = releaseText(tool, version);
    if (after.endsWith('.txt')) return `${sumOf(release)}  eksctl_Linux_amd64.tar.gz\n`;
    if (after.endsWith('.tgz.sha256')) return `${sumOf(release)}  kubectl-karmada-linux-amd64.tgz\n`;
    return after.endsWith('.sha256') ? sumOf(release) : release;
  }
  return undefined;
}

/** The bytes of a file of the rehearsed machine: a release of kubectl is the program, the others are archives of it. */
export function bytesOfText(text: string): Uint8Array {
  const [, tool, version] = /^rehearsed release of (\S+) (\S+)\n$/.exec(text) ?? [];
  if (tool === undefined || version === undefined) return Buffer.from(text);
  const program = Buffer.from(programText(tool, version));
  return tool === 'kubectl' ? program : gzipSync(tarOf(tool, program));
}

/** A tar archive (POSIX ustar) of one file. */
function tarOf(name: string, content: Buffer): Buffer {
  const header = Buffer.alloc(512);
  const put = (text: string, at: number): void => void header.write(text, at, 'latin1');
  put(name, 0);
  put('0000755\0', 100);
  put(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
  put('        ', 148);
  put('0', 156);
  put('ustar\u000000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  put(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  const padding = Buffer.alloc((512 - (content.length % 512)) % 512);
  return Buffer.concat([header, content, padding, Buffer.alloc(1024)]);
}
