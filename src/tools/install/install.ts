/** Installs one release: downloaded or read from a folder, verified, unpacked, and moved into place atomically. */
import { Problem } from '../../errors/problem.js';
import type { Files } from '../../world/files.js';
import type { Release } from './catalogue.js';
import { checkSum, expectedSum } from './checksum.js';
import { type FetchCall, type FetchPorts, fetchFile } from './fetch.js';
import { progressLine } from './progress-line.js';
import { readReceipt, writeReceipt } from './receipt.js';
import { memberOf } from './unpack.js';

export interface InstallPorts extends FetchPorts {
  readonly files: Files;
}

/** Source and target paths, all absolute. */
export interface InstallPlaces {
  /** The folder of the programs. */
  readonly into: string;
  /** Whether that is our own folder. */
  readonly isOwn: boolean;
  /** The folder of downloads in progress and of the installation receipts. */
  readonly cache: string;
  /** A folder with the publishers' files, under their names, instead of the network. */
  readonly from?: string;
}

/** Larger than any release of the three tools, in bytes; checksum files are far smaller. */
const mostBytes = { release: 1_000_000_000, sums: 1_000_000 } as const;

/** Whether this release is installed and its program unmodified. */
export async function isInstalled(
  { downloads, files }: InstallPorts,
  places: InstallPlaces,
  release: Release,
): Promise<boolean> {
  const path = programPath(places, release);
  const receipt = await readReceipt(files, places.cache, release.tool);
  if (receipt?.path !== path || receipt.version !== release.version) return false;
  return (await downloads.sha256(path)) === receipt.sha256;
}

/** Whether somebody else installed it. In our own folder all is ours: a run may have died before its receipt. */
export async function isTheirs(
  { downloads, files }: InstallPorts,
  places: InstallPlaces,
  release: Release,
): Promise<boolean> {
  if (places.isOwn) return false;
  const path = programPath(places, release);
  const there = await downloads.sha256(path);
  if (there === undefined) return false;
  const receipt = await readReceipt(files, places.cache, release.tool);
  return receipt?.path !== path || receipt.sha256 !== there;
}

export function programPath({ into }: InstallPlaces, { tool }: Release): string {
  return `${into}/${tool}`;
}

/**
 * Nothing is unpacked before its checksum is verified; the previous program stays until the new one is complete.
 * @throws Problem `checksum-mismatch`, `download-failed`, `file-failed`, `interrupted`
 */
export async function install(
  ports: InstallPorts,
  places: InstallPlaces,
  release: Release,
  call: FetchCall,
): Promise<void> {
  const { downloads, files } = ports;
  const { file, member, tool, version } = release;
  const folder = `${places.cache}/${tool}-${version}-${release.platform.os}-${release.platform.arch}`;
  const archive =
    places.from === undefined ? await fetched(ports, folder, release, call) : await given(ports, places.from, release);
  call.say(member === undefined ? 'installing it' : `unpacking ${file}`);
  const bytes = downloads.bytesOf(archive);
  const path = programPath(places, release);
  await downloads.writeProgram(path, member === undefined ? bytes : memberOf(bytes, member));
  const sha256 = (await downloads.sha256(path)) ?? '';
  await writeReceipt(files, places.cache, { tool, version, path, sha256 });
  await files.remove(folder);
}

/** The verified archive from the publisher. A wrong download is deleted, so that the next run starts over. */
async function fetched(ports: InstallPorts, folder: string, release: Release, call: FetchCall): Promise<string> {
  const { downloads, files } = ports;
  const sumsPath = `${folder}/checksums`;
  await fetchFile(ports, { url: release.sumsUrl, path: sumsPath, maxBytes: mostBytes.sums }, call);
  const expected = expectedSum(release, (await files.read(sumsPath)) ?? '');
  const path = `${folder}/${release.file}`;
  // A run that died after the download does not have to repeat it.
  if ((await downloads.sha256(path)) === expected) return path;
  call.say(`downloading ${release.url}`);
  const request = { url: release.url, path, maxBytes: mostBytes.release };
  await fetchFile(ports, { ...request, onProgress: (progress) => call.say(progressLine(progress)) }, call);
  call.say('verifying the SHA-256');
  const found = (await downloads.sha256(path)) ?? 'missing';
  if (found !== expected) await files.remove(path);
  checkSum(release, found, expected);
  return path;
}

async function given({ downloads, files }: InstallPorts, from: string, release: Release): Promise<string> {
  const sumsPath = `${from}/${release.sumsFile}`;
  const sums = await files.read(sumsPath);
  if (sums === undefined) throw notGiven(sumsPath, release.sumsUrl);
  const expected = expectedSum(release, sums);
  const path = `${from}/${release.file}`;
  const found = await downloads.sha256(path);
  if (found === undefined) throw notGiven(path, release.url);
  checkSum(release, found, expected);
  return path;
}

function notGiven(path: string, url: string): Problem {
  return new Problem('download-failed', { what: `${path} does not exist`, next: [`download it from ${url}`] });
}
