/** Positional arguments, where a tool would take a value that begins with a dash for a flag. */
import { Problem } from '../errors/problem.js';

/**
 * The value, unchanged. Names from the configuration are validated before; those from AWS and from clusters are checked
 * here. Spaces are harmless: there is no shell, and an argument is never split.
 * @throws Problem `invalid-value` for one that is empty, begins with a dash or contains line breaks or control
 * characters
 */
export function positional(value: string): string {
  if (/^(?!-)[^\p{C}\u2028\u2029]+$/u.test(value)) return value;
  throw new Problem('invalid-value', {
    what: `${JSON.stringify(value.slice(0, 100))} is not a valid name`,
    why: 'a tool would take it for a flag, or for several lines',
    next: ['check where the name comes from: a tag in AWS, or an object in a cluster'],
  });
}
