/** Tells while `kubectl karmada init` waits why pods do not start: by itself it says so only after minutes, and not why. */
import { poll } from '../../engine/poll.js';
import type { CallContext } from '../../engine/step.js';
import { karmadaNamespace } from '../../fleet/names.js';
import { type StuckPods, stuckPods } from '../../status/stuck-pods.js';
import { type FleetContext, parentAccess, seconds } from '../context.js';

/** A volume, a node and an image take some seconds; what is the same at the third look is no beginning. */
const looks = { everyMs: seconds(20), same: 3 } as const;

/** What another component's start ends, and what starts by itself once that works, is left out. */
const lasting: readonly StuckPods['kind'][] = ['image', 'place', 'create'];

/** Ends when `until` is aborted because init has ended. */
export async function tellStuckPods(context: FleetContext, call: CallContext, until: AbortSignal): Promise<void> {
  const { clients } = context;
  let seen: ReadonlyMap<string, number> = new Map();
  const look = async (): Promise<undefined> => {
    const found = await stuckPods(clients, parentAccess(context), karmadaNamespace, call);
    const held = found.filter(({ kind }) => lasting.includes(kind));
    const now = new Map(held.map(({ key }) => [key, (seen.get(key) ?? 0) + 1]));
    for (const { key, text } of held) if (now.get(key) === looks.same) call.say(`not starting: ${text}`, 'lasting');
    seen = now;
  };
  await poll(look, { clock: clients.world.clock, signal: call.signal, until, everyMs: looks.everyMs });
}
