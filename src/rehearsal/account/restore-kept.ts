/** The simulated account that an earlier command kept, if it can still be read. */
import { Problem } from '../../errors/problem.js';
import { type Account, newAccount, restore } from '../account.js';

/** @throws Problem `rehearsal-unreadable` for a file that was cut off, written by hand, or kept by another version */
export function restoreKept(text: string, path: string, speed: number): Account {
  const state = parsed(text, path);
  const expected = Object.entries(newAccount().state);
  const odd = expected.filter(([key, value]) => kindOf(state[key]) !== kindOf(value)).map(([key]) => key);
  if (odd.length > 0) throw unreadable(path, `not as this version keeps it: ${odd.join(', ')}`);
  return restore(text, speed);
}

function parsed(text: string, path: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (kindOf(value) === 'record') return value as Readonly<Record<string, unknown>>;
  } catch (cause) {
    throw unreadable(path, cause instanceof Error ? cause.message : String(cause), cause);
  }
  throw unreadable(path, 'it holds no account');
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'list';
  return typeof value === 'object' && value !== null ? 'record' : typeof value;
}

function unreadable(path: string, why: string, cause?: unknown): Problem {
  return new Problem('rehearsal-unreadable', {
    what: `the simulated account in ${path} cannot be read`,
    why,
    next: [`remove that file, and rehearse in a new account: rm '${path}'`],
    cause,
  });
}
