/**
 * Lets three etcd members find each other while `kubectl karmada init` waits for them.
 *
 * init makes a StatefulSet that starts its pods one by one, each waiting for the readiness of the one before; readiness
 * needs a quorum, and the headless Service hides pods that are not ready. So the first pod waits forever (observed with
 * 1.18.2; by source 1.17.3 to 1.19.0-rc.0). Both halves of the remedy are needed: publish pods that are not ready, and
 * start all pods at once. podManagementPolicy cannot be changed, so the StatefulSet is replaced, in the form that harden-karmada
 * wants; its one pod starts again with it, and its volume is kept.
 */

import { etcdStatefulSet } from '../../access/etcd.js';
import { poll } from '../../engine/poll.js';
import type { CallContext } from '../../engine/step.js';
import { karmadaComponents } from '../../fleet/karmada-components.js';
import { karmadaNamespace } from '../../fleet/names.js';
import { kubectlCommands } from '../../tools/kubectl/commands.js';
import { type ComponentWorkload, componentWorkload, service } from '../../tools/kubectl/objects.js';
import type { Command } from '../../world/exec.js';
import { type FleetContext, parentAccess, seconds } from '../context.js';
import { differencesOf, formed } from '../hardening/component-form.js';
import { roomIn } from '../hardening/component-room.js';

const serviceRef = { kind: 'services', name: 'etcd', namespace: karmadaNamespace } as const;
const [etcd] = karmadaComponents;
const publishing = { spec: { publishNotReadyAddresses: true } };

/** Looks until the StatefulSet is there, mends it once, and ends; or ends when `until` is aborted because init has ended. */
export async function remedyEtcd(context: FleetContext, call: CallContext, until: AbortSignal): Promise<void> {
  const access = parentAccess(context);
  const { kubectl, world } = context.clients;
  const repaired = async (): Promise<true | undefined> => {
    const found = await kubectl.get(access, serviceRef, service, call);
    const set = found === undefined ? undefined : await kubectl.get(access, etcdStatefulSet, componentWorkload, call);
    if (set !== undefined) {
      call.say('etcd: starting all members at once so that they reach quorum');
      await kubectl.mergePatch(access, serviceRef, publishing, call);
      if (set.spec.podManagementPolicy !== 'Parallel') await replace(context, call, set);
      return true;
    }
    return undefined;
  };
  await poll(repaired, { clock: world.clock, signal: call.signal, until, everyMs: seconds(1) });
}

/** The commands of the remedy, for a plan. */
export function remedyCommands(context: FleetContext): readonly Command[] {
  const access = parentAccess(context);
  return [
    kubectlCommands.mergePatch(access, serviceRef, publishing),
    kubectlCommands.remove(access, etcdStatefulSet),
    kubectlCommands.create(access, {
      '<StatefulSet etcd>': 'as it was, with podManagementPolicy: Parallel, one member per node',
    }),
  ];
}

async function replace(context: FleetContext, call: CallContext, set: ComponentWorkload): Promise<void> {
  const access = parentAccess(context);
  const { name, namespace, labels, annotations } = set.metadata;
  const spec = formed(etcd, set, differencesOf(etcd, set, (await roomIn(context, call))(set)));
  const parallel = {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name, namespace, ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}) },
    spec: { ...spec, podManagementPolicy: 'Parallel' },
  };
  await context.clients.kubectl.remove(access, etcdStatefulSet, call);
  await context.clients.kubectl.create(access, parallel, call);
}
