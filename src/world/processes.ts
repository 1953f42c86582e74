/** The port to the processes of this machine: which one this run is, and whether another one still runs. */

export interface ProcessId {
  /** From values that are not copied with a folder, an image or a home directory on a network disk. */
  readonly machine: string;
  readonly pid: number;
  /** In the system's own unit: a pid may be reused. Empty if the system does not report it. */
  readonly start: string;
}

/** Whether a process is running; `unknown` if it belongs to another machine or this one does not report it. */
export type ProcessState = 'running' | 'ended' | 'unknown';

export interface Processes {
  readonly own: () => Promise<ProcessId>;
  /** `ended` only if it certainly has. */
  readonly stateOf: (process: ProcessId) => Promise<ProcessState>;
}

/** A process as one word, which `processIn` reads. */
export function processText({ machine, pid, start }: ProcessId): string {
  return `${machine}/${pid}/${start}`;
}

/** Undefined if this was not written by `processText`. */
export function processIn(text: string): ProcessId | undefined {
  const [, machine = '', pid, start = ''] = /^([^/\s]+)\/(\d+)\/(\d*)$/.exec(text) ?? [];
  return pid === undefined ? undefined : { machine, pid: Number(pid), start };
}
