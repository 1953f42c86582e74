/** The times of a Lease, which an API server takes with six digits after the second and no others. */

import { textAt } from '../../json.js';
import type { KubeObjectState } from '../../state.js';
import { Refusal } from './refusal.js';

/** The words of Kubernetes 1.34 (observed), in which `.000000` is how Go writes the form. */
export function requireMicroTimes(lease: KubeObjectState): void {
  for (const field of ['acquireTime', 'renewTime']) {
    const time = textAt(lease, 'spec', field);
    if (time === '' || /T\d\d:\d\d:\d\d\.\d{6}Z$/.test(time)) continue;
    const why = `parsing time "${time}" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "${time.slice(19)}" as ".000000"`;
    throw new Refusal('BadRequest', `Lease in version "v1" cannot be handled as a Lease: ${why}`);
  }
}
