/** The composition root: chooses the world, puts ui and program together, and is the only place that exits. */
import { createRequire } from 'node:module';
import { runProgram } from './cli/program.js';
import type { Session, Settings, WithSession } from './cli/session.js';
import { ExitCode } from './errors/exit-codes.js';
import { asProblem } from './errors/problem.js';
import type { World } from './world/world.js';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

interface OpenWorld {
  readonly world: World;
  /** Called after each event of a run and at the end: a rehearsal is kept for the next command. */
  readonly keep: () => Promise<void>;
}

const withSession: WithSession = async (settings, use) => {
  const { makeUi } = await import('./ui/make-ui.js');
  const { processSurroundings } = await import('./ui/surroundings.js');
  const { world, keep } = await openWorld(settings);
  const ui = makeUi(processSurroundings(process.env), { ...settings, now: world.clock.now });
  const signals = listenForStop(ui.note);
  try {
    const code = await use(await sessionOf(world, keep, ui, signals));
    return code;
  } catch (thrown) {
    const problem = asProblem(thrown);
    ui.showProblem(problem);
    return problem.exitCode;
  } finally {
    ui.close();
    await keep();
  }
};

async function sessionOf(
  world: World,
  keep: () => Promise<void>,
  ui: Session['ui'],
  signals: Pick<Session, 'drain' | 'kill'>,
): Promise<Session> {
  const { makeClients } = await import('./discover/clients.js');
  const { loggedExec } = await import('./pipeline/command-log.js');
  const { makeWriteQueue } = await import('./pipeline/write-queue.js');
  let folder: string | undefined;
  const exec = loggedExec(world.exec, world.clock, makeWriteQueue(world.files), () => folder);
  return {
    clients: makeClients({ ...world, exec }),
    ui,
    ...signals,
    listen: () => void keep(),
    logInto: (into) => {
      folder = into;
    },
  };
}

async function openWorld({ rehearse, speed }: Settings): Promise<OpenWorld> {
  const { realWorld } = await import('./world/real/world.js');
  const real = realWorld();
  if (!rehearse) return { world: real, keep: async () => undefined };
  const { openRehearsal } = await import('./rehearsal/open.js');
  return await openRehearsal(real, speed);
}

/** Children do not see the terminal's signals: the first one lets them end, the second one ends them. */
function listenForStop(note: (text: string) => void): Pick<Session, 'drain' | 'kill'> {
  const drain = new AbortController();
  const kill = new AbortController();
  const stop = (): void => {
    if (drain.signal.aborted) {
      note('stopping now; run the same command again to go on');
      kill.abort();
    } else {
      note('stopping: what runs may end, nothing new is started (once more: stop it too)');
      drain.abort();
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  return { drain: drain.signal, kill: kill.signal };
}

/** A reader that went away (`| head`) is no reason for a stack. */
function ignoreClosedPipe(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') process.exitCode = ExitCode.internal;
  });
}

// Timers of libraries (keep-alive sockets, credential refreshes) must not keep a finished command alive.
ignoreClosedPipe(process.stdout);
ignoreClosedPipe(process.stderr);
process.exit(await runProgram(version, withSession));
