/** Decrypts a stream in the age format as it comes; what is not encrypted passes as it is, unless its name tells otherwise. */
import type { Stanza } from 'age-encryption';
import { counted } from '../../errors/counted.js';
import { Problem } from '../../errors/problem.js';
import type { Files } from '../../world/files.js';
import { unreadable } from '../archive.js';
import { ageMagic, type Head, headOf, longestHead, recipientsText, type SealedFor } from './head.js';
import type { Keys } from './keys.js';

/**
 * Only bytes that are proved to be what was encrypted come out; the end proves that there were no more.
 * @throws Problem `backup-encrypted` if none of the keys opens it, `backup-unreadable` if it is damaged, or what a key could not ask
 */
export async function* opened(bytes: AsyncIterable<Uint8Array>, path: string, keys: Keys): AsyncGenerator<Uint8Array> {
  const { head, rest } = await begun(bytes);
  const all = rejoined(head, rest);
  if (!isSealed(head)) {
    // Its name would vouch for what anybody may have written.
    if (path.endsWith('.age') && head.length > 0)
      throw unreadable(path, 'its name ends in .age, and it is not encrypted');
    return yield* all;
  }
  const refusals: Problem[] = [];
  const { Decrypter } = await import('age-encryption');
  const decrypter = new Decrypter();
  for (const key of keys) decrypter.addIdentity(key((refused) => refusals.push(refused)));
  decrypter.addIdentity({
    unwrapFileKey: (stanzas: readonly Stanza[]) => {
      throw locked(path, headOf(stanzas), refusals);
    },
  });
  try {
    if (!hasEnd(head)) throw damaged(path, 'its head has no end');
    yield* await decrypter.decrypt(ReadableStream.from(all));
  } catch (thrown) {
    if (thrown instanceof Problem) throw thrown;
    throw damaged(path, thrown instanceof Error ? thrown.message : `${thrown}`);
  } finally {
    await rest.return?.();
  }
}

/** What files are read by, and by `BackupFiles` their beginnings too. */
interface Readers extends Pick<Files, 'readStream'> {
  readonly readHead?: Files['readStream'];
}

/** The same files; what is encrypted in them comes out decrypted, as `opened` does it. */
export function openedFiles<Some extends Readers>(files: Some, keys: Keys): Some {
  const readStream = (path: string): AsyncIterable<Uint8Array> => opened(files.readStream(path), path, keys);
  const { readHead } = files;
  if (readHead === undefined) return { ...files, readStream };
  // Of a beginning nothing can be decrypted: its first piece has no end. Without keys it is enough to tell that it is encrypted.
  const headOnly = (path: string): AsyncIterable<Uint8Array> => opened(readHead(path), path, keys);
  return { ...files, readStream, readHead: keys.length === 0 ? headOnly : readStream };
}

/** What the head of an encrypted file tells; undefined if it is not encrypted. @throws Problem `backup-unreadable` */
export async function headIn(bytes: AsyncIterable<Uint8Array>, path: string): Promise<Head | undefined> {
  const { head, rest } = await begun(bytes);
  await rest.return?.();
  if (!isSealed(head)) return undefined;
  let found: readonly Stanza[] | undefined;
  const { Decrypter } = await import('age-encryption');
  const decrypter = new Decrypter();
  decrypter.addIdentity({
    unwrapFileKey: (stanzas: readonly Stanza[]) => {
      found = stanzas;
      return null;
    },
  });
  // It always rejects: nothing is to be opened.
  await decrypter.decryptHeader(head).catch(() => undefined);
  if (found === undefined) throw damaged(path, 'its head is not of the age format');
  return headOf(found);
}

interface Begun {
  /** Up to the end of the age format's head, and some more. */
  readonly head: Buffer;
  /** What comes after that. */
  readonly rest: AsyncIterator<Uint8Array>;
}

async function begun(bytes: AsyncIterable<Uint8Array>): Promise<Begun> {
  const rest = bytes[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  while (mayBeSealed(head) && !hasEnd(head) && head.length < longestHead) {
    const { done, value } = await rest.next();
    if (done === true) break;
    head = Buffer.concat([head, value]);
  }
  return { head, rest };
}

async function* rejoined(head: Buffer, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield head;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

function isSealed(head: Buffer): boolean {
  return head.length >= ageMagic.length && mayBeSealed(head);
}

function mayBeSealed(head: Buffer): boolean {
  const length = Math.min(head.length, ageMagic.length);
  return head.subarray(0, length).equals(Buffer.from(ageMagic.slice(0, length)));
}

/** The head ends with a line of its MAC. */
function hasEnd(head: Buffer): boolean {
  const mac = head.indexOf('\n--- ');
  return mac >= 0 && head.indexOf('\n', mac + 1) >= 0;
}

function damaged(path: string, detail: string): Problem {
  return unreadable(path, 'it is encrypted, and damaged or not whole', detail);
}

/** Other refusals are of the caller, not of the file: credentials that have expired, a network that is down. */
const ofTheFile: readonly string[] = ['access-denied', 'kms-key-unusable'];

function locked(path: string, { recipients }: Head, refusals: readonly Problem[]): Problem {
  const others = refusals.find(({ code }) => !ofTheFile.includes(code));
  if (others !== undefined) return others;
  return new Problem('backup-encrypted', {
    what: `${path} is encrypted for ${counted(recipients.length, 'recipient')}, and none of their keys is available: ${recipientsText(recipients)}`,
    ...(refusals.length === 0 ? {} : { why: refusals.map(({ what, why }) => `${what}: ${why}`).join('; ') }),
    next: nextFor(path, recipients),
  });
}

function nextFor(path: string, recipients: readonly SealedFor[]): readonly string[] {
  const keyArns = recipients.flatMap((each) => (each.kind === 'kms' ? [each.keyArn] : []));
  const isForeign = recipients.some(({ kind }) => kind === 'passphrase' || kind === 'other');
  return [
    ...(recipients.some(({ kind }) => kind === 'age')
      ? ['name the file with the age identity of one of them: --identity FILE']
      : []),
    ...keyArns.map((arn) => `use credentials that may call kms:Decrypt with ${arn}`),
    ...(isForeign ? [`decrypt it with age, and use what comes out: age -d -o NEWFILE ${path}`] : []),
  ];
}
