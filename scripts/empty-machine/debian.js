/** The file system of an empty machine: a Debian (or Ubuntu) of nothing but its essential packages, git and what git needs. */
import { appendFile, copyFile, cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run, userId } from './run.js';

/** The folder of apt's settings; those of this machine are how it reaches its package sources. */
const aptSettings = 'etc/apt/apt.conf.d';

/** libstdc++6 is what Node.js needs. tini is the first process of a step: what lost its parent ends at it, as at init elsewhere. */
const packages = 'git,ca-certificates,libstdc++6,tini';
const fromSources = ['Created-By: Packages'];
const sourceLine = 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)|$(ORIGIN)';

/**
 * Makes it from the distribution's own packages, by the package sources of this machine.
 * @param {string} root does not exist yet
 * @param {string} work a folder for what is needed on the way
 * @param {string} [wanted] packages beside the essential ones, separated by commas
 */
export async function makeDebian(root, work, wanted = packages) {
  // mmdebstrap is one Perl file, and so need not be installed on this machine.
  await run('apt-get', ['download', 'mmdebstrap', '-o', 'APT::Sandbox::User=root'], { cwd: work });
  const archive = (await readdir(work)).find((name) => name.startsWith('mmdebstrap'));
  await run('dpkg-deb', ['-x', join(work, archive), join(work, 'mmdebstrap')]);
  const targets = await run('apt-get', ['indextargets', '--format', sourceLine, ...fromSources]);
  const sources = targets.split('\n').filter((line) => /\|(?:Debian|Ubuntu)$/.test(line));
  await writeFile(join(work, 'sources.list'), `${sources.map((line) => line.split('|')[0]).join('\n')}\n`);
  const how = ['--mode=root', '--format=directory', '--variant=essential', `--include=${wanted}`];
  await run(join(work, 'mmdebstrap/usr/bin/mmdebstrap'), [...how, '', root, join(work, 'sources.list')]);
  for (const file of ['resolv.conf', 'hosts']) await copyFile(join('/etc', file), join(root, 'etc', file));
  for (const [type, folder, options] of mounts)
    await run('mount', ['-t', type, type, join(root, folder), '-o', options]);
}

const mounts = [
  ['devpts', 'dev/pts', 'newinstance,ptmxmode=0666,mode=0620'],
  ['tmpfs', 'dev/shm', 'mode=1777'],
];

/** Lets apt on it reach the package sources as this machine's does. */
export async function letAptIn(root) {
  await cp(join('/', aptSettings), join(root, aptSettings), { recursive: true });
}

/**
 * Adds an ordinary user with an empty home.
 * @param {string} root
 * @param {string} name
 * @returns {Promise<string>} the home, as the user sees it
 */
export async function addUser(root, name) {
  await appendFile(join(root, 'etc/passwd'), `${name}:x:${userId}:${userId}::/home/${name}:/bin/sh\n`);
  await appendFile(join(root, 'etc/group'), `${name}:x:${userId}:\n`);
  await mkdir(join(root, 'home', name));
  await give(root, name);
  return `/home/${name}`;
}

/** Makes everything in the home of a user theirs. */
export async function give(root, name) {
  await run('chown', ['-R', `${userId}:${userId}`, join(root, 'home', name)]);
}
