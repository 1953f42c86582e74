/** Runs the command line in process, as a process of its own on a rehearsed machine, on virtual time. */

// What the program loads late is loaded before: virtual time would pass meanwhile, and only the first run would be that slow.
import '@peculiar/asn1-schema';
import 'age-encryption';
import 'tar-stream';
import './unthreaded.js';
import type { RunEvent } from '../../src/engine/events.js';
import { runCli } from '../../src/main.js';
import type { Account } from '../../src/rehearsal/account.js';
import type { RecordedCall } from '../../src/rehearsal/faults.js';
import { commandKey } from '../../src/rehearsal/machine/command-key.js';
import { connect, type ProcessOptions, type RehearsedProcess } from '../../src/rehearsal/machine/connect.js';
import type { Exec } from '../../src/world/exec.js';
import { watched } from '../canaries/watch.js';
import { type FakeSurroundings, fakeSurroundings } from '../ui/fake-surroundings.js';

/** Where in a run something happens to it; events count from 1. */
export interface Interruptions {
  /** kill -9 at this event. */
  readonly killAt?: number;
  /** kill -9 so many virtual ms after the first event. */
  readonly killAfterMs?: number;
  /** kill -9 when this command that changes something has ended, before anybody was told; they count from 1. */
  readonly killAfterCommand?: number;
  /** The first Ctrl-C so many virtual ms after the first command; before it time may stand still or jump. */
  readonly drainAfterMs?: number;
  /** The machine sleeps so many virtual ms after the first command that changes something, and for so long. */
  readonly sleep?: { readonly afterMs: number; readonly forMs: number };
  /** The first Ctrl-C at this event. */
  readonly drainAt?: number;
  /** The second Ctrl-C at this event. */
  readonly stopAt?: number;
}

export interface RunOptions extends ProcessOptions, Interruptions {
  /** Width of a terminal; without it there is none. */
  readonly columns?: number;
  /** What stdout leads into, if not into something that only the user reads: a file of this mode, or a pipe without a reader. */
  readonly stdout?: { readonly mode: number } | 'broken';
  /** On a terminal whose user leaves at the first question. */
  readonly leaves?: boolean;
  /** On a terminal: what is typed when a question is shown that has these words; each once, in their order. */
  readonly answers?: readonly (readonly [question: string, keys: string])[];
  /** Without canaries: for what only reads, where a test counts or lists all that there is. */
  readonly alone?: boolean;
  /** The program of scheduled backups that this version of karmada-eks has. */
  readonly backupProgram?: string;
}

/** A command that changes something, in virtual ms since the epoch. */
export interface ChangingCommand {
  readonly key: string;
  readonly from: number;
  readonly to: number;
}

/** What is left of a process when it has ended. */
export interface Ended {
  /** The exit code; `killed` after a kill -9. */
  readonly code: number | 'killed';
  readonly stdout: string;
  readonly stderr: string;
  readonly events: readonly RunEvent[];
  readonly calls: readonly RecordedCall[];
  /** In the order in which they ended. */
  readonly commands: readonly ChangingCommand[];
}

/** Whether a call changes something in AWS or in a cluster; what is not known to read does, but for signs of life. */
export function isChange(key: string): boolean {
  if (key.startsWith('exec kubectl replace') && key.includes(' Lease/')) return false;
  if (key.startsWith('aws ')) return !/^aws \w+:(Describe|List|Get|Encrypt|Decrypt)/.test(key);
  return (
    key.startsWith('exec ') &&
    key !== 'exec aws' &&
    !/^exec [\w-]+ (--dry-run|version|get|api-resources|config view)\b/.test(key)
  );
}

/** Runs `karmada-eks <words>` on the account's machine, among canaries; words with spaces are given as a list. */
export async function cli(account: Account, words: string | readonly string[], options?: RunOptions): Promise<Ended> {
  const start = (onEvent?: (event: RunEvent) => void): Promise<Ended> => started(account, words, options, onEvent);
  return options?.alone === true ? await start() : await watched(account, start);
}

