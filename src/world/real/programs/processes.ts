/** Processes as Linux describes them in /proc; on other systems only whether a process id is in use. */
import { createHash } from 'node:crypto';
import { readFile, readlink } from 'node:fs/promises';
import { hostname, networkInterfaces } from 'node:os';
import type { Processes, ProcessId, ProcessState } from '../../processes.js';

/** Defaults to this process; tests pass another process id. */
export function realProcesses(pid: number = process.pid): Processes {
  const own = once(async () => ({ machine: await machineId(), pid, start: (await runningSince(pid))?.start ?? '' }));
  return { own, stateOf: async (other) => await stateOf(other, (await own()).machine) };
}

async function stateOf({ machine, pid, start }: ProcessId, here: string): Promise<ProcessState> {
  if (machine !== here) return 'unknown';
  if (!isInUse(pid)) return 'ended';
  const found = await runningSince(pid);
  if (found === undefined || start === '') return 'unknown';
  return found.start === start && !found.isDead ? 'running' : 'ended';
}

/** Another user's process cannot be signalled, but exists. */
function isInUse(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (thrown) {
    return !(thrown instanceof Error && 'code' in thrown && thrown.code === 'ESRCH');
  }
}

/**
 * Clock ticks from the machine's start to that of the process, and whether it is a zombie; fields 22 and 3 of
 * /proc/PID/stat, of which field 2 may contain spaces and brackets (proc_pid_stat(5)). Undefined if there is none.
 */
async function runningSince(pid: number): Promise<{ readonly start: string; readonly isDead: boolean } | undefined> {
  const text = await textOf(`/proc/${pid}/stat`);
  const [state = '', ...fields] = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const start = fields[18];
  return start === undefined ? undefined : { start, isDead: 'ZX'.includes(state) };
}

/**
 * Hashed, because machine-id(5) must not be exposed. The boot id distinguishes clones of a machine, the PID namespace
 * containers on one host that share its name; without a boot id (macOS), the hardware addresses are used instead.
 */
async function machineId(): Promise<string> {
  const boot = (await textOf('/proc/sys/kernel/random/boot_id')) || hardwareAddresses();
  const namespace = await readlink('/proc/self/ns/pid').catch(() => '');
  const parts = [await textOf('/etc/machine-id'), hostname(), boot, namespace];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}

function hardwareAddresses(): string {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const outward = all.filter(({ internal }) => !internal).map(({ mac }) => mac);
  return [...new Set(outward)].sort().join(' ');
}

async function textOf(path: string): Promise<string> {
  return await readFile(path, 'utf8').then(
    (text) => text.trim(),
    () => '',
  );
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
