/** A folder of texts as one `.tar.gz` that can be attached to a report, without the secrets in it. */
import { gzipSync } from 'node:zlib';
import { redact } from './redact.js';

/** One file of a bundle. */
export interface BundlePart {
  /** Path in the bundle's folder, parts joined by `/`. */
  readonly name: string;
  readonly text: string;
}

/** Takes the secrets out of every part and packs what is left into the folder; `now` in ms since the epoch. */
export function packRedacted(folder: string, parts: readonly BundlePart[], now: number): Uint8Array {
  return pack(
    folder,
    parts.map(({ name, text }) => ({ name, text: redact(text) })),
    now,
  );
}

/** Packs the parts as they are: nothing but `packRedacted` may write to a user's disk what this answers. */
export function pack(folder: string, parts: readonly BundlePart[], now: number): Uint8Array {
  const files = parts.map(({ name, text }) => {
    const content = Buffer.from(text);
    const padding = Buffer.alloc((blockBytes - (content.length % blockBytes)) % blockBytes);
    return Buffer.concat([header(`${folder}/${name}`, content.length, now), content, padding]);
  });
  // Two empty blocks end an archive.
  return gzipSync(Buffer.concat([...files, Buffer.alloc(2 * blockBytes)]));
}

const blockBytes = 512;

/** What a name may be long, in bytes, without an extension of the format. */
const nameBytes = 100;
const folderBytes = 155;

/** The header of a file in the ustar format (POSIX.1-1988): fields at fixed places, numbers in octal. */
function header(path: string, size: number, now: number): Buffer {
  const block = Buffer.alloc(blockBytes);
  const at = path.lastIndexOf('/');
  block.write(fitted(path.slice(at + 1), nameBytes), 0);
  block.write('0000600\0', 100);
  for (const owner of [108, 116]) block.write('0000000\0', owner);
  block.write(octal(size), 124);
  block.write(octal(now / 1000), 136);
  block.write('0', 156);
  block.write('ustar\u000000', 257);
  block.write(fitted(path.slice(0, at), folderBytes), 345);
  // The checksum counts its own field as blanks.
  block.fill(' ', 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

function octal(value: number): string {
  return `${Math.floor(value).toString(8).padStart(11, '0')}\0`;
}

/** The middle of a name that is too long goes: its beginning has time and number, its end says what kind it is. */
function fitted(name: string, bytes: number): string {
  return name.length <= bytes ? name : `${name.slice(0, bytes - 12)}~${name.slice(-11)}`;
}
