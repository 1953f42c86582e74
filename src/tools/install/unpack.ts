/** Takes one program out of a gzipped tar archive, and nothing else: no path in the archive is ever written to. */
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Problem } from '../../errors/problem.js';

/** tar is made of such blocks, and pads every file to them. */
const block = 512;

/**
 * The bytes of the regular file of this name at the top of the archive. Headers as in POSIX.1-2001, pax; extended headers
 * (pax, GNU long names) are passed over: the names wanted here are short.
 * @throws Problem `download-failed` when the archive is broken or has no such file
 */
export async function* memberOf(archive: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  const reader = new Reader(gunzipped(archive));
  try {
    for (;;) {
      const header = await reader.exactly(block);
      if (header.every((byte) => byte === 0)) break;
      const { path, size, isFile } = parseHeader(header);
      if (isFile && path.replace(/^\.\//, '') === name) {
        yield* reader.upTo(size);
        return;
      }
      for await (const _ of reader.upTo(Math.ceil(size / block) * block));
    }
  } catch (thrown) {
    if (thrown instanceof Problem) throw thrown;
    throw broken(thrown instanceof Error ? thrown.message : String(thrown));
  } finally {
    reader.close();
  }
  throw new Problem('download-failed', { what: `the archive has no file ${name}` });
}

function broken(why: string): Problem {
  return new Problem('download-failed', { what: 'the archive cannot be unpacked', why });
}

function gunzipped(archive: AsyncIterable<Uint8Array>): Readable {
  // An error is met where the stream is read; nobody needs to hear of it twice.
  return pipeline(Readable.from(archive), createGunzip(), () => undefined);
}

function parseHeader(header: Buffer): { readonly path: string; readonly size: number; readonly isFile: boolean } {
  const text = (from: number, to: number): string => header.toString('latin1', from, to).replace(/\0.*$/s, '');
  const sum = header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 0x20 : byte), 0);
  if (sum !== Number.parseInt(text(148, 156), 8)) throw broken('a header of it is damaged');
  const prefix = text(257, 262) === 'ustar' ? text(345, 500) : '';
  const size = Number.parseInt(text(124, 136), 8);
  if (!Number.isSafeInteger(size) || size < 0) throw broken('a file in it has no size');
  const type = text(156, 157);
  return {
    path: prefix === '' ? text(0, 100) : `${prefix}/${text(0, 100)}`,
    size,
    isFile: type === '0' || type === '',
  };
}

/** Reads a stream in pieces of chosen sizes. */
class Reader {
  readonly #source: Readable;
  readonly #chunks: AsyncIterator<unknown>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(source: Readable) {
    this.#source = source;
    this.#chunks = source[Symbol.asyncIterator]();
  }

  /** So many bytes, in pieces as they come. @throws Problem `download-failed` when there are fewer */
  async *upTo(bytes: number): AsyncGenerator<Buffer> {
    for (let left = bytes; left > 0; ) {
      if (this.#rest.length === 0) await this.#fill();
      const piece = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }

  async exactly(bytes: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for await (const piece of this.upTo(bytes)) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  close(): void {
    this.#source.destroy();
  }

  async #fill(): Promise<void> {
    const next = await this.#chunks.next();
    if (next.done === true || !(next.value instanceof Uint8Array)) throw broken('it ends too early');
    this.#rest = Buffer.from(next.value);
  }
}
