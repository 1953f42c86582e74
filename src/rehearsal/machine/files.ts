/** The rehearsed machine's files: text in the account's state. */
import { fileFailed, fileTimedOut } from '../../errors/file-failed.js';
import { type Files, fileLimitMs } from '../../world/files.js';
import type { Fault } from '../faults.js';
import type { ProcessContext } from './process.js';

/** What is done with files, and what faults make of it. */
interface Operation<Value> {
  readonly work: () => Value;
  /** What it answers when it says that all is well, and has done nothing or reads nonsense. */
  readonly lie?: (nonsense: string) => Value;
  /** What it leaves when the process dies in its middle. */
  readonly half?: () => void;
}

/** The files port of one process. */
export function rehearsedFiles(context: ProcessContext): Files {
  const { account, life } = context;
  const { files } = account.state;
  const run = <Value>(operation: string, path: string, act: Operation<Value>): Promise<Value> =>
    life.guard(async () => {
      const fault = context.faults.take(`file ${operation} ${path}`, account.now());
      return fault === undefined ? act.work() : disturbed(context, fault, act, operation, path);
    });
  const write = (path: string, text: string): Promise<void> =>
    run('write', path, {
      work: () => replace(files, path, text),
      lie: () => undefined,
      half: () => put(files, `${path}${halfWritten}`, text.slice(0, text.length / 2)),
    });
  const append = (path: string, text: string): void => put(files, path, `${files[path] ?? ''}${text}`);
  return {
    read: (path) =>
      run('read', path, {
        work: () => files[path],
        lie: (nonsense) => (files[path] === undefined ? undefined : nonsense),
      }),
    write,
    // The rehearsed machine has no links.
    writeThroughLinks: write,
    // The state holds text: each byte is the character of its number.
    writeBytes: (path, bytes) => write(path, Buffer.from(bytes).toString('latin1')),
    append: (path, text) =>
      run('append', path, {
        work: () => append(path, text),
        lie: () => undefined,
        half: () => append(path, text.slice(0, text.length / 2)),
      }),
    list: (folder) => run('list', folder, { work: () => entriesOf(files, folder) }),
    remove: (path) =>
      run('remove', path, {
        work: () => removePath(files, path),
        lie: () => undefined,
        half: () => removePath(files, entriesOf(files, path)[0] ?? path),
      }),
    facts: (path) =>
      run('facts', path, {
        work: () => ({ path, mode: files[path] === undefined ? undefined : 0o600, writable: true }),
      }),
    lock: (path) => run('lock', path, { work: () => lock(context, path) }),
  };
}

/** The name that the new text has until it is whole: see `world/real/replace-file.ts`. */
const halfWritten = '.1-1.new';

function replace(files: Record<string, string>, path: string, text: string): void {
  removePath(files, `${path}${halfWritten}`);
  put(files, path, text);
}

async function disturbed<Value>(
  { account, life }: ProcessContext,
  { kind, message }: Fault,
  { lie, half }: Operation<Value>,
  operation: string,
  path: string,
): Promise<Value> {
  if (kind === 'hang') {
    await account.clock.sleep(fileLimitMs, life.ended);
    throw fileTimedOut(operation, path, fileLimitMs);
  }
  if (kind === 'die-half-way' && half !== undefined) {
    half();
    life.kill();
    return await new Promise(() => {});
  }
  if ((kind === 'no-effect' || kind === 'garbage') && lie !== undefined) return lie(message ?? '<html>502</html>');
  throw fileFailed(operation, path, message ?? diskFull);
}

/** What Linux says when there is no room. */
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

/** A lock whose process was killed is stale and may be taken over; a file in its place is another program's lock. */
function lock({ account, life }: ProcessContext, path: string): (() => Promise<void>) | undefined {
  if (account.state.files[`${path}.lock`] !== undefined) return undefined;
  if (account.locks.get(path)?.alive()) return undefined;
  const holder = { alive: life.alive };
  account.locks.set(path, holder);
  return () =>
    life.guard(async () => {
      if (account.locks.get(path) === holder) account.locks.delete(path);
    });
}
