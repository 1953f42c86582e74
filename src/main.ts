/** The composition root: chooses the world, puts ui and program together, and is the only place that exits. */
import { setMaxListeners } from 'node:events';
import { createRequire } from 'node:module';
import { runProgram } from './cli/program.js';
import { type Parsed, speedOf } from './cli/run-options.js';
import type { Session } from './cli/session.js';
import { ExitCode } from './errors/exit-codes.js';
import { asProblem } from './errors/problem.js';
import type { RunEvent } from './pipeline/events.js';
import type { Surroundings } from './ui/surroundings.js';
import type { World } from './world/world.js';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

/** A world, and who else wants to know what happens in it. */
export interface OpenWorld {
  readonly world: World;
  readonly onEvent: (event: RunEvent) => void;
  /** Called at the end. */
  readonly close: () => Promise<void>;
}

/** Which world a run wants. */
export interface WorldWish {
  /** In a simulated account instead of AWS. */
  readonly rehearse: boolean;
  /** How much faster than life a rehearsal runs. */
  readonly speed: number;
}

/** What a run of the program is made of; tests give their own. */
export interface Composition {
  readonly open: (wish: WorldWish) => Promise<OpenWorld>;
  readonly surroundings: Surroundings;
  /** Tells a stop that was asked for: calls `drain` at the first, `kill` at the second. */
  readonly onStop: (stop: { readonly drain: () => void; readonly kill: () => void }) => void;
}

/** Runs the command line (`argv` without the program; the process's own when not given); answers the exit code. */
export async function runCli(composition: Composition, argv?: readonly string[]): Promise<number> {
  const { env, stdout, stderr } = composition.surroundings;
  return await runProgram({
    version,
    env,
    argv,
    writeOut: (text) => void stdout.write(text),
    writeErr: (text) => void stderr.write(text),
    withSession: (parsed, use) => withSession(composition, parsed, use),
  });
}

async function withSession(
  { open, surroundings, onStop }: Composition,
  parsed: Parsed,
  use: (session: Session) => Promise<number>,
): Promise<number> {
  const { makeUi } = await import('./ui/make-ui.js');
  const settings = { json: parsed['json'] === true, debug: parsed['debug'] === true };
  let ui = makeUi(surroundings, { ...settings, now: Date.now });
  let close: OpenWorld['close'] = async () => undefined;
  try {
    const opened = await open({ rehearse: parsed['rehearse'] === true, speed: speedOf(parsed['speed']) });
    close = opened.close;
    ui = makeUi(surroundings, { ...settings, now: opened.world.clock.now });
    return await use(await sessionOf(opened, ui, stopSignals(ui.note, onStop)));
  } catch (thrown) {
    const problem = asProblem(thrown);
    ui.showProblem(problem);
    return problem.exitCode;
  } finally {
    ui.close();
    await close();
  }
}

/** The process's own run: never returns. */
export async function main(): Promise<never> {
  const { processSurroundings } = await import('./ui/surroundings.js');
  for (const stream of [process.stdout, process.stderr]) ignoreClosedPipe(stream);
  const code = await runCli({ open: openWorld, surroundings: processSurroundings(process.env), onStop: stopOnSignals });
  // Timers of libraries (keep-alive sockets, credential refreshes) must not keep a finished command alive.
  process.exit(code);
}

async function sessionOf(
  { world, onEvent: listen }: OpenWorld,
  ui: Session['ui'],
  signals: Pick<Session, 'drain' | 'kill' | 'stopQuietly'>,
): Promise<Session> {
  const { makeClients } = await import('./discover/clients.js');
  const { loggedExec } = await import('./pipeline/command-log.js');
  const { makeWriteQueue } = await import('./pipeline/write-queue.js');
  let folder: string | undefined;
  const exec = loggedExec(world.exec, world.clock, makeWriteQueue(world.files), () => folder);
  const logInto = (into: string): void => {
    folder = into;
  };
  return { version, clients: makeClients({ ...world, exec }), ui, ...signals, listen, logInto };
}

async function openWorld({ rehearse, speed }: WorldWish): Promise<OpenWorld> {
  const { realWorld } = await import('./world/real/world.js');
  const world = realWorld();
  if (!rehearse) return { world, onEvent: () => undefined, close: async () => undefined };
  const { openRehearsal } = await import('./rehearsal/open.js');
  const { world: rehearsed, keep } = await openRehearsal(world, speed);
  return { world: rehearsed, onEvent: () => void keep(), close: keep };
}

/** The first stop lets what runs end, the second one ends it; both say how to go on. */
function stopSignals(
  note: (text: string) => void,
  onStop: Composition['onStop'],
): Pick<Session, 'drain' | 'kill' | 'stopQuietly'> {
  const drain = new AbortController();
  const kill = new AbortController();
  let say = note;
  // Everything that runs or waits listens, and a large fleet is not a leak.
  setMaxListeners(0, drain.signal, kill.signal);
  onStop({
    drain: () => {
      say('stopping: what runs may end, nothing new is started; once more stops it too');
      drain.abort();
    },
    kill: () => {
      say('stopping now; run the same command again to go on');
      drain.abort();
      kill.abort();
    },
  });
  const stopQuietly = (): void => {
    say = () => undefined;
  };
  return { drain: drain.signal, kill: kill.signal, stopQuietly };
}

/** Children have a process group of their own, so these signals reach only us. */
function stopOnSignals({ drain, kill }: Parameters<Composition['onStop']>[0]): void {
  let stops = 0;
  const stop = (): void => {
    stops += 1;
    if (stops === 1) drain();
    else kill();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
}

/** A reader that went away (`| head`) is no reason for a stack. */
function ignoreClosedPipe(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') process.exitCode = ExitCode.internal;
  });
}
