/** Prints and waits as kubectl-karmada does: klog lines, a last error, a poll every second until a time-out. */
import type { ToolProcess } from '../../simulation.js';
import { Refusal } from '../api-server/refusal.js';
import { settleApis } from '../settle.js';

/** One line of klog on standard error: `I0131 12:00:00.000000       1 deploy.go] text`. */
export function klog(process: ToolProcess, level: 'I' | 'W' | 'E' | 'F', text: string): void {
  const [date = '', time = ''] = new Date(process.simulation.now()).toISOString().split('T');
  process.err(`${level}${date.slice(5, 7)}${date.slice(8, 10)} ${time.slice(0, 12)}000       1 deploy.go:1] ${text}`);
}

/** The error that ends the program with status 1. */
export function failure(text: string): Refusal {
  return new Refusal('Connection', `error: ${text}`);
}

const pollMs = 1_000;

/**
 * Looks once a second until nothing is missing any more.
 * @param missing what is still missing, or undefined when all is there
 * @returns undefined, or after `timeoutMs` what was missing at the last poll
 */
export async function waitUntil(
  process: ToolProcess,
  timeoutMs: number,
  missing: () => string | undefined,
): Promise<string | undefined> {
  const deadline = process.simulation.now() + timeoutMs;
  for (;;) {
    settleApis(process.simulation);
    const left = missing();
    if (left === undefined || process.simulation.now() >= deadline) return left;
    await process.takes(Math.min(pollMs, deadline - process.simulation.now()));
  }
}
