/** What remains of the fleet in a parent that is kept. */

import type { CallContext, Step } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import { clustersOf } from '../../fleet/fleet.js';
import { restoreExisting } from '../cluster/addons/add-ebs-driver.js';
import type { FleetContext } from '../context.js';
import { removeStorageClass } from './add-storage-class.js';
import { isOwnParent } from './parent-parts.js';

/**
 * What of the fleet’s things in a parent that was there before stays, for others use it; nothing of one that does not
 * respond.
 */
export async function remainingInParent(context: FleetContext, call: CallContext): Promise<readonly string[]> {
  const [parent] = clustersOf(context.fleet);
  if (parent === undefined || isOwnParent(context)) return [];
  const notes = async ({ check }: Step): Promise<readonly string[]> => {
    try {
      const found = await check(call);
      return found.state === 'ready' && found.note !== undefined ? [found.note] : [];
    } catch (thrown) {
      if (!(thrown instanceof Problem) || thrown.code === 'interrupted') throw thrown;
      return [];
    }
  };
  return [...(await notes(removeStorageClass(context))), ...(await notes(restoreExisting(context, parent)))];
}
