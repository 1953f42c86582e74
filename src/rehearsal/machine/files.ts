/** The rehearsed machine's files: text in the account's state. */
import { fileFailed, fileTimedOut } from '../../errors/file-failed.js';
import { type Files, fileLimitMs, type HeldLock, lockStaleMs } from '../../world/files.js';
import type { RehearsedLock } from '../account.js';
import type { Fault } from '../faults.js';
import type { ProcessContext } from './process.js';

/** A file operation, and what it does under a fault. */
interface Operation<Value> {
  readonly work: () => Value;
  /** Its result when it reports success without doing anything, or reads nonsense. */
  readonly falseAnswer?: (nonsense: string) => Value;
  /** What it leaves behind when the process dies half-way. */
  readonly partially?: () => void;
}

/** The files port of one process. */
export function rehearsedFiles(context: ProcessContext): Files {
  const { account, life } = context;
  const { files } = account.state;
  const run = <Value>(operation: string, path: string, act: Operation<Value>): Promise<Value> =>
    life.guard(async () => {
      const fault = context.faults.take(`file ${operation} ${path}`, account.now());
      return fault === undefined ? act.work() : withFault(context, fault, act, operation, path);
    });
  const read = (path: string): Promise<string | undefined> =>
    run('read', path, {
      work: () => readFile(files, path),
      falseAnswer: (nonsense) => (files[path] === undefined ? undefined : nonsense),
    });
  const write = (path: string, text: string): Promise<void> =>
    run('write', path, {
      work: () => replace(files, path, text),
      falseAnswer: () => undefined,
      partially: () => put(files, `${path}${halfWritten}`, text.slice(0, text.length / 2)),
    });
  const append = (path: string, text: string): void => put(files, path, `${files[path] ?? ''}${text}`);
  return {
    read,
    write,
    // The rehearsed machine has no links.
    writeThroughLinks: write,
    // The state holds text: each byte is the character of its number.
    writeBytes: (path, bytes) => write(path, Buffer.from(bytes).toString('latin1')),
    writeStream: async (path, bytes) => {
      const pieces: Uint8Array[] = [];
      for await (const piece of bytes) pieces.push(piece);
      const text = Buffer.concat(pieces).toString('latin1');
      await run('write', path, {
        work: () => put(files, path, text),
        falseAnswer: () => undefined,
        partially: () => put(files, path, text.slice(0, text.length / 2)),
      });
    },
    moveIfFree: (from, to) =>
      run('move', to, {
        work: () => moveIfFree(files, from, to),
        falseAnswer: () => true,
        partially: () => put(files, to, files[from] ?? ''),
      }),
    readStream: async function* (path) {
      const text = await read(path);
      if (text !== undefined) yield bytesOf(text);
    },
    size: async (path) => {
      const text = await run('check', path, { work: () => files[path] });
      return text === undefined ? undefined : bytesOf(text).length;
    },
    append: (path, text) =>
      run('append', path, {
        work: () => append(path, text),
        falseAnswer: () => undefined,
        partially: () => append(path, text.slice(0, text.length / 2)),
      }),
    list: (folder) => run('list', folder, { work: () => entriesOf(files, folder) }),
    remove: (path) =>
      run('remove', path, {
        work: () => removePath(files, path),
        falseAnswer: () => undefined,
        partially: () => removePath(files, entriesOf(files, path)[0] ?? path),
      }),
    facts: (path) =>
      run('facts', path, {
        work: () => ({ path, mode: files[path] === undefined ? undefined : 0o600, writable: true }),
      }),
    lock: (path, staleMs = lockStaleMs) => run('lock', path, { work: () => lock(context, path, staleMs) }),
  };
}

/** Text that was never bytes may have characters that are no byte. */
function bytesOf(text: string): Buffer {
  return Buffer.from(text, /^[\0-\xff]*$/.test(text) ? 'latin1' : 'utf8');
}

/** The name that the new text has until it is whole: see `world/real/disk/replace-file.ts`. */
const halfWritten = '.1-1.new';

/** What Node says of a folder that is read as a file (20.20). */
function readFile(files: Readonly<Record<string, string>>, path: string): string | undefined {
  if (files[path] !== undefined || entriesOf(files, path).length === 0) return files[path];
  throw fileFailed('read', path, 'EISDIR: illegal operation on a directory, read');
}

function moveIfFree(files: Record<string, string>, from: string, to: string): boolean {
  if (files[to] !== undefined || entriesOf(files, to).length > 0) return false;
  put(files, to, files[from] ?? '');
  removePath(files, from);
  return true;
}

function replace(files: Record<string, string>, path: string, text: string): void {
  removePath(files, `${path}${halfWritten}`);
  put(files, path, text);
}

async function withFault<Value>(
  { account, life }: ProcessContext,
  { kind, message }: Fault,
  { falseAnswer, partially }: Operation<Value>,
  operation: string,
  path: string,
): Promise<Value> {
  if (kind === 'hang') {
    await account.clock.sleep(fileLimitMs, life.ended);
    throw fileTimedOut(operation, path, fileLimitMs);
  }
  if (kind === 'die-half-way' && partially !== undefined) {
    partially();
    life.kill();
    return await new Promise(() => {});
  }
  if ((kind === 'no-effect' || kind === 'garbage') && falseAnswer !== undefined)
    return falseAnswer(message ?? '<html>502</html>');
  throw fileFailed(operation, path, message ?? diskFull);
}

/** Linux's message for a full disk. */
export const diskFull = 'ENOSPC: no space left on device';

function entriesOf(files: Readonly<Record<string, string>>, folder: string): readonly string[] {
  const start = folder.endsWith('/') ? folder : `${folder}/`;
  const inside = Object.keys(files).filter((path) => path.startsWith(start));
  return [...new Set(inside.map((path) => start + path.slice(start.length).split('/')[0]))].sort();
}

/** Removes a file, or a folder with all that is in it. */
export function removePath(files: Record<string, string>, path: string): void {
  for (const name of Object.keys(files)) {
    if (name === path || name.startsWith(`${path}/`)) delete files[name];
  }
}

/** Replaces the text of a file. */
export function put(files: Record<string, string>, path: string, text: string): void {
  files[path] = text;
}

/** How often a holder checks that it still has its lock, in ms. */
const heartbeatMs = 10_000;

/** A lock whose process was killed may be taken over, and one whose machine sleeps, in time; a file in its place is another program's. */
function lock({ account, life }: ProcessContext, path: string, staleMs: number): HeldLock | undefined {
  if (account.state.files[`${path}.lock`] !== undefined) return undefined;
  const before = account.locks.get(path);
  const since = before?.silentSince();
  if (before !== undefined && (since === undefined || account.now() - since <= staleMs)) return undefined;
  before?.lose();
  const lost = new AbortController();
  const held: RehearsedLock = {
    silentSince: () => (life.alive() ? life.asleepSince() : Number.NEGATIVE_INFINITY),
    lose: () =>
      void life
        .awake()
        .then(() => account.clock.sleep(heartbeatMs, life.ended))
        .then(() => lost.abort()),
  };
  account.locks.set(path, held);
  return {
    lost: lost.signal,
    isOurs: () => life.guard(async () => account.locks.get(path) === held),
    release: () =>
      life.guard(async () => {
        if (account.locks.get(path) === held) account.locks.delete(path);
      }),
  };
}
