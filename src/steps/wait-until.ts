/** Waits in a step until a check succeeds. */

import { type PollOptions, poll } from '../engine/poll.js';
import type { CallContext } from '../engine/step.js';
import type { FleetContext } from './context.js';

/** How often and how long; both in ms. */
export type Patience = Required<Pick<PollOptions, 'everyMs' | 'limitMs' | 'onTimeout'>>;

/** The first answer that is neither `false` nor undefined. */
export async function waitUntil<T>(
  context: Pick<FleetContext, 'clients'>,
  call: CallContext,
  patience: Patience,
  check: () => Promise<T | false | undefined>,
): Promise<T> {
  const { clock } = context.clients.world;
  const answer = async (): Promise<T | undefined> => {
    const found = await check();
    return found === false ? undefined : found;
  };
  return await poll(answer, { clock, signal: call.signal, ...patience });
}