async function started(
  account: Account,
  words: string | readonly string[],
  options: RunOptions = {},
  onAnyEvent?: (event: RunEvent) => void,
): Promise<Ended> {
  const process = connect(account, options);
  const onTerminal = options.leaves === true || options.answers !== undefined;
  const columns = options.columns ?? (onTerminal ? 1000 : undefined);
  const made = fakeSurroundings(columns, options.vars ?? {});
  made.stdout.isBroken = options.stdout === 'broken';
  const surroundings = { ...made, ...(typeof options.stdout === 'object' ? { stdoutMode: options.stdout.mode } : {}) };
  if (options.leaves === true) surroundings.stdin.end();
  const typing = answering(surroundings, options.answers ?? []);
  const events: RunEvent[] = [];
  const commands: ChangingCommand[] = [];
  const over = new AbortController();
  let stop = { drain: (): void => undefined, kill: (): void => undefined };
  // A killed process never answers: its run would be waited for until the test's end.
  const death = new Promise<'killed'>((resolve) => {
    process.ended.addEventListener('abort', () => resolve('killed'));
  });
  const die = process.kill;
  let { drainAfterMs, sleep: asleep } = options;
  const exec: Exec = async (request) => {
    const from = account.now();
    if (drainAfterMs !== undefined) {
      void account.clock.sleep(drainAfterMs, over.signal).then(() => over.signal.aborted || stop.drain());
      drainAfterMs = undefined;
    }
    if (asleep !== undefined && isChange(commandKey(request))) {
      void fallAsleep(process, account, asleep, over.signal);
      asleep = undefined;
    }
    const result = await process.world.exec(request);
    const key = commandKey(request);
    if (isChange(key)) commands.push({ key, from, to: account.now() });
    if (!isChange(key) || commands.length !== options.killAfterCommand) return result;
    die();
    return new Promise(() => {});
  };
  const onEvent = (event: RunEvent): void => {
    events.push(event);
    onAnyEvent?.(event);
    if (events.length === 1 && options.killAfterMs !== undefined) {
      void account.clock.sleep(options.killAfterMs, over.signal).then(() => over.signal.aborted || die());
    }
    if (events.length === options.drainAt) stop.drain();
    if (events.length === options.stopAt) stop.kill();
    if (events.length === options.killAt) die();
  };
  const ended = runCli(
    {
      open: async ({ profile, askCode }) => {
        process.signIn(profile, askCode);
        return { world: { ...process.world, exec }, onEvent, close: async () => undefined };
      },
      surroundings,
      backupProgram: async () => options.backupProgram ?? 'the program of a scheduled backup',
      onStop: (given) => {
        stop = given;
      },
    },
    typeof words === 'string' ? words.split(' ') : words,
  );
  const code = await Promise.race([ended, death]);
  over.abort();
  clearInterval(typing);
  process.kill();
  const { stdout, stderr } = surroundings;
  return { code, stdout: stdout.text, stderr: stderr.text, events, calls: process.calls, commands };
}

function answering(
  { stdin, stderr }: Pick<FakeSurroundings, 'stdin' | 'stderr'>,
  answers: NonNullable<RunOptions['answers']>,
): NodeJS.Timeout | undefined {
  const left = [...answers];
  let from = 0;
  if (left.length === 0) return undefined;
  return setInterval(() => {
    const [question, keys] = left[0] ?? [];
    if (question === undefined || !stderr.text.slice(from).includes(question)) return;
    left.shift();
    from = stderr.text.length;
    stdin.write(keys);
  }, 5);
}

async function fallAsleep(
  process: RehearsedProcess,
  { clock }: Account,
  { afterMs, forMs }: Required<Interruptions>['sleep'],
  over: AbortSignal,
): Promise<void> {
  await clock.sleep(afterMs, over);
  process.suspend();
  await clock.sleep(forMs, over);
  process.wake();
}
