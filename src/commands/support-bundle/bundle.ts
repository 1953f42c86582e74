/** Packs a folder of texts into one `.tar.gz` to attach to a report, with secrets redacted. */
import { buffer } from 'node:stream/consumers';
import { createGzip } from 'node:zlib';
import { redact } from '../../logs/redact.js';

/** One file of a bundle, possibly with secrets: `packRedacted` takes them out. */
export interface BundlePart {
  /** Path in the bundle's folder, parts joined by `/`. */
  readonly name: string;
  readonly text: string;
}

/** Takes the secrets out of every part and packs what is left into the folder; `now` in ms since the epoch. */
export async function packRedacted(folder: string, parts: readonly BundlePart[], now: number): Promise<Uint8Array> {
  const clean = parts.map(({ name, text }) => ({ name, text: redact(text) }));
  return await packed(folder, clean, now);
}

/** Packs the parts as they are: nothing but `packRedacted` may write to a user's disk what this answers. */
export async function packed(folder: string, parts: readonly BundlePart[], now: number): Promise<Uint8Array> {
  const { pack } = await import('tar-stream');
  const archive = pack();
  for (const { name, text } of parts) {
    archive.entry({ name: `${folder}/${name}`, mode: 0o600, mtime: new Date(now) }, text);
  }
  archive.finalize();
  return await buffer(archive.pipe(createGzip()));
}
