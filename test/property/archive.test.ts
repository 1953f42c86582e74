/** An archive gives the program that is in it, or a Problem: damaged, cut, or none at all. */
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { packed } from '../../src/commands/support-bundle/bundle.js';
import { memberOf } from '../../src/tools/install/unpack.js';
import { rejection } from '../tools/scripted-exec.js';
import { runs } from './runs.js';

const program = 'x'.repeat(3_000);
const archive = await packed(
  '.',
  [
    { name: 'LICENSE', text: 'free' },
    { name: 'eksctl', text: program },
  ],
  0,
);

async function unpacked(chunks: readonly Uint8Array[]): Promise<string> {
  async function* source(): AsyncGenerator<Uint8Array> {
    for (const chunk of chunks) yield chunk;
  }
  const pieces: Uint8Array[] = [];
  for await (const piece of memberOf(source(), 'eksctl')) pieces.push(piece);
  return Buffer.concat(pieces).toString('latin1');
}

/** The bytes in pieces of these sizes. */
function cut(bytes: Uint8Array, sizes: readonly number[]): readonly Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0, n = 0; at < bytes.length; n += 1) {
    const size = sizes[n % sizes.length] ?? 1;
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

const sizes = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 5 });

it('is unpacked in whatever pieces it comes', async () => {
  const property = fc.asyncProperty(sizes, async (each) => {
    expect(await unpacked(cut(archive, each))).toBe(program);
  });
  await fc.assert(property, runs(100));
});

it('is refused when its bytes are others, and never gives half a program for a whole one', async () => {
  const whole = await packed('.', [{ name: 'eksctl', text: program }], 0);
  const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 });
  const property = fc.asyncProperty(changes, fc.nat(), sizes, async (edits, end, each) => {
    const bent = Buffer.from(whole);
    for (const [at, byte] of edits) bent[at % bent.length] = byte;
    const bytes = bent.subarray(0, end % 3 === 0 ? end % bent.length : bent.length);
    const thrown = await rejection(unpacked(cut(bytes, each)));
    if (thrown !== undefined) expect(thrown).toMatchObject({ code: 'download-failed' });
  });
  await fc.assert(property, runs(200));
});

it('is refused when a header, a size or everything in it is noise', async () => {
  const property = fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), fc.boolean(), async (bytes, zipped) => {
    const thrown = await rejection(unpacked(cut(zipped ? gzipSync(bytes) : bytes, [500])));
    expect(thrown).toMatchObject({ code: 'download-failed' });
  });
  await fc.assert(property, runs(200));
});
