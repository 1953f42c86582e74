/** Waits in a step until a look says yes. */

import { poll } from '../engine/poll.js';
import type { CallContext } from '../engine/step.js';
import type { Problem } from '../errors/problem.js';
import type { FleetContext } from './context.js';

/** How often and how long; both in ms. */
export interface Patience {
  readonly everyMs: number;
  readonly limitMs: number;
  readonly onTimeout: () => Problem;
}

export async function waitUntil(
  site: Pick<FleetContext, 'clients'>,
  context: CallContext,
  patience: Patience,
  look: () => Promise<boolean>,
): Promise<void> {
  const { clock } = site.clients.world;
  const answer = async (): Promise<true | undefined> => ((await look()) ? true : undefined);
  await poll(answer, { clock, signal: context.signal, ...patience });
}
