/** Extracts one program from a gzipped tar archive and nothing else: no path in the archive is ever written to. */
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Problem } from '../../errors/problem.js';

/** A file at the top level. @throws Problem `download-failed` if the archive is broken or has no such file */
export async function* memberOf(archive: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  const { extract } = await import('tar-stream');
  const entries = extract();
  // The error is handled where the entries are read; it must not surface twice.
  pipeline(Readable.from(archive), createGunzip(), entries, () => undefined);
  try {
    for await (const entry of entries) {
      if (entry.header.type === 'file' && entry.header.name.replace(/^\.\//, '') === name) {
        yield* entry as AsyncIterable<Uint8Array>;
        return;
      }
      entry.resume();
    }
  } catch (thrown) {
    if (thrown instanceof Problem) throw thrown;
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new Problem('download-failed', { what: 'the archive cannot be unpacked', why });
  }
  throw new Problem('download-failed', { what: `the archive has no file ${name}` });
}
