/** Tells while `kubectl karmada init` or `register` waits why pods do not start: by itself it says so only after minutes, and not why. */
import { poll } from '../../engine/poll.js';
import type { CallContext } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import { karmadaNamespace } from '../../fleet/names.js';
import { explainedByPods, type StuckPods, stuckPods } from '../../status/stuck-pods.js';
import type { KubeAccess } from '../../tools/kubectl/commands.js';
import { type FleetContext, seconds } from '../context.js';

/** A volume, a node and an image take some seconds; what is the same at the third look is no beginning. */
const looks = { everyMs: seconds(20), same: 3 } as const;

/** What another component's start ends, and what starts by itself once that works, is left out. */
const lasting: readonly StuckPods['kind'][] = ['image', 'place', 'create'];

/** Of Karmada's namespace in this cluster. Ends when `until` is aborted because the tool has ended. */
export async function tellStuckPods(
  { clients }: FleetContext,
  access: KubeAccess,
  call: CallContext,
  until: AbortSignal,
): Promise<void> {
  let seen: ReadonlyMap<string, number> = new Map();
  const look = async (): Promise<undefined> => {
    const found = await stuckPods(clients, access, karmadaNamespace, call);
    const held = found.filter(({ kind }) => lasting.includes(kind));
    const now = new Map(held.map(({ key }) => [key, (seen.get(key) ?? 0) + 1]));
    for (const { key, text } of held) if (now.get(key) === looks.same) call.say(`not starting: ${text}`, 'lasting');
    seen = now;
  };
  await poll(look, { clock: clients.world.clock, signal: call.signal, until, everyMs: looks.everyMs });
}

/** A failure of the tool with what the cluster knows of its cause: the tool knows only that something is not ready. */
export async function explained(
  { clients }: FleetContext,
  access: KubeAccess,
  thrown: unknown,
  call: CallContext,
): Promise<unknown> {
  const isExplainable =
    thrown instanceof Problem && ['karmada-init-failed', 'register-failed', 'tool-timed-out'].includes(thrown.code);
  return isExplainable ? await explainedByPods(clients, access, thrown, call) : thrown;
}
