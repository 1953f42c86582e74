/** What is really piped into this process. */
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { Problem } from '../../errors/problem.js';
import type { ReadInput } from '../standard-input.js';

/** Nothing is read before the first call: a program that is not asked for its input must not wait for it. */
export function realInput(stdin: Readable & { readonly isTTY?: boolean } = process.stdin): ReadInput {
  let whole: Promise<string> | undefined;
  return async (signal) => {
    if (stdin.isTTY === true) return undefined;
    whole ??= text(stdin).catch((cause: unknown) => {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new Problem('config-unreadable', { what: 'standard input cannot be read', why, next: [], cause });
    });
    return await Promise.race([whole, stopped(signal)]);
  };
}

async function stopped(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, 'abort');
  throw new Problem('interrupted', { what: 'stopped while reading standard input' });
}
