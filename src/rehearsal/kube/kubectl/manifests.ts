/** The objects that kubectl reads from standard input: one, or a List of them. */
import { unmodelled } from '../../arguments.js';
import { isJson, type Json, listAt } from '../../json.js';
import type { ToolProcess } from '../../simulation.js';

export function readManifests(process: ToolProcess): Json[] {
  let read: unknown;
  try {
    read = JSON.parse(process.stdin);
  } catch (cause) {
    throw unmodelled('kubectl', process, `standard input is not JSON: ${String(cause)}`);
  }
  const items = isJson(read) && read['kind'] === 'List' ? listAt(read, 'items') : [read];
  return items.filter(isJson);
}
