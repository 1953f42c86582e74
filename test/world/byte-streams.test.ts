/** Real files that are written and read piece by piece, in temporary folders. */
import { lstat, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { realFiles } from '../../src/world/real/disk/files.js';
import { tempFolder } from './temp-folder.js';

async function* pieces(...texts: readonly (string | Error)[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) {
    if (text instanceof Error) throw text;
    yield Buffer.from(text);
  }
}

async function all(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const read: Uint8Array[] = [];
  for await (const piece of bytes) read.push(piece);
  return Buffer.concat(read).toString();
}

it('writes what comes in pieces for its owner alone, and reads it back', async () => {
  const folder = await tempFolder();
  const path = join(folder, 'backups', 'a.tar');
  await writeFile(join(folder, 'other'), 'stays');
  await realFiles.writeStream(path, pieces('first ', 'second'));
  expect(await all(realFiles.readStream(path))).toBe('first second');
  expect(await realFiles.size(path)).toBe(12);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readdir(join(folder, 'backups'))).toEqual(['a.tar']);
});

it('reads nothing where there is no file', async () => {
  const path = join(await tempFolder(), 'none');
  expect(await all(realFiles.readStream(path))).toBe('');
  expect(await realFiles.size(path)).toBeUndefined();
});

it('keeps no half when the bytes end in an error', async () => {
  const folder = await tempFolder();
  const gone = new Error('the connection is gone');
  await expect(realFiles.writeStream(join(folder, 'a.part'), pieces('new', gone))).rejects.toBe(gone);
  expect(await readdir(folder)).toEqual([]);
});

it('gives a file a name that nothing has', async () => {
  const folder = await tempFolder();
  const [part, path] = [join(folder, 'a.part'), join(folder, 'a.tar')];
  await realFiles.writeStream(part, pieces('mine'));
  expect(await realFiles.moveIfFree(part, path)).toBe(true);
  expect(await readdir(folder)).toEqual(['a.tar']);
  expect(await readFile(path, 'utf8')).toBe('mine');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

it.each([
  ['a file', (path: string) => writeFile(path, 'theirs')],
  ['a folder', (path: string) => mkdir(path)],
  ['a link that leads nowhere', (path: string) => symlink('/none', path)],
])('gives no file the name of %s', async (_, make) => {
  const folder = await tempFolder();
  const [part, path] = [join(folder, 'a.part'), join(folder, 'a.tar')];
  await realFiles.writeStream(part, pieces('mine'));
  await make(path);
  const before = await lstat(path);
  expect(await realFiles.moveIfFree(part, path)).toBe(false);
  expect(await readFile(part, 'utf8')).toBe('mine');
  expect(await lstat(path)).toEqual(before);
});

it('lets one of many that move at once win', async () => {
  const folder = await tempFolder();
  const parts = Array.from({ length: 20 }, (_, index) => join(folder, `${index}.part`));
  for (const part of parts) await realFiles.writeStream(part, pieces(part));
  const won = await Promise.all(parts.map((part) => realFiles.moveIfFree(part, join(folder, 'a.tar'))));
  expect(won.filter((each) => each)).toHaveLength(1);
  expect(await readFile(join(folder, 'a.tar'), 'utf8')).toBe(parts[won.indexOf(true)]);
  expect(await readdir(folder)).toHaveLength(20);
});

it('names the place to which a file cannot be moved', async () => {
  const folder = await tempFolder();
  await expect(realFiles.moveIfFree(join(folder, 'none'), join(folder, 'a.tar'))).rejects.toMatchObject({
    code: 'file-failed',
    message: `could not write ${join(folder, 'a.tar')}`,
  });
});

it('takes the place of what a process that died has left', async () => {
  const folder = await tempFolder();
  const path = join(folder, 'a.tar');
  await writeFile(path, 'half of an older and longer one');
  await realFiles.writeStream(path, pieces('new'));
  expect(await readFile(path, 'utf8')).toBe('new');
  expect(await readdir(folder)).toEqual(['a.tar']);
});

it('follows no link', async () => {
  const folder = await tempFolder();
  await writeFile(join(folder, 'target'), 'mine');
  await symlink(join(folder, 'target'), join(folder, 'a.tar'));
  const written = realFiles.writeStream(join(folder, 'a.tar'), pieces('new'));
  await expect(written).rejects.toMatchObject({ code: 'file-failed', why: expect.stringContaining('link') });
  expect(await readFile(join(folder, 'target'), 'utf8')).toBe('mine');
});

it('names the file that cannot be read or written', async () => {
  const folder = await tempFolder();
  await expect(all(realFiles.readStream(folder))).rejects.toMatchObject({
    code: 'file-failed',
    message: `could not read ${folder}`,
  });
  const below = join(folder, 'file', 'a.tar');
  await writeFile(join(folder, 'file'), '');
  await expect(realFiles.writeStream(below, pieces('x'))).rejects.toMatchObject({
    code: 'file-failed',
    message: `could not write ${below}`,
  });
});
