/** An exec port that answers what a test says, and keeps what it was asked. */
import type { Call } from '../../src/tools/run.js';
import type { Exec, ExecRequest, ExecResult, OutputLine } from '../../src/world/exec.js';

/** An exit with status 0 unless said otherwise. */
export function exited(stdout = '', more: { readonly code?: number; readonly stderr?: string } = {}): ExecResult {
  return { kind: 'exited', code: 0, stderr: '', stdout, ...more };
}

/** Answers every request alike; lines reach the listener before the end, as from a real program. */
export function scriptedExec(answer: ExecResult): { readonly exec: Exec; readonly asked: ExecRequest[] } {
  const asked: ExecRequest[] = [];
  const exec: Exec = (request) => {
    asked.push(request);
    if (answer.kind !== 'not-found') {
      const tell = (stream: OutputLine['stream'], text: string): void => {
        for (const line of text.split('\n')) if (line !== '') request.onLine?.({ stream, text: line });
      };
      tell('stdout', answer.stdout);
      tell('stderr', answer.stderr);
    }
    return Promise.resolve(answer);
  };
  return { exec, asked };
}

/** A call, and the lines that were said to its user. */
export function listening(): { readonly call: Call; readonly said: string[] } {
  const said: string[] = [];
  return { call: { signal: new AbortController().signal, say: (line) => void said.push(line) }, said };
}

/** The reason of a rejection. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (thrown) {
    return thrown;
  }
  return undefined;
}
