/** Real files that are written and read piece by piece, in temporary folders. */
import { readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
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

it('keeps the old file and no half of the new one when the bytes end in an error', async () => {
  const folder = await tempFolder();
  const path = join(folder, 'a.tar');
  await writeFile(path, 'old');
  const gone = new Error('the connection is gone');
  await expect(realFiles.writeStream(path, pieces('new', gone))).rejects.toBe(gone);
  expect(await readFile(path, 'utf8')).toBe('old');
  expect(await readdir(folder)).toEqual(['a.tar']);
});

it('takes the place of what a process that died has left', async () => {
  const folder = await tempFolder();
  const path = join(folder, 'a.tar');
  await writeFile(`${path}.part`, 'half of an older and longer one');
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
