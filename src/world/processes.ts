/** The port to the processes of this machine: which one this run is, and whether another one still runs. */

/** A process, told from every other one on any machine. */
export interface ProcessId {
  /** Of the machine as it runs now: made of what a copied folder, image or home on a network disk does not bring along. */
  readonly machine: string;
  readonly pid: number;
  /** When it started, in the system's own measure: a later process may have the same number. Empty: the system does not tell. */
  readonly start: string;
}

/** Whether a process runs; `unknown`: it is of another machine, or this one does not tell. */
export type ProcessState = 'running' | 'ended' | 'unknown';

export interface Processes {
  /** This very process. */
  readonly own: () => Promise<ProcessId>;
  /** `ended` only when it surely has. */
  readonly stateOf: (process: ProcessId) => Promise<ProcessState>;
}

/** A process as one word, which `processIn` reads. */
export function processText({ machine, pid, start }: ProcessId): string {
  return `${machine}/${pid}/${start}`;
}

/** Undefined: this is no process as `processText` writes it. */
export function processIn(text: string): ProcessId | undefined {
  const [, machine = '', pid, start = ''] = /^([^/\s]+)\/(\d+)\/(\d*)$/.exec(text) ?? [];
  return pid === undefined ? undefined : { machine, pid: Number(pid), start };
}
