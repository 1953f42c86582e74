/** Keeps the simulated account between commands: one run at a time changes it, and none writes over what another kept. */
import { z } from 'zod';
import { asProblem, Problem } from '../errors/problem.js';
import type { HeldLock } from '../world/files.js';
import type { World } from '../world/world.js';

/** How a run uses the account, and how it reports what it waits for. */
export interface KeepingOptions {
  /**
   * `change`: has the account to itself, and waits for another run to finish. `read`: has it as last saved, while another run
   * may change it. `peek`: the same, silently, and saves nothing (completion in a shell).
   */
  readonly use: 'change' | 'read' | 'peek';
  readonly note: (text: string) => void;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
}

export interface Keeper {
  /** What was kept; undefined when nothing was. */
  readonly text: string | undefined;
  /** Keeps this in its place, if this run may. A failure is reported once and does not end the rehearsal. */
  readonly keep: (text: string) => Promise<void>;
  /** Saves this for the last time and releases the account. */
  readonly close: (text: string) => Promise<void>;
  /** Releases the account without saving. */
  readonly release: () => Promise<void>;
}

/**
 * In ms. A run that surely died is taken over after 5 s, for the note may still name the one before; one of which the system
 * does not tell after `lockStaleMs`; a living one is not waited for longer.
 */
const patience = { everyMs: 1_000, limitMs: 36_000, noteMs: 5_000 } as const;

/**
 * What is kept at a path, and how to keep more there. Where nothing can be written the account ends with the command, and the
 * user is told.
 * @throws Problem `rehearsal-in-use` when another run works in it and does not end, `interrupted`, `file-failed`, `file-timed-out`
 */
export async function openKeeping(real: World, path: string, options: KeepingOptions): Promise<Keeper> {
  const { files } = real;
  if (options.use === 'peek') return { ...keepNothing, text: await files.read(path) };
  if (options.use === 'read') return await readLast(real, path, options);
  const held = await hold(real, path, options);
  if (held === undefined) return { ...keepNothing, text: await files.read(path).catch(() => undefined) };
  try {
    await writeOwner(real, path);
    return { ...holder(real, path, options, held), text: await files.read(path) };
  } catch (thrown) {
    await held.release().catch(nothing);
    throw thrown;
  }
}

/** Who has the account for itself. */
const ownerSchema = z.object({
  name: z.string(),
  process: z.object({ machine: z.string(), pid: z.number(), start: z.string() }),
});

type Owner = z.infer<typeof ownerSchema>;

const nothing = async (): Promise<void> => undefined;

const keepNothing: Omit<Keeper, 'text'> = { keep: nothing, close: nothing, release: nothing };

/** Virtual time has advanced while this run read: that is saved at the end, unless another run saved something in the meantime. */
async function readLast(real: World, path: string, { note }: KeepingOptions): Promise<Keeper> {
  const { files } = real;
  const owner = await ownerOf(real, path).catch(() => undefined);
  if (owner !== undefined && !(await hasEnded(real, owner)))
    note(`${owner.name} is using the simulated account; showing it as last saved`);
  const text = await files.read(path);
  const keepIfSame = async (later: string): Promise<void> => {
    const held = await files.lock(path);
    if (held === undefined) return;
    try {
      if ((await files.read(path)) === text) await files.write(path, later);
    } finally {
      await held.release();
    }
  };
  return { ...keepNothing, text, close: (later) => keepIfSame(later).catch(nothing) };
}

/** Takes the account for this run alone; undefined, with a note, where nothing can be written. */
async function hold(real: World, path: string, { note, signal }: KeepingOptions): Promise<HeldLock | undefined> {
  const { clock } = real;
  const first = await freeLock(real, path).catch((thrown: unknown) => {
    const { code, why } = asProblem(thrown);
    if (code !== 'file-failed') throw thrown;
    note(`the simulated account cannot be saved and ends with this command: ${why}`);
    return 'unwritable' as const;
  });
  if (first === 'unwritable') return undefined;
  if (first !== undefined) return first;
  const owner = await ownerOf(real, path);
  const name = owner?.name ?? 'another run';
  note(`${name} is using the simulated account; waiting for it to finish`);
  const until = clock.now() + patience.limitMs;
  while (clock.now() < until) {
    await clock.sleep(patience.everyMs, signal);
    if (signal.aborted) throw new Problem('interrupted', { what: 'interrupted while waiting for another rehearsal' });
    const later = await freeLock(real, path);
    if (later !== undefined) return later;
  }
  throw inUse(name, path);
}

/** The lock, where nobody has it who may live. */
async function freeLock(real: World, path: string): Promise<HeldLock | undefined> {
  const owner = await ownerOf(real, path).catch(() => undefined);
  const hasDied = owner !== undefined && (await hasEnded(real, owner));
  return await real.files.lock(path, hasDied ? patience.noteMs : undefined);
}

function holder(real: World, path: string, { note }: KeepingOptions, first: HeldLock): Omit<Keeper, 'text'> {
  const { files } = real;
  let held = first;
  const isOurs = async (): Promise<boolean> => {
    if (await held.isOurs()) return true;
    // Somebody removed the folder: there is nothing that could be lost.
    const again = (await files.read(path)) === undefined ? await files.lock(path) : undefined;
    if (again === undefined) return false;
    held = again;
    await writeOwner(real, path);
    return true;
  };
  let reported = false;
  const tell = (text: string): void => {
    if (!reported) note(text);
    reported = true;
  };
  const keep = async (text: string): Promise<void> => {
    try {
      // A machine that slept for long is taken for dead: the account is then somebody else's.
      if (await isOurs()) await files.write(path, text);
      else tell('another run has taken over the simulated account; changes of this run are not saved');
    } catch (thrown) {
      const { message, why = 'no reason was given' } = asProblem(thrown);
      tell(`the simulated account is no longer saved: ${message}: ${why}`);
    }
  };
  const release = async (): Promise<void> => {
    if (await held.isOurs().catch(() => false)) await files.remove(ownerFile(path)).catch(nothing);
    await held.release().catch(nothing);
  };
  return {
    keep,
    release,
    close: async (text) => {
      await keep(text);
      await release();
    },
  };
}

function inUse(owner: string, path: string): Problem {
  return new Problem('rehearsal-in-use', {
    what: 'another run is using the simulated account',
    why: `${owner} holds ${path}`,
    next: [
      'wait until it finishes, then run the same command again',
      'or rehearse in another account: set KARMADA_EKS_HOME to another folder',
    ],
  });
}

async function writeOwner({ files, environment, processes }: World, path: string): Promise<void> {
  const own: Owner = { name: environment.owner, process: await processes.own() };
  await files.write(ownerFile(path), JSON.stringify(own));
}

async function ownerOf({ files }: World, path: string): Promise<Owner | undefined> {
  const text = await files.read(ownerFile(path));
  try {
    return text === undefined ? undefined : ownerSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

async function hasEnded({ processes }: World, { process }: Owner): Promise<boolean> {
  return (await processes.stateOf(process)) === 'ended';
}

function ownerFile(path: string): string {
  return `${path}.owner`;
}
