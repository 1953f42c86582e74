/** Starts Karmada again after a restore, in the order in which its components need each other. */
import type { CallContext, Step } from '../../engine/step.js';
import { karmadaComponents } from '../../fleet/karmada-components.js';
import { karmadaNamespace } from '../../fleet/names.js';
import { markRestoring, readRestoring } from '../../state/restoring.js';
import { kubectlCommands } from '../../tools/kubectl/commands.js';
import { type FleetContext, parentAccess, seconds } from '../context.js';
import { awaitRollouts } from '../hardening/roll-out.js';

/** Controllers that start before the aggregated API server end and start again, several times (observed). */
const order: readonly (readonly string[])[] = [
  ['karmada-apiserver'],
  ['karmada-aggregated-apiserver', 'karmada-webhook'],
  ['kube-controller-manager', 'karmada-controller-manager', 'karmada-scheduler'],
];

export function startKarmada(context: FleetContext, withWhat = 'with what was restored'): Step {
  const { clients } = context;
  const access = parentAccess(context);
  return {
    id: 'start-karmada',
    title: `start Karmada ${withWhat}`,
    scope: 'parent',
    expectedMs: seconds(60),
    preview: () => ({
      changes: ['API servers, then controllers, as many as before'],
      commands: [
        kubectlCommands.mergePatch(
          access,
          { kind: 'deployments', name: '<component>', namespace: karmadaNamespace },
          { spec: { replicas: '<as before>' } },
        ),
      ],
    }),
    check: async (call) => ({ state: (await readRestoring(clients, access, call)) === undefined ? 'ready' : 'absent' }),
    apply: async (call) => {
      const mark = await readRestoring(clients, access, call);
      for (const names of order) await start(context, names, mark?.replicas ?? {}, call);
      await markRestoring(clients, access, null, call);
    },
  };
}

/** `before`: how many there were of each. */
async function start(
  context: FleetContext,
  names: readonly string[],
  before: Readonly<Record<string, number>>,
  call: CallContext,
): Promise<void> {
  const { clients } = context;
  const access = parentAccess(context);
  for (const { kind, name, replicas } of karmadaComponents.filter((each) => names.includes(each.name))) {
    const patch = { spec: { replicas: before[name] ?? replicas } };
    await clients.kubectl.mergePatch(access, { kind, name, namespace: karmadaNamespace }, patch, call);
  }
  await awaitRollouts(context, call);
}
