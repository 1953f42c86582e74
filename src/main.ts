/** The composition root: chooses the world, connects ui and program, and is the only place that exits. */

import { setMaxListeners } from 'node:events';
import { createRequire } from 'node:module';
import type { Session, SessionOptions, WithSession } from './commands/shared/session.js';
import type { RunEvent } from './engine/events.js';
import { ExitCode } from './errors/exit-codes.js';
import type { Problem } from './errors/problem.js';
import type { KeepingOptions } from './rehearsal/keeping.js';
import type { UiOptions } from './ui/make-ui.js';
import { processSurroundings, type Surroundings } from './ui/surroundings.js';
import type { Ui } from './ui/ui.js';
import type { AskCode } from './world/aws.js';
import { isDiskHung } from './world/real/disk/hung-disk.js';
import {
  handleClosedTerminal,
  modeOfOutput,
  quietNode,
  type Stop,
  stopOnSignals,
  watchOutput,
} from './world/real/own-process.js';
import type { World } from './world/world.js';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

/** A world, and the other subscribers to its events. */
export interface OpenWorld {
  readonly world: World;
  readonly onEvent: (event: RunEvent) => void;
  /** What is changed in every text that is shown of it. */
  readonly shown?: (text: string) => string;
  /** What else may help with a problem that is shown. */
  readonly hint?: (problem: Problem, fleet: string | undefined) => Promise<string | undefined>;
  readonly close: () => Promise<void>;
}

/** Which world a run wants. */
export interface WorldOptions {
  /** In a simulated account instead of AWS. */
  readonly rehearse: boolean;
  /** Speed-up factor of the rehearsal. */
  readonly speed: number;
  /** The profile of the AWS configuration that was asked for. */
  readonly profile: string | undefined;
  /** Undefined where nobody can be asked. */
  readonly askCode: AskCode | undefined;
  /** The purpose of a rehearsal, and how it reports what it waits for. */
  readonly keeping: KeepingOptions;
}

/** What a run of the program needs; tests pass their own. */
export interface Composition {
  readonly open: (spec: WorldOptions) => Promise<OpenWorld>;
  readonly surroundings: Surroundings;
  /** Tells a stop that was asked for: calls `drain` at the first, `kill` at the second. */
  readonly onStop: (stop: Stop) => void;
  /** The one that was built with this program, where it is not given. */
  readonly backupProgram?: () => Promise<string>;
}

/** Runs the command line (`argv` without the program) and returns the exit code. */
export async function runCli(composition: Composition, argv: readonly string[]): Promise<number> {
  const { env, stdout, stderr, stdoutIsTty, columns } = composition.surroundings;
  const writeOut = (text: string): void => void stdout.write(text);
  const answered = (text: string): number => {
    writeOut(text);
    return ExitCode.ok;
  };
  const openSession: WithSession = (options, use, { readsOnly }) =>
    withSession(composition, options, use, readsOnly ? 'read' : 'change');
  // Completion on every Tab, `--version` and help do not need commander, which takes half of the start-up time.
  if (argv[0] === 'complete' && argv[1] === '--') {
    const { completionsFor } = await import('./cli/completion.js');
    const openQuietly: WithSession = (options, use) => withSession(composition, options, use, 'peek');
    return answered(await completionsFor(argv.slice(2), env, openQuietly));
  }
  if (['--version', '-V', '-v'].includes(argv[0] ?? '') && argv.length === 1) return answered(`${version}\n`);
  const { helpWidth, keptHelp } = await import('./cli/kept-help.js');
  const width = Math.min((stdoutIsTty && columns()) || helpWidth, helpWidth);
  const help = width === helpWidth ? keptHelp(argv) : undefined;
  if (help !== undefined) return answered(help);
  const { runProgram } = await import('./cli/program.js');
  const writeErr = (text: string): void => void stderr.write(text);
  const refuse = async (options: SessionOptions, problem: Problem): Promise<number> => {
    const { uiWith, announce } = await uiFor(composition.surroundings, options);
    const ui = uiWith({ now: Date.now });
    announce(ui);
    ui.showProblem(problem);
    return problem.exitCode;
  };
  return await runProgram({ version, env, argv, width, writeOut, writeErr, withSession: openSession, refuse });
}

async function withSession(
  { open, surroundings, onStop, backupProgram = builtBackupProgram }: Composition,
  options: SessionOptions,
  use: (session: Session) => Promise<number>,
  purpose: KeepingOptions['use'],
): Promise<number> {
  const { uiWith, announce } = await uiFor(surroundings, options);
  const { asProblem } = await import('./errors/problem.js');
  const { askingForCode } = await import('./commands/questions/ask-code.js');
  const { makeWriteQueue } = await import('./logs/write-queue.js');
  const { programExec } = await import('./clients/exec.js');
  const signals = stopSignals((text) => ui.note(text), onStop);
  let ui = uiWith({ now: Date.now, stop: signals.drain });
  // A shell cannot show messages while completing.
  const quiet = purpose === 'peek';
  if (!quiet) announce(ui);
  let close: OpenWorld['close'] = async () => undefined;
  let hintOf: OpenWorld['hint'];
  try {
    const keeping = { use: purpose, note: (text: string) => ui.note(text), signal: signals.drain };
    const { rehearse, speed, profile } = options;
    const askCode = quiet ? undefined : askingForCode(() => ui, options);
    const opened = await open({ rehearse, speed, profile, askCode, keeping });
    hintOf = opened.hint;
    const logs = makeWriteQueue(opened.world.files);
    const { exec, logInto, forget } = programExec(opened.world, logs);
    close = async () => {
      await forget();
      // The journal, on the same disk, has already reported why they could not be written.
      await logs.written().catch(() => undefined);
      await opened.close();
    };
    ui = uiWith({ now: opened.world.clock.now, stop: signals.drain, shown: opened.shown });
    const { makeClients } = await import('./clients/clients.js');
    const { makeSession } = await import('./commands/shared/session.js');
    const { concurrency } = options;
    const clients = makeClients({ ...opened.world, exec }, { concurrency, signal: signals.kill });
    return await use(makeSession({ version, backupProgram, clients, ui, ...signals, listen: opened.onEvent, logInto }));
  } catch (thrown) {
    const problem = asProblem(thrown);
    if (!quiet) ui.showProblem(problem);
    const hint = quiet ? undefined : await hintOf?.(problem, options.fleet);
    if (hint !== undefined) ui.note(hint);
    return problem.exitCode;
  } finally {
    ui.close();
    await close();
  }
}

