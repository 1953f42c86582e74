/** The archive of a backup: a tar whose files are written and read one after another, none of them held in memory. */
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Problem } from '../errors/problem.js';
import { isAddress } from './address.js';

/** A file of an archive. */
export interface Entry {
  readonly name: string;
  readonly sizeBytes: number;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** The archive's bytes; `madeAt` in ms since the epoch. */
export async function* packed(entries: readonly Entry[], madeAt: number): AsyncGenerator<Uint8Array> {
  const { pack } = await import('tar-stream');
  const archive = pack();
  const fill = async (): Promise<void> => {
    for (const { name, sizeBytes, bytes } of entries) {
      const entry = archive.entry({ name, size: sizeBytes, mode: 0o600, mtime: new Date(madeAt) });
      await pipeline(Readable.from(bytes), entry);
    }
    archive.finalize();
  };
  const filled = fill();
  // Whoever reads the archive sees the error.
  filled.catch((thrown: unknown) => archive.destroy(thrown instanceof Error ? thrown : undefined));
  yield* archive as AsyncIterable<Uint8Array>;
  await filled;
}

/** The files of an archive, in their order; each must be read before the next one. @throws Problem `backup-unreadable` */
export async function* unpacked(archive: AsyncIterable<Uint8Array>, path: string): AsyncGenerator<Entry> {
  const { extract } = await import('tar-stream');
  const entries = extract();
  // By bytes: a buffer of so many objects would hold as many ranges of S3.
  const feeding = pipeline(Readable.from(archive, { objectMode: false }), entries);
  // The error is seen where the entries are read; it must not surface twice.
  feeding.catch(() => undefined);
  try {
    for await (const entry of entries) {
      const { name, size } = entry.header;
      yield { name, sizeBytes: size ?? 0, bytes: told(entry as AsyncIterable<Uint8Array>, path) };
      entry.resume();
    }
    await feeding;
  } catch (thrown) {
    throw notWhole(path, thrown);
  }
}

async function* told(bytes: AsyncIterable<Uint8Array>, path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes;
  } catch (thrown) {
    throw notWhole(path, thrown);
  }
}

function notWhole(path: string, thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  return unreadable(
    path,
    'it is not a backup, or it is damaged',
    thrown instanceof Error ? thrown.message : `${thrown}`,
  );
}

export function unreadable(path: string, why: string, detail?: string): Problem {
  return new Problem('backup-unreadable', {
    what: `${path} cannot be used`,
    why: detail === undefined ? why : `${why} (${detail})`,
    next: [
      `use another backup; to list them: karmada-eks backup list ${isAddress(path) ? dirname(path) : '--fleet NAME'}`,
    ],
  });
}
