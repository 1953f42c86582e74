/** The real files, in temporary folders. */
import { mkdir, readFile, readlink, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { Problem } from '../../src/errors/problem.js';
import { realFiles } from '../../src/world/real/files.js';
import { tempFolder } from './temp-folder.js';

async function modeOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8);
}

it('reads nothing where there is no file', async () => {
  expect(await realFiles.read(join(await tempFolder(), 'none'))).toBeUndefined();
});

it.each([0o000, 0o022, 0o077])('makes files 0600 and folders 0700 under umask %o', async (mask) => {
  const folder = await tempFolder();
  const before = process.umask(mask);
  onTestFinished(() => void process.umask(before));
  await realFiles.write(join(folder, 'a', 'b', 'written'), 'x');
  await realFiles.append(join(folder, 'c', 'appended'), 'x');
  await realFiles.createExclusive(join(folder, 'd', 'made'), 'x');
  const release = await realFiles.lock(join(folder, 'e', 'locked'));
  for (const sub of ['a', 'a/b', 'c', 'd', 'e']) expect(await modeOf(join(folder, sub)), sub).toBe('700');
  for (const file of ['a/b/written', 'c/appended', 'd/made'])
    expect(await modeOf(join(folder, file)), file).toBe('600');
  await release?.();
});

it('narrows the mode of a file that it replaces', async () => {
  const path = join(await tempFolder(), 'config');
  await writeFile(path, 'old', { mode: 0o644 });
  await realFiles.write(path, 'new');
  expect([await readFile(path, 'utf8'), await modeOf(path)]).toEqual(['new', '600']);
});

it('writes through a symbolic link and leaves the link', async () => {
  const folder = await tempFolder();
  await writeFile(join(folder, 'real'), 'old');
  await symlink('real', join(folder, 'link'));
  await realFiles.write(join(folder, 'link'), 'new');
  expect(await readlink(join(folder, 'link'))).toBe('real');
  expect(await readFile(join(folder, 'real'), 'utf8')).toBe('new');
  expect(await realFiles.list(folder)).toEqual([join(folder, 'link'), join(folder, 'real')]);
});

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

it('makes a file only once', async () => {
  const path = join(await tempFolder(), 'config.lock');
  const made = await Promise.all([realFiles.createExclusive(path, '1'), realFiles.createExclusive(path, '2')]);
  expect(made.sort()).toEqual([false, true]);
});

it('gives a lock to one at a time', async () => {
  const path = join(await tempFolder(), 'fleets', 'demo');
  const release = await realFiles.lock(path);
  expect(await realFiles.lock(path)).toBeUndefined();
  await release?.();
  await release?.();
  const again = await realFiles.lock(path);
  expect(again).toBeTypeOf('function');
  await again?.();
});

it('takes over a lock whose owner has been silent for more than 30 s', async () => {
  const path = join(await tempFolder(), 'demo');
  await mkdir(`${path}.lock`);
  expect(await realFiles.lock(path)).toBeUndefined();
  const longAgo = new Date(Date.now() - 31_000);
  await utimes(`${path}.lock`, longAgo, longAgo);
  const release = await realFiles.lock(path);
  expect(release).toBeTypeOf('function');
  await release?.();
});

it.each(['read', 'list', 'write', 'append', 'createExclusive', 'lock'] as const)(
  'says which path and why when %s fails',
  async (verb) => {
    const folder = await tempFolder();
    await writeFile(join(folder, 'file'), '');
    const path = join(folder, 'file', 'below');
    const problem: unknown = await realFiles[verb](path, '').catch((thrown: unknown) => thrown);
    expect(problem).toBeInstanceOf(Problem);
    expect(problem).toMatchObject({ code: 'file-failed', message: expect.stringContaining(path) });
    expect(problem).toMatchObject({ why: expect.stringMatching(/ENOTDIR|EEXIST/) });
  },
);
