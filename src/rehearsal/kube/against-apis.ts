/** What the simulated kubectl and kubectl-karmada share: the APIs settle after a command, and print why they refuse one. */
import type { ToolProcess } from '../simulation.js';
import { printedRefusal, Refusal } from './api-server/refusal.js';
import { settleApis } from './settle.js';

/** The exit status of the command; 1 when an API refuses it. */
export async function againstApis(process: ToolProcess, command: () => Promise<number>): Promise<number> {
  try {
    const status = await command();
    settleApis(process.simulation);
    return status;
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    for (const line of printedRefusal(thrown).split('\n')) process.err(line);
    return 1;
  }
}
