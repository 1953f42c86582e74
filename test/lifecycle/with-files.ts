/** Runs the command line on a rehearsed machine whose files are partly others, or are the last that a process touches. */

import type { RunEvent } from '../../src/engine/events.js';
import { runCli } from '../../src/main.js';
import type { Account } from '../../src/rehearsal/account.js';
import { connect, type ProcessOptions } from '../../src/rehearsal/machine/connect.js';
import type { Files } from '../../src/world/files.js';
import { watched } from '../canaries/watch.js';
import { fakeSurroundings } from '../ui/fake-surroundings.js';

/** How a run ended; `killed` after a kill -9. */
export interface EndedRun {
  readonly code: number | 'killed';
  readonly stdout: string;
  readonly stderr: string;
}

/** An operation of the files port on a path; `done` tells whether it has been carried out. */
export interface Touch {
  readonly operation: keyof Files;
  readonly path: string;
  readonly done: boolean;
}

export interface FileWish extends ProcessOptions {
  /** The port to the files of this path; undefined: the machine's own. */
  readonly filesOf?: (path: string) => Files | undefined;
  /** kill -9 at the first touch for which this answers true. */
  readonly killAt?: (touch: Touch) => boolean;
}

export async function runWithFiles(account: Account, words: string, options?: FileWish): Promise<EndedRun> {
  return await watched(account, (onEvent) => started(account, words, onEvent, options));
}

async function started(
  account: Account,
  words: string,
  onEvent: (event: RunEvent) => void,
  options: FileWish = {},
): Promise<EndedRun> {
  const process = connect(account, options);
  const surroundings = fakeSurroundings(undefined, options.vars ?? {});
  let die = (): void => undefined;
  const death = new Promise<'killed'>((resolve) => {
    die = () => {
      process.kill();
      resolve('killed');
    };
  });
  const touched = async <T>(operation: keyof Files, path: string, act: (files: Files) => Promise<T>): Promise<T> => {
    const files = options.filesOf?.(path) ?? process.world.files;
    if (options.killAt?.({ operation, path, done: false })) return await dying();
    const result = await act(files);
    return options.killAt?.({ operation, path, done: true }) ? await dying() : result;
  };
  const dying = (): Promise<never> => {
    die();
    return new Promise(() => {});
  };
  const files: Files = {
    read: (path) => touched('read', path, (own) => own.read(path)),
    write: (path, text) => touched('write', path, (own) => own.write(path, text)),
    writeThroughLinks: (path, text) => touched('write', path, (own) => own.writeThroughLinks(path, text)),
    writeBytes: (path, bytes) => touched('writeBytes', path, (own) => own.writeBytes(path, bytes)),
    writeStream: (path, bytes) => touched('writeStream', path, (own) => own.writeStream(path, bytes)),
    moveIfFree: (from, to) => touched('moveIfFree', to, (own) => own.moveIfFree(from, to)),
    readStream: async function* (path) {
      await touched('readStream', path, async () => undefined);
      yield* (options.filesOf?.(path) ?? process.world.files).readStream(path);
    },
    size: (path) => touched('size', path, (own) => own.size(path)),
    append: (path, text) => touched('append', path, (own) => own.append(path, text)),
    list: (folder) => touched('list', folder, (own) => own.list(folder)),
    remove: (path) => touched('remove', path, (own) => own.remove(path)),
    facts: (path) => touched('facts', path, (own) => own.facts(path)),
    lock: async (path, staleMs) => {
      const held = await touched('lock', path, (own) => own.lock(path, staleMs));
      return held && { ...held, release: () => touched('lock', `${path} back`, held.release) };
    },
  };
  const ended = runCli(
    {
      open: async () => ({
        world: { ...process.world, files },
        onEvent,
        close: async () => undefined,
      }),
      surroundings,
      onStop: () => undefined,
    },
    words.split(' '),
  );
  const code = await Promise.race([ended, death]);
  return { code, stdout: surroundings.stdout.text, stderr: surroundings.stderr.text };
}
