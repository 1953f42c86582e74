/** The real files, in temporary folders. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, readFile, readlink, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { Problem } from '../../src/errors/problem.js';
import { realFiles } from '../../src/world/real/disk/files.js';
import { tempFolder } from './temp-folder.js';

async function modeOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8);
}

it('reads nothing where there is no file', async () => {
  expect(await realFiles.read(join(await tempFolder(), 'none'))).toBeUndefined();
});

it('tells a folder from a file when it is read', async () => {
  await expect(realFiles.read(await tempFolder())).rejects.toMatchObject({
    code: 'file-failed',
    why: 'EISDIR: illegal operation on a directory, read',
  });
});

it.each([0o000, 0o022, 0o077])('makes files 0600 and folders 0700 under umask %o', async (mask) => {
  const folder = await tempFolder();
  const before = process.umask(mask);
  onTestFinished(() => void process.umask(before));
  await realFiles.write(join(folder, 'a', 'b', 'written'), 'x');
  await realFiles.append(join(folder, 'c', 'appended'), 'x');
  await realFiles.writeBytes(join(folder, 'd', 'made'), new Uint8Array([1]));
  const held = await realFiles.lock(join(folder, 'e', 'locked'));
  for (const sub of ['a', 'a/b', 'c', 'd', 'e']) expect(await modeOf(join(folder, sub)), sub).toBe('700');
  for (const file of ['a/b/written', 'c/appended', 'd/made'])
    expect(await modeOf(join(folder, file)), file).toBe('600');
  await held?.release();
});

it.skipIf(!existsSync('/proc/self'))(
  'fails at once where nothing can be made, though the folder above is there',
  async () => {
    const before = process.cpuUsage();
    await expect(realFiles.write('/proc/none/account.json', 'x')).rejects.toMatchObject({ code: 'file-failed' });
    const { user, system } = process.cpuUsage(before);
    expect(user + system).toBeLessThan(2_000_000);
  },
);

it('makes no folder in place of a file', async () => {
  const folder = await tempFolder();
  await writeFile(join(folder, 'file'), 'x');
  for (const path of ['file/a', 'file/a/b']) {
    await expect(realFiles.write(join(folder, path), 'x')).rejects.toMatchObject({ code: 'file-failed' });
  }
});

it('narrows the mode of a file that it replaces', async () => {
  const path = join(await tempFolder(), 'config');
  await writeFile(path, 'old', { mode: 0o644 });
  await realFiles.write(path, 'new');
  expect([await readFile(path, 'utf8'), await modeOf(path)]).toEqual(['new', '600']);
});

it('writes through a symbolic link where that is asked for, and leaves the link', async () => {
  const folder = await tempFolder();
  await writeFile(join(folder, 'real'), 'old');
  await symlink('real', join(folder, 'link'));
  await realFiles.writeThroughLinks(join(folder, 'link'), 'new');
  expect(await readlink(join(folder, 'link'))).toBe('real');
  expect(await readFile(join(folder, 'real'), 'utf8')).toBe('new');
  expect(await realFiles.list(folder)).toEqual([join(folder, 'link'), join(folder, 'real')]);
});

it.each([
  ['a chain of links', ['second', 'sub/third', '../real']],
  ['a chain that leads nowhere yet', ['second', 'sub/third', '../new/real']],
])('writes through %s and leaves the links', async (_, leads) => {
  const folder = await tempFolder();
  const links = ['first', 'second', 'sub/third'].map((name) => join(folder, name));
  await mkdir(join(folder, 'sub'));
  await writeFile(join(folder, 'real'), 'old');
  for (const [index, link] of links.entries()) await symlink(leads[index] ?? '', link);
  const target = join(folder, 'sub', leads[2] ?? '');
  const [first = ''] = links;
  expect(await realFiles.facts(first)).toMatchObject({ path: target, writable: true });
  await realFiles.writeThroughLinks(first, 'new');
  expect(await Promise.all(links.map((link) => readlink(link)))).toEqual(leads);
  expect([await readFile(target, 'utf8'), await modeOf(target)]).toEqual(['new', '600']);
});

it('refuses links that lead to themselves', async () => {
  const loop = join(await tempFolder(), 'loop');
  await symlink('loop', loop);
  await expect(realFiles.writeThroughLinks(loop, 'new')).rejects.toMatchObject({
    code: 'file-failed',
    why: expect.stringMatching(/ELOOP/),
  });
  expect(await readlink(loop)).toBe('loop');
});

it.each([
  ['write', (path: string) => realFiles.write(path, 'new')],
  ['writeBytes', (path: string) => realFiles.writeBytes(path, new Uint8Array([1]))],
  ['append', (path: string) => realFiles.append(path, 'new')],
])('%s follows no link, whether it leads somewhere or not', async (_, act) => {
  const folder = await tempFolder();
  await writeFile(join(folder, 'real'), 'old');
  for (const target of ['real', 'none']) {
    const link = join(folder, `to-${target}`);
    await symlink(target, link);
    await expect(act(link)).rejects.toMatchObject({
      code: 'file-failed',
      message: `could not write ${link}`,
      why: expect.stringMatching(/^ELOOP: /),
      next: [
        'karmada-eks does not write through symbolic links; remove the link, or work in another folder',
        'run the same command again; it continues from where it stopped',
      ],
    });
    expect(await readlink(link)).toBe(target);
  }
  expect(await readFile(join(folder, 'real'), 'utf8')).toBe('old');
  expect((await realFiles.list(folder)).length).toBe(3);
});

it('knows the mode of a file, and whether its owner may change it', async () => {
  const path = join(await tempFolder(), 'config');
  expect(await realFiles.facts(path)).toEqual({ path, mode: undefined, writable: true });
  await writeFile(path, '');
  await chmod(path, 0o640);
  expect(await realFiles.facts(path)).toEqual({ path, mode: 0o640, writable: true });
  await chmod(path, 0o444);
  expect(await realFiles.facts(path)).toEqual({ path, mode: 0o444, writable: false });
});

it.runIf(process.getuid?.() === 0)('keeps the owner of a file that it replaces', async () => {
  const path = join(await tempFolder(), 'config');
  await writeFile(path, 'old');
  await chown(path, 4321, 1234);
  await realFiles.write(path, 'new');
  expect(await stat(path)).toMatchObject({ uid: 4321, gid: 1234 });
});

it.runIf(existsSync('/usr/bin/prlimit'))(
  'keeps the old file when only half of the new one can be written',
  async () => {
    const path = join(await tempFolder(), 'config');
    await realFiles.write(path, 'old');
    // A limit on the size of files stops a write in its middle, as a disk does that becomes full.
    const limit = (size: string) =>
      execFileSync('/usr/bin/prlimit', ['--pid', String(process.pid), `--fsize=${size}:`], { stdio: 'ignore' });
    const ignored = () => undefined;
    process.on('SIGXFSZ', ignored);
    limit('61440');
    onTestFinished(() => {
      limit('unlimited');
      process.off('SIGXFSZ', ignored);
    });
    await expect(realFiles.write(path, 'n'.repeat(100_000))).rejects.toMatchObject({
      why: expect.stringMatching(/EFBIG/),
    });
    expect(await realFiles.read(path)).toBe('old');
    expect(await realFiles.list(join(path, '..'))).toEqual([path]);
  },
);

it('never shows a half-written file', async () => {
  const path = join(await tempFolder(), 'state');
  const texts = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(200_000));
  await realFiles.write(path, 'a'.repeat(200_000));
  const writing = Promise.all(texts.map((text) => realFiles.write(path, text)));
  for (let look = 0; look < 20; look++) expect(texts).toContain(await realFiles.read(path));
  await writing;
});

it('appends', async () => {
  const path = join(await tempFolder(), 'journal');
  await realFiles.append(path, '1\n');
  await realFiles.append(path, '2\n');
  expect(await realFiles.read(path)).toBe('1\n2\n');
});

it('lists a folder in order, and nothing for no folder', async () => {
  const folder = await tempFolder();
  await realFiles.write(join(folder, 'b'), '');
  await realFiles.write(join(folder, 'a', 'x'), '');
  expect(await realFiles.list(folder)).toEqual([join(folder, 'a'), join(folder, 'b')]);
  expect(await realFiles.list(join(folder, 'none'))).toEqual([]);
});

it('removes files, folders and nothing', async () => {
  const folder = await tempFolder();
  await realFiles.write(join(folder, 'a', 'x'), '');
  await realFiles.remove(join(folder, 'a'));
  await realFiles.remove(join(folder, 'none'));
  expect(await realFiles.list(folder)).toEqual([]);
});

it('gives a lock to one at a time', async () => {
  const path = join(await tempFolder(), 'fleets', 'demo');
  const held = await realFiles.lock(path);
  expect(await realFiles.lock(path)).toBeUndefined();
  await held?.release();
  await held?.release();
  const again = await realFiles.lock(path);
  expect(again).toBeDefined();
  await again?.release();
});

it.each([0, 3_600_000])('leaves a lock file of kubectl alone, %i ms old', async (age) => {
  const path = join(await tempFolder(), 'config');
  await writeFile(`${path}.lock`, '', { mode: 0 });
  const then = new Date(Date.now() - age);
  await utimes(`${path}.lock`, then, then);
  expect(await realFiles.lock(path)).toBeUndefined();
  expect((await stat(`${path}.lock`)).isFile()).toBe(true);
});

it('takes over a lock whose owner has been silent for more than 30 s', async () => {
  const path = join(await tempFolder(), 'demo');
  await mkdir(`${path}.lock`);
  expect(await realFiles.lock(path)).toBeUndefined();
  const longAgo = new Date(Date.now() - 31_000);
  await utimes(`${path}.lock`, longAgo, longAgo);
  const held = await realFiles.lock(path);
  expect(held).toBeDefined();
  await held?.release();
});

it.each([0, 4_000])('takes a lock that was silent for less, or does not, as it is asked to: %i ms', async (age) => {
  const path = join(await tempFolder(), 'demo');
  await mkdir(`${path}.lock`);
  const then = new Date(Date.now() - age);
  await utimes(`${path}.lock`, then, then);
  const held = await realFiles.lock(path, 2_000);
  expect(held !== undefined).toBe(age > 2_000);
  await held?.release();
});

it('never takes a lock, however old, when that is what is asked for', async () => {
  const path = join(await tempFolder(), 'demo');
  await mkdir(`${path}.lock`);
  await utimes(`${path}.lock`, new Date(0), new Date(0));
  expect(await realFiles.lock(path, Number.POSITIVE_INFINITY)).toBeUndefined();
});

it('knows that a lock was lost, and leaves it to whoever took it', async () => {
  const path = join(await tempFolder(), 'demo');
  const held = await realFiles.lock(path);
  expect(await held?.isOurs()).toBe(true);
  const longAgo = new Date(Date.now() - 60_000);
  await rm(`${path}.lock`, { recursive: true });
  await mkdir(`${path}.lock`);
  await utimes(`${path}.lock`, longAgo, longAgo);
  const other = await realFiles.lock(path);
  expect(other).toBeDefined();
  await utimes(`${path}.lock`, new Date(Date.now() + 10_000), new Date(Date.now() + 10_000));
  expect(await held?.isOurs()).toBe(false);
  expect(held?.lost.aborted).toBe(true);
  await held?.release();
  expect((await stat(`${path}.lock`)).isDirectory()).toBe(true);
});

it('is not lost when it is given back', async () => {
  const held = await realFiles.lock(join(await tempFolder(), 'demo'));
  await held?.release();
  expect(held?.lost.aborted).toBe(false);
  expect(await held?.isOurs()).toBe(false);
});

it('gives an old lock to one of many that want it, and leaves nothing else behind', async () => {
  const folder = await tempFolder();
  const path = join(folder, 'demo');
  for (let round = 0; round < 100; round++) {
    await mkdir(`${path}.lock`);
    await utimes(`${path}.lock`, new Date(0), new Date(0));
    const all = await Promise.all(Array.from({ length: 10 }, () => realFiles.lock(path)));
    const ours = await Promise.all(all.flatMap((held) => (held === undefined ? [] : [held.isOurs()])));
    expect(ours.filter(Boolean)).toHaveLength(1);
    for (const held of all) await held?.release();
    expect(await realFiles.list(folder)).toEqual([]);
  }
});

it('takes an old lock over also where another died while it did so', async () => {
  const path = join(await tempFolder(), 'demo');
  for (const folder of [`${path}.lock`, `${path}.lock.removal`]) {
    await mkdir(folder);
    await utimes(folder, new Date(0), new Date(0));
  }
  expect(await realFiles.lock(path)).toBeUndefined();
  const held = await realFiles.lock(path);
  expect(held).toBeDefined();
  await held?.release();
});

it.each(['read', 'list', 'write', 'append', 'lock'] as const)('says which path and why when %s fails', async (verb) => {
  const folder = await tempFolder();
  await writeFile(join(folder, 'file'), '');
  const path = join(folder, 'file', 'below');
  const problem: unknown = await (verb === 'lock' ? realFiles.lock(path) : realFiles[verb](path, '')).catch(
    (thrown: unknown) => thrown,
  );
  expect(problem).toBeInstanceOf(Problem);
  expect(problem).toMatchObject({ code: 'file-failed', message: expect.stringContaining(path) });
  expect(problem).toMatchObject({ why: expect.stringMatching(/ENOTDIR|EEXIST/) });
});

/** A disk of 64 KiB that is all but full; undefined where none can be made. */
async function fullDisk(): Promise<string | undefined> {
  const folder = await tempFolder();
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]);
  if (mounted.status !== 0) return undefined;
  onTestFinished(() => void spawnSync('umount', [folder]));
  return folder;
}

