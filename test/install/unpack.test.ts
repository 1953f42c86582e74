/** One program is taken out of an archive, whatever else is in it. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { memberOf } from '../../src/tools/install/unpack.js';
import { tempFolder } from '../world/temp-folder.js';
import { type Entry, tar, tgz } from './archive.js';

/** Unpacks `tool`; the archive comes in pieces of so many bytes. */
async function unpack(archive: Buffer, piece = 1000): Promise<Buffer> {
  async function* pieces() {
    for (let at = 0; at < archive.length; at += piece) yield archive.subarray(at, at + piece);
  }
  const found: Uint8Array[] = [];
  for await (const chunk of memberOf(pieces(), 'tool')) found.push(chunk);
  return Buffer.concat(found);
}

const program = randomBytes(100_000);
const wanted: Entry = { name: 'tool', content: program };

it.each([1, 511, 512, 513, 1_000_000])('takes the program out of pieces of %i bytes', async (piece) => {
  // Each piece is a turn of the event loop.
  const content = piece < 500 ? program.subarray(0, 2000) : program;
  const archive = tgz([
    { name: 'LICENSE', content: 'words' },
    { name: 'tool', content },
  ]);
  expect((await unpack(archive, piece)).equals(content)).toBe(true);
});

it.each<[string, Entry]>([
  ['a license', { name: 'LICENSE', content: 'x'.repeat(600) }],
  ['a folder', { name: 'tool/', type: '5' }],
  ['a link of its name', { name: 'tool', type: '2' }],
  ['an extended header', { name: 'PaxHeaders/tool', type: 'x', content: '30 mtime=1700000000.123456789\n' }],
  ['a file of its name elsewhere', { name: '../../tool', content: 'evil' }],
  ['a file of its name in a folder', { name: 'tool', prefix: 'other', content: 'evil' }],
])('passes over %s', async (_, entry) => {
  expect((await unpack(tgz([entry, wanted]))).equals(program)).toBe(true);
});

it('takes ./tool for tool, and an empty program for what it is', async () => {
  expect((await unpack(tgz([{ ...wanted, name: './tool' }]))).equals(program)).toBe(true);
  expect(await unpack(tgz([{ name: 'tool' }]))).toHaveLength(0);
});

it('reads what the system’s tar writes', async () => {
  const folder = await tempFolder();
  writeFileSync(join(folder, 'LICENSE'), 'words');
  writeFileSync(join(folder, 'tool'), program);
  for (const format of ['gnu', 'pax', 'ustar']) {
    execFileSync('tar', [`--format=${format}`, '-czf', 'a.tgz', 'LICENSE', 'tool'], { cwd: folder });
    expect((await unpack(readFileSync(join(folder, 'a.tgz')))).equals(program), format).toBe(true);
  }
});

const whole = tgz([wanted]);
const flipped = Buffer.from(tar([wanted]));
flipped[0] = 0x41;

it.each<[string, Buffer, string]>([
  ['has not got it', tgz([{ name: 'other', content: 'x' }]), 'no file tool'],
  ['is cut off', whole.subarray(0, whole.length / 2), 'cannot be unpacked'],
  ['is empty', Buffer.alloc(0), 'cannot be unpacked'],
  ['is no archive', Buffer.from('<html>no</html>'), 'cannot be unpacked'],
  ['has a damaged header', gzipSync(flipped), 'cannot be unpacked'],
  ['ends in the middle of the program', gzipSync(tar([wanted]).subarray(0, 5000)), 'cannot be unpacked'],
])('refuses an archive that %s', async (_, archive, words) => {
  await expect(unpack(archive)).rejects.toMatchObject({
    code: 'download-failed',
    message: expect.stringContaining(words),
  });
});
