/** Archives as publishers make them, and as nobody should. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

/** One entry of a tar archive. */
export interface Entry {
  readonly name: string;
  readonly content?: Uint8Array | string;
  /** ustar's type: 0 file, 2 symbolic link, 5 folder, x extended header. */
  readonly type?: string;
  readonly prefix?: string;
}

export function tar(entries: readonly Entry[]): Buffer {
  return Buffer.concat([...entries.map(entryOf), Buffer.alloc(1024)]);
}

export function tgz(entries: readonly Entry[]): Buffer {
  return gzipSync(tar(entries));
}

function entryOf({ name, content = '', type = '0', prefix = '' }: Entry): Buffer {
  const body = Buffer.from(content);
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write('0000755\0', 100);
  header.write(`${body.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write('        ', 148);
  header.write(type, 156);
  header.write('ustar\u000000', 257);
  header.write(prefix, 345);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, body, Buffer.alloc((512 - (body.length % 512)) % 512)]);
}

export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}
