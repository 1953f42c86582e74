/** The processes of a rehearsed machine: all that ran since the account was opened, each on a machine of its host's name. */
import { isDeepStrictEqual } from 'node:util';
import type { Processes, ProcessId } from '../../world/processes.js';
import type { ProcessContext } from './process.js';

/** The processes port of one process, which runs from here on. */
export function rehearsedProcesses({ account, machine, life }: ProcessContext, pid: number): Processes {
  const own: ProcessId = { machine: `machine-${machine.host}`, pid, start: String(account.now()) };
  account.processes.push({ id: own, alive: life.alive });
  return {
    own: () => life.guard(async () => own),
    stateOf: (process) =>
      life.guard(async () => {
        if (process.machine !== own.machine) return 'unknown';
        const found = account.processes.find(({ id }) => isDeepStrictEqual(id, process));
        return found?.alive() ? 'running' : 'ended';
      }),
  };
}
