/** The user's kubeconfig as a real file: links, modes, and what a run may not write. */
import { chmod, lstat, mkdir, readdir, readFile, readlink, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { realFiles } from '../../src/world/real/disk/files.js';
import { tempFolder } from '../world/temp-folder.js';
import { inThisRun } from './cases.js';
import { down, kubeconfig } from './fleet.js';
import { smallFleet } from './small-fleet.js';
import { type EndedRun, runWithFiles } from './with-files.js';

const merge = 'kubeconfig --merge';
const fleet = smallFleet();

/** Runs verbs on the fleet, one after the other, with a real file as the user's kubeconfig. */
function using(path: string): (words: string) => Promise<EndedRun> {
  const account = fleet();
  const folder = join(path, '..');
  return (words) =>
    runWithFiles(account, words, {
      vars: { KUBECONFIG: path },
      filesOf: (each) => (each.startsWith(folder) ? realFiles : undefined),
    });
}

async function modeOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8);
}

it.each(inThisRun([0o644, 0o660, 0o600]))(
  'lets only its owner read a file of mode %o that gets keys, and says so',
  async (mode) => {
    const path = join(await tempFolder(), 'config');
    await writeFile(path, kubeconfig);
    await chmod(path, mode);
    const run = using(path);
    const { code, stderr } = await run(merge);
    expect(code).toBe(0);
    expect(stderr.includes('now readable only by you')).toBe(mode !== 0o600);
    expect([await modeOf(path), await modeOf(`${path}.before-karmada-eks`)]).toEqual(['600', '600']);
    expect((await run(down)).code).toBe(0);
    expect(await readFile(path, 'utf8')).toBe(kubeconfig);
  },
);

it('does not write over a file that is read-only', async () => {
  const path = join(await tempFolder(), 'config');
  await writeFile(path, kubeconfig, { mode: 0o400 });
  const { code, stderr } = await using(path)(merge);
  expect(code).toBe(4);
  expect(stderr).toContain(`the kubeconfig ${path} is read-only`);
  expect([await readFile(path, 'utf8'), await modeOf(path)]).toEqual([kubeconfig, '400']);
  expect(await readdir(join(path, '..'))).toEqual(['config']);
});

it.skipIf(process.getuid?.() === 0)('reports what to do when the folder is read-only', async () => {
  const folder = await tempFolder();
  const path = join(folder, 'config');
  await writeFile(path, kubeconfig);
  await chmod(folder, 0o500);
  const { code, stderr } = await using(path)(merge);
  await chmod(folder, 0o700);
  expect(code).toBe(4);
  expect(stderr).toContain('karmada-eks kubeconfig --merge');
  expect(await readFile(path, 'utf8')).toBe(kubeconfig);
});

it('follows a chain of links and leaves it as it is', async () => {
  const folder = await tempFolder();
  const path = join(folder, 'config');
  const real = join(folder, 'dotfiles', 'kubeconfig');
  await mkdir(join(folder, 'dotfiles'));
  await writeFile(real, kubeconfig);
  await symlink('middle', path);
  await symlink('dotfiles/kubeconfig', join(folder, 'middle'));
  const run = using(path);
  expect((await run(merge)).code).toBe(0);
  expect(await readFile(real, 'utf8')).toContain('name: karmada-apiserver');
  expect((await run(down)).code).toBe(0);
  expect(await readFile(real, 'utf8')).toBe(kubeconfig);
  expect([await readlink(path), await readlink(join(folder, 'middle'))]).toEqual(['middle', 'dotfiles/kubeconfig']);
});

it('leaves a link that leads to nothing as it was, in the end', async () => {
  const folder = await tempFolder();
  const path = join(folder, 'config');
  await symlink('dotfiles/kubeconfig', path);
  const run = using(path);
  expect((await run(merge)).code).toBe(0);
  expect(await readFile(join(folder, 'dotfiles', 'kubeconfig'), 'utf8')).toContain('name: karmada-apiserver');
  expect((await run(down)).code).toBe(0);
  expect((await lstat(path)).isSymbolicLink()).toBe(true);
  expect(await readdir(join(folder, 'dotfiles'))).toEqual([]);
});

it.each([0, 3_600_000])('leaves alone the lock file that a kubectl left %i ms ago', async (age) => {
  const path = join(await tempFolder(), 'config');
  const lock = `${path}.lock`;
  await writeFile(path, kubeconfig);
  await writeFile(lock, '', { mode: 0 });
  const then = new Date(Date.now() - age);
  await utimes(lock, then, then);
  const { code, stderr } = await using(path)(merge);
  expect(code).toBe(4);
  expect(stderr).toContain(`remove ${lock}`);
  expect((await stat(lock)).isFile()).toBe(true);
  expect(await readFile(path, 'utf8')).toBe(kubeconfig);
});

it('takes over its own lock when it died with it', async () => {
  const path = join(await tempFolder(), 'config');
  await writeFile(path, kubeconfig);
  await mkdir(`${path}.lock`);
  const then = new Date(Date.now() - 31_000);
  await utimes(`${path}.lock`, then, then);
  expect((await using(path)(merge)).code).toBe(0);
  expect((await readdir(join(path, '..'))).sort()).toEqual(['config', 'config.before-karmada-eks']);
});