/** The build makes it beside the program. */
async function builtBackupProgram(): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  return await readFile(new URL('./backup-job.js', import.meta.url), 'utf8');
}

/** The ui of this run and its first line: every screen shows whether it is a rehearsal. */
async function uiFor(
  surroundings: Surroundings,
  options: SessionOptions,
): Promise<{
  readonly uiWith: (options: Pick<UiOptions, 'now' | 'stop' | 'shown'>) => Ui;
  readonly announce: (ui: Ui) => void;
}> {
  const { makeUi } = await import('./ui/make-ui.js');
  const { rehearsalNote } = await import('./ui/shown/rehearsed.js');
  const { commandTable, flagsOf } = await import('./cli/command-table.js');
  const { json, debug, rehearse, profile } = options;
  const commands = commandTable.map(({ name }) => name);
  const rehearsed = rehearse ? commands : undefined;
  const taking = commandTable.filter((each) => flagsOf(each).includes('profile')).map(({ name }) => name);
  const profiled = profile === undefined ? undefined : { profile, commands: taking };
  const settings = { json, debug, rehearsed, profiled };
  return {
    uiWith: (more) => makeUi(surroundings, { ...settings, ...more }),
    announce: (ui) => {
      if (rehearse) ui.note(rehearsalNote);
    },
  };
}

/** The run of the process itself; never returns. */
export async function main(): Promise<never> {
  // Files that the tools write must be private to the user too, whatever the shell's umask.
  process.umask(0o077);
  quietNode();
  const letGo = handleClosedTerminal(process.stdin);
  const written = watchOutput();
  const surroundings = processSurroundings(process.env, modeOfOutput());
  const code = await runCli({ open: openWorld, surroundings, onStop: stopOnSignals }, process.argv.slice(2));
  letGo();
  // On exit Node waits for every pending file read, forever if the disk does not respond (seen with 20.20).
  if (isDiskHung()) process.kill(process.pid, 'SIGKILL');
  if (!written() && code === ExitCode.ok) process.exit(ExitCode.failed);
  // Timers of libraries (keep-alive sockets, credential refreshes) must not keep a finished command running.
  process.exit(code);
}

async function openWorld({ rehearse, speed, profile, askCode, keeping }: WorldOptions): Promise<OpenWorld> {
  const { realWorld } = await import('./world/real/world.js');
  const { redact } = await import('./logs/redact.js');
  const { refuseDataFolder } = await import('./world/real/disk/others-may-change.js');
  const world = realWorld(redact, rehearse ? undefined : profile, askCode);
  await refuseDataFolder(world.environment);
  if (!rehearse) await setOwnVariables(world, keeping);
  const hint: OpenWorld['hint'] = async (...shown) =>
    await (await import('./rehearsal/hint.js')).rehearsalHint(world, ...shown);
  if (!rehearse) return { world, onEvent: () => undefined, hint, close: async () => undefined };
  const { openRehearsal } = await import('./rehearsal/open.js');
  const { world: rehearsed, shown, keep, close } = await openRehearsal(world, speed, keeping, profile);
  return { world: rehearsed, onEvent: () => void keep(), shown, close };
}

/** The SDK reads the process's own variables, and starts `credential_process` with them. */
async function setOwnVariables({ environment }: World, { use, note }: KeepingOptions): Promise<void> {
  const { variablesToSet } = await import('./world/real/credential-variables.js');
  const { searchPath } = await import('./world/real/programs/find-program.js');
  process.env['PATH'] = await searchPath(environment);
  const ignored = process.env['AWS_PROFILE'] || process.env['AWS_DEFAULT_PROFILE'];
  if (environment.vars['AWS_PROFILE'] === undefined && ignored && use !== 'peek')
    note(`AWS credentials: the keys in variables, which go before AWS_PROFILE; for profile ${ignored} use --profile`);
  for (const name of variablesToSet) {
    const value = environment.vars[name];
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}

/** The first stop lets running steps finish, the second one aborts them; both say how to continue. */
function stopSignals(
  note: (text: string) => void,
  onStop: Composition['onStop'],
): Pick<Session, 'drain' | 'kill' | 'stopQuietly'> {
  const drain = new AbortController();
  const kill = new AbortController();
  let say = note;
  // Everything that runs or waits adds a listener; in a large fleet this is not a leak.
  setMaxListeners(0, drain.signal, kill.signal);
  onStop({
    drain: () => {
      say('stopping: letting running steps finish; press Ctrl-C again to abort them');
      drain.abort();
    },
    kill: () => {
      say('aborting; run the same command again to continue');
      drain.abort();
      kill.abort();
    },
  });
  const stopQuietly = (): void => {
    say = () => undefined;
  };
  return { drain: drain.signal, kill: kill.signal, stopQuietly };
}
