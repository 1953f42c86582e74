/** Refuses what other users can modify: programs run with our permissions, the data folder holds keys. */
import type { Stats } from 'node:fs';
import { lstat, readFile, readlink } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { Problem } from '../../../errors/problem.js';
import { type Environment, programFolder } from '../../environment.js';
import { withinLimit } from '../time-limit.js';

/** The user who runs the program; files owned by root and by this user are trusted. */
export interface User {
  readonly uid: number;
  /** Groups that may write our files: their members could do so anyway. */
  readonly groups: readonly number[];
  /** Ids, other than root's and the user's own, that no process on this machine can have. */
  readonly unmapped: readonly number[];
}

interface Trusted {
  readonly path: string;
  /** Why it matters, as the beginning of a sentence: `kubectl is run from it`. */
  readonly why: string;
  /** Whether the last folder may be sticky like /tmp, where users can only modify their own files. */
  readonly sticky: boolean;
}

/** Links that the kernel follows before it calls them a loop (Linux, `path_resolution(7)`). */
const mostLinks = 40;

/**
 * As ssh does with keys (`StrictModes` in `sshd_config(5)`): a file, and every folder and link on the way to it, must
 * belong to root or to us, and nobody else may have write access; sticky folders on the way are allowed. A missing file
 * is allowed too.
 * @throws Problem `writable-by-others`, `file-timed-out`
 */
export async function refuseOthers(trusted: Trusted, user?: User): Promise<void> {
  const us = user ?? (await thisUser());
  // Windows has no such owners and modes.
  if (us === undefined) return;
  await withinLimit({ verb: 'check', path: trusted.path }, () => walk(trusted, us));
}

/** Also the folder of installed programs in it. @throws as `refuseOthers` */
export async function refuseDataFolder(environment: Pick<Environment, 'dataDir'>, user?: User): Promise<void> {
  await refuseOthers({ path: environment.dataDir, why: 'it contains the keys of fleets', sticky: false }, user);
  await refuseOthers({ path: programFolder(environment), why: 'programs are run from it', sticky: false }, user);
}

async function walk({ path, why, sticky }: Trusted, us: User): Promise<void> {
  const way = { at: '/', ahead: ['.', ...path.split('/').filter(Boolean)], links: 0 };
  for (let name = way.ahead.shift(); name !== undefined; name = way.ahead.shift()) {
    const next = join(way.at, name);
    const found = await lstat(next).catch(() => undefined);
    if (found === undefined) return;
    const isLink = found.isSymbolicLink();
    const guards = found.isDirectory() && (found.mode & 0o1000) !== 0 && (sticky || way.ahead.length > 0);
    const who = strangerIn(found, isLink || guards ? 0 : found.mode, us);
    if (who !== undefined) throw refusal(next, `${why}, and ${who.reason}`, who.fix(next));
    if (!isLink) way.at = next;
    else await follow(way, next);
  }
}

async function follow(way: { at: string; ahead: string[]; links: number }, link: string): Promise<void> {
  way.links += 1;
  // Opening such a path fails with the system's own error.
  if (way.links > mostLinks) way.ahead = [];
  else {
    const target = await readlink(link);
    way.ahead.unshift(...target.split('/').filter(Boolean));
    way.at = isAbsolute(target) ? '/' : dirname(link);
  }
}

interface Stranger {
  readonly reason: string;
  readonly fix: (path: string) => string;
}

/** Who else can modify a file with this owner; `mode` excludes the bits that do not count. */
function strangerIn({ uid, gid }: Stats, mode: number, us: User): Stranger | undefined {
  if (![0, us.uid, ...us.unmapped].includes(uid)) {
    const fix = (path: string): string => `change its owner to yourself or root: chown ${us.uid} ${path}`;
    return { reason: `it is owned by user id ${uid}`, fix };
  }
  const shown = `mode ${(mode & 0o7777).toString(8).padStart(4, '0')}`;
  if ((mode & 0o002) !== 0)
    return { reason: `everyone can write to it (${shown})`, fix: (path) => `chmod go-w ${path}` };
  if ((mode & 0o020) === 0 || us.groups.includes(gid)) return undefined;
  return { reason: `group id ${gid} can write to it (${shown})`, fix: (path) => `chmod g-w ${path}` };
}

function refusal(path: string, why: string, fix: string): Problem {
  return new Problem('writable-by-others', {
    what: `other users can modify ${path}`,
    why,
    next: [fix, 'run the same command again'],
  });
}

async function thisUser(): Promise<User | undefined> {
  const [uid, gid] = [process.getuid?.(), process.getgid?.()];
  if (uid === undefined || gid === undefined) return undefined;
  const [groups, ids] = await Promise.all(
    ['/etc/group', '/proc/self/uid_map'].map((path) => readFile(path, 'utf8').catch(() => '')),
  );
  return {
    uid,
    groups: trustedGroups(process.platform, groups ?? '', gid, userName()),
    unmapped: unmappedIds(ids ?? ''),
  };
}

/**
 * Root's group; macOS's `admin`, whose members may become root and to whom Homebrew's folders belong; and the private
 * group that many Linux systems create for each user, with which an umask of 002 admits nobody else. OpenSSH refuses
 * these, Debian's does not (its `user-group-modes.patch`): such folders have long been common on PATH.
 * @param file the text of /etc/group: `name:password:id:members`
 * @param gid the user's own group
 */
export function trustedGroups(
  platform: string,
  file: string,
  gid: number,
  name: string | undefined,
): readonly number[] {
  const groups = file.split('\n').map((line) => line.split(':'));
  const own = groups.find(([, , id]) => id === String(gid));
  const members = (own?.[3] ?? '').split(',').filter(Boolean);
  const isPrivate = name !== undefined && own?.[0] === name && members.every((member) => member === name);
  return [0, ...(platform === 'darwin' ? [80] : []), ...(isPrivate ? [gid] : [])];
}

/**
 * In a user namespace that does not map all ids (bubblewrap, Flatpak, rootless containers) the machine's root appears
 * as the overflow id, which no process inside can have (`user_namespaces(7)`).
 * @param map the text of /proc/self/uid_map: first id inside, first id outside, how many
 */
export function unmappedIds(map: string): readonly number[] {
  const counts = map.split('\n').flatMap((line) => Number(/^\s*\d+\s+\d+\s+(\d+)$/.exec(line)?.[1] ?? 0));
  const mapped = counts.reduce((sum, count) => sum + count, 0);
  return mapped > 0 && mapped <= overflowId ? [overflowId] : [];
}

const overflowId = 65_534;

/** A container may run under a user id without a name. */
function userName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}
