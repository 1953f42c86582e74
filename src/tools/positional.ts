/** Values that stand alone on a command line, where a tool would take one that begins with a dash for a flag. */
import { Problem } from '../errors/problem.js';

/**
 * The value as it is. Names from the configuration are checked before; those from AWS and from clusters come here as they
 * were read. Blanks do no harm: there is no shell, and an argument is never split.
 * @throws Problem `invalid-value` for one that is empty, begins with a dash or holds line ends or control characters
 */
export function positional(value: string): string {
  if (/^(?!-)[^\p{C}\u2028\u2029]+$/u.test(value)) return value;
  throw new Problem('invalid-value', {
    what: `${JSON.stringify(value.slice(0, 100))} cannot be the name of anything`,
    why: 'a tool would take it for a flag, or for several lines',
    next: ['see where the name comes from: a tag in AWS, or an object in a cluster'],
  });
}
