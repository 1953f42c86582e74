/** How kubectl prints JSON. */
import type { ToolProcess } from '../../simulation.js';

/** Prints JSON line by line, indented as kubectl does. */
export function printJson(process: ToolProcess, value: unknown, indent = 4): void {
  for (const line of JSON.stringify(value, null, indent).split('\n')) process.out(line);
}
