/** How eksctl prints (0.230.0): its log goes to standard output, its last word on an error to standard error. */
import type { ToolProcess } from '../simulation.js';

/** Ends eksctl with status 1 and `Error: <message>`. */
export class EksctlFailure extends Error {
  override readonly name = 'EksctlFailure';
}

export interface EksctlLog {
  readonly info: (text: string) => void;
  readonly success: (text: string) => void;
  readonly warning: (text: string) => void;
  readonly critical: (text: string) => void;
}

/** The log of one run: `2026-11-22 12:00:00 [ℹ]  text`, without colour as when piped. */
export function logOf(process: ToolProcess): EksctlLog {
  const print = (mark: string) => (text: string) => {
    const stamp = new Date(process.simulation.now()).toISOString().slice(0, 19).replace('T', ' ');
    for (const [index, line] of text.split('\n').entries())
      process.out(index === 0 ? `${stamp} [${mark}]  ${line}` : line);
  };
  return { info: print('ℹ'), success: print('✔'), warning: print('!'), critical: print('✖') };
}

/** An AWS error as eksctl's SDK words it. */
export function sdkError(service: string, operation: string, status: number, error: string): string {
  const id = '00000000-0000-4000-8000-000000000000';
  return `operation error ${service}: ${operation}, https response error StatusCode: ${status}, RequestID: ${id}, ${error}`;
}
