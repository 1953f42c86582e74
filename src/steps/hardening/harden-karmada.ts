/**
 * Brings every component of Karmada into a form in which it can be rolled, drained and moved, of fleets that were made before too: one
 * component after the other and one pod after the other, so that Karmada's API goes on answering.
 */

import type { CallContext, Step } from '../../engine/step.js';
import { type KarmadaComponent, karmadaComponents } from '../../fleet/karmada-components.js';
import { karmadaNamespace } from '../../fleet/names.js';
import { manager } from '../../status/failover-state.js';
import { type ComponentHealth, karmadaHealth, karmadaWorkloads, unhealthy } from '../../status/karmada-health.js';
import { kubectlCommands } from '../../tools/kubectl/commands.js';
import type { ComponentWorkload } from '../../tools/kubectl/objects.js';
import { type FleetContext, parentAccess, seconds } from '../context.js';
import { type Difference, differencesOf, patchOf, restarts, withoutRestart } from './component-form.js';
import { isShared, roomIn } from './component-room.js';
import { budget, withoutBudget } from './disruption-budgets.js';
import { movedByRestart } from './moved-at-once.js';
import { awaitRollouts, heldBack, rollEtcd } from './roll-out.js';

/** A component that is not as it is to be. */
interface Unlike {
  readonly component: KarmadaComponent;
  readonly differences: readonly Difference[];
}

export function hardenKarmada(context: FleetContext): Step {
  const access = parentAccess(context);
  return {
    id: 'harden-karmada',
    title: 'prepare Karmada for drains, rollouts and the loss of a node',
    scope: 'parent',
    // Karmada works without it: a pod that finds no node keeps nothing else from being repaired or joined.
    failsAlone: true,
    expectedMs: seconds(5),
    preview: () => ({
      changes: [
        `PodDisruptionBudgets: a drain takes one pod of each of ${karmadaComponents.length} components at a time`,
        'rollouts that need no spare node; pods of a lost node move after a minute, those of etcd stay apart',
      ],
      commands: [
        kubectlCommands.apply(access, [{ '<PodDisruptionBudgets>': 'one for each component' }]),
        kubectlCommands.strategicPatch(
          access,
          { kind: 'deployments', name: '<component>', namespace: karmadaNamespace },
          { '<what differs>': '<as it is to be>' },
        ),
      ],
    }),
    check: async (call) => {
      const [bare, unlike, health] = await Promise.all([
        withoutBudget(context, call),
        unlikeOnes(context, call),
        karmadaHealth(context.clients, access, call),
      ]);
      const covered = karmadaComponents.length - bare.length;
      const missing = [
        ...unhealthy(health),
        ...(bare.length === 0 ? [] : [`PodDisruptionBudgets: ${covered} of ${karmadaComponents.length}`]),
        ...linesOf(unlike),
        ...(unlike.some(({ differences }) => restarts(differences)) ? [oneAfterAnother] : []),
      ];
      return missing.length === 0 ? { state: 'ready', drift: stopped(health) } : { state: 'partial', missing };
    },
    destroys: async (call) => {
      const unlike = await unlikeOnes(context, call);
      const isRestarted = unlike.some((each) => each.component.name === manager && restarts(each.differences));
      return isRestarted ? await movedByRestart(context, call) : [];
    },
    apply: async (call) => {
      const bare = await withoutBudget(context, call);
      const budgets = bare.map((component) => budget(context.fleet.id, component));
      if (budgets.length > 0) await context.clients.kubectl.apply(access, budgets, call);
      const unlike = await unlikeOnes(context, call);
      // First what restarts nothing, among it the strategy: with the wrong one a rollout may be stuck.
      for (const { component, differences } of unlike) {
        const now = withoutRestart(differences);
        if (now.length > 0) await patch(context, { component, differences: now }, call);
      }
      for (const each of unlike) if (restarts(each.differences)) await roll(context, each, call);
      await awaitRollouts(context, call);
    },
  };
}

const oneAfterAnother = 'pods are replaced one after the other; the Karmada API stays available';

function stopped(health: readonly ComponentHealth[]): readonly string[] {
  return health
    .filter(({ exists, wanted }) => exists && wanted === 0)
    .map(
      ({ name }) =>
        `${name} has 0 replicas; start it: kubectl -n ${karmadaNamespace} scale deployment ${name} --replicas 2`,
    );
}

/** One line for each kind of difference, with the components that have it. */
function linesOf(unlike: readonly Unlike[]): readonly string[] {
  const kinds = new Set(unlike.flatMap(({ differences }) => differences.map(({ what }) => what)));
  return [...kinds].map((kind) => {
    const have = unlike.filter(({ differences }) => differences.some(({ what }) => what === kind));
    const names = have.map(({ component }) => component.name);
    const others = karmadaComponents.map(({ name }) => name).filter((name) => !names.includes(name));
    if (others.length === 0) return `${kind}: all components`;
    return `${kind}: ${others.length === 1 ? `all components but ${others.join()}` : names.join(', ')}`;
  });
}

/** In the order in which they are changed: who is needed by others comes first. */
async function unlikeOnes(context: FleetContext, call: CallContext): Promise<readonly Unlike[]> {
  const workloads = await karmadaWorkloads(context.clients, parentAccess(context), call);
  const found = karmadaComponents.flatMap((component) => {
    const workload = workloads.find(({ metadata }) => metadata.name === component.name);
    return workload === undefined ? [] : [{ component, workload }];
  });
  const enough = {
    nodes: Number.POSITIVE_INFINITY,
    etcdApart: true,
    keepsTolerations: false,
    isShared: isShared(context),
  };
  const isAlike = found.every(({ component, workload }) => differencesOf(component, workload, enough).length === 0);
  const roomFor = isAlike ? () => enough : await roomIn(context, call);
  return found
    .map(({ component, workload }) => ({
      component,
      differences: [...differencesOf(component, workload, roomFor(workload)), ...unfinished(workload)],
    }))
    .filter(({ differences }) => differences.length > 0);
}

/** A run that ended while it rolled etcd, or replaced a member of it, left some members as they were. */
function unfinished(workload: ComponentWorkload): readonly Difference[] {
  return heldBack(workload) === 0 ? [] : [{ what: 'rollout not finished', pod: {} }];
}

async function patch(context: FleetContext, { component, differences }: Unlike, call: CallContext): Promise<void> {
  const ref = { kind: component.kind, name: component.name, namespace: karmadaNamespace };
  await context.clients.kubectl.strategicPatch(parentAccess(context), ref, patchOf(component, differences), call);
}

/** Only while all others are complete: one component at a time is without a pod. */
async function roll(context: FleetContext, each: Unlike, call: CallContext): Promise<void> {
  const { component, differences } = each;
  await awaitRollouts(context, call);
  call.say(`${component.name}: replacing its pods one after the other`, 'lasting');
  if (component.name === 'etcd') await rollEtcd(context, patchOf(component, differences), call);
  else await patch(context, each, call);
}
