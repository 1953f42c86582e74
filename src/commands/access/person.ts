/** Names of people, as they become the user of a certificate and part of the name of an object. */
import { Problem } from '../../errors/problem.js';

/** No colon, so that nobody is called `system:…`, which Kubernetes keeps for itself. */
const personPattern = /^[A-Za-z0-9]([A-Za-z0-9._@-]{0,61}[A-Za-z0-9])?$/;

/** @param source the flag or argument that it comes from @throws Problem `missing-value`, `invalid-value` */
export function personFrom(name: string | undefined, source: string): string {
  if (name === undefined)
    throw new Problem('missing-value', {
      what: `${source} is required`,
      next: [`set ${source}, e.g. alice@example.com`],
    });
  if (personPattern.test(name)) return name;
  throw new Problem('invalid-value', {
    what: `${source}: expected letters, digits, ".", "_", "@" and "-", at most 63, got ${JSON.stringify(name)}`,
  });
}
