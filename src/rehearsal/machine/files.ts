/** The rehearsed machine's files: text in the account's state. */
import { fileFailed } from '../../errors/file-failed.js';
import type { Files } from '../../world/files.js';
import type { Fault } from '../faults.js';
import type { ProcessContext } from './process.js';

/** The files port of one process. */
export function rehearsedFiles(context: ProcessContext): Files {
  const { account, life } = context;
  const { files } = account.state;
  const run = <Value>(operation: string, path: string, work: () => Value): Promise<Value> =>
    life.guard(async () => {
      const fault = context.faults.take(`file ${operation} ${path}`, account.now());
      if (fault !== undefined) return failed(fault, operation, path);
      return work();
    });
  return {
    read: (path) => run('read', path, () => files[path]),
    write: (path, text) => run('write', path, () => put(files, path, text)),
    // The state holds text: each byte is the character of its number.
    writeBytes: (path, bytes) => run('write', path, () => put(files, path, Buffer.from(bytes).toString('latin1'))),
    append: (path, text) => run('append', path, () => put(files, path, `${files[path] ?? ''}${text}`)),
    list: (folder) => run('list', folder, () => entriesOf(files, folder)),
    remove: (path) => run('remove', path, () => removePath(files, path)),
    facts: (path) =>
      run('facts', path, () => ({ path, mode: files[path] === undefined ? undefined : 0o600, writable: true })),
    lock: (path) => run('lock', path, () => lock(context, path)),
  };
}

/** A file fault only fails or hangs: the other kinds mean nothing here. */
function failed(fault: Fault, operation: string, path: string): Promise<never> {
  if (fault.kind === 'hang') return new Promise(() => {});
  const why = fault.message ?? 'ENOSPC: no space left on device';
  return Promise.reject(fileFailed(operation, path, why));
}

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
