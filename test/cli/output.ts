/** What a user reads of a run that did not go well: the problem as it was shown, and the exit code. */
import type { Ended } from '../lifecycle/cli.js';

/** From the problem's first line on, without the progress before it. */
export function said({ code, stderr }: Ended): string {
  const problem = stderr.indexOf('✖');
  return `${problem === -1 ? '' : stderr.slice(problem)}exit ${code}`;
}
