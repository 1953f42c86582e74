/**
 * Gives the components their form while `kubectl karmada init` creates and awaits them: pods that have hardly started are replaced at
 * once, so that nothing that works has to be rolled afterwards. What it does not reach in time is done by harden-karmada.
 */

import { poll } from '../../engine/poll.js';
import type { CallContext } from '../../engine/step.js';
import { type KarmadaComponent, karmadaComponents } from '../../fleet/karmada-components.js';
import { karmadaNamespace } from '../../fleet/names.js';
import { componentWorkload } from '../../tools/kubectl/objects.js';
import { type FleetContext, parentAccess } from '../context.js';
import { differencesOf, patchOf } from './component-form.js';
import { roomIn } from './component-room.js';

/** All at once: none of these pods serves anybody. harden-karmada sets the lasting strategy, which restarts nothing. */
const allAtOnce = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: '100%' } };

const all = { kind: 'deployments', namespace: karmadaNamespace } as const;

/** Pods that become available within a second or two are in use soon after. */
const everyMs = 500;

/** Ends when every Deployment has been seen, or `until` is aborted because init has ended. */
export async function formWhileInitWaits(context: FleetContext, call: CallContext, until: AbortSignal): Promise<void> {
  const { clients } = context;
  let left: readonly KarmadaComponent[] = karmadaComponents.filter(({ kind }) => kind === 'deployments');
  const roomFor = await roomIn(context, call);
  const seen = async (): Promise<true | undefined> => {
    const workloads = await clients.kubectl.list(parentAccess(context), all, componentWorkload, call);
    for (const component of left) {
      const found = workloads.find(({ metadata }) => metadata.name === component.name);
      if (found === undefined) continue;
      left = left.filter((each) => each !== component);
      const room = { ...roomFor(found), nodes: found.spec.replicas ?? 1 };
      const { spec } = patchOf(component, differencesOf(component, found, room));
      const ref = { kind: component.kind, name: component.name, namespace: karmadaNamespace };
      const patch = { spec: { ...spec, strategy: allAtOnce } };
      await clients.kubectl.strategicPatch(parentAccess(context), ref, patch, call);
    }
    return left.length === 0 ? true : undefined;
  };
  await poll(seen, { clock: clients.world.clock, signal: call.signal, until, everyMs });
}