it('reports that the disk is full, keeps what was there, and continues once there is room', async ({ skip }) => {
  const folder = await fullDisk();
  if (folder === undefined) return skip('no disk can be mounted here: that takes root');
  const [record, journal] = [join(folder, 'fleet.json'), join(folder, 'journal.jsonl')];
  await realFiles.write(record, 'old');
  await realFiles.append(journal, 'first\n');
  const failed = { code: 'file-failed', why: expect.stringMatching(/^ENOSPC/) };
  const next = ['the disk is full; free some space', expect.stringContaining('run the same command again')];
  await expect(writeFile(join(folder, 'filler'), 'x'.repeat(100_000))).rejects.toMatchObject({ code: 'ENOSPC' });
  await expect(realFiles.write(record, 'n'.repeat(30_000))).rejects.toMatchObject({ ...failed, next });
  await expect(realFiles.writeBytes(join(folder, 'ca.crt'), new Uint8Array(30_000))).rejects.toMatchObject(failed);
  await expect(realFiles.append(journal, 'n'.repeat(30_000))).rejects.toMatchObject({ ...failed, next });
  expect(await realFiles.read(record)).toBe('old');
  expect((await realFiles.list(folder)).map((path) => path.slice(folder.length + 1))).toEqual([
    'filler',
    'fleet.json',
    'journal.jsonl',
  ]);
  await realFiles.remove(join(folder, 'filler'));
  await realFiles.write(record, 'n'.repeat(20_000));
  expect(await realFiles.read(record)).toBe('n'.repeat(20_000));
});

it('replaces nothing that is not a regular file', async () => {
  const path = join(await tempFolder(), 'pipe');
  execFileSync('mkfifo', [path]);
  expect((await realFiles.facts(path)).writable).toBe(false);
  await expect(realFiles.writeThroughLinks(path, 'keys')).rejects.toThrow(/pipe/);
  expect((await stat(path)).isFIFO()).toBe(true);
});
