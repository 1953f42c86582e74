/**
 * Removes a Karmada control plane, complete or partial, with its volumes; the load balancer and the namespace are kept.
 */

import { etcdPods } from '../../access/etcd.js';
import type { Destruction, DestructiveFlag } from '../../engine/destruction.js';
import type { CallContext, Step } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import { karmadaNamespace } from '../../fleet/names.js';
import { markInstalled, readFleetConfigMap } from '../../state/fleet-configmap.js';
import { explainedByHolders, withReason } from '../../status/held-deletions.js';
import { karmadaWorkloads } from '../../status/karmada-health.js';
import { karmadaCommands } from '../../tools/karmada/commands.js';
import { kubectlCommands } from '../../tools/kubectl/commands.js';
import { anyObject, claim } from '../../tools/kubectl/objects.js';
import { type FleetContext, minutes, parentAccess, seconds } from '../context.js';
import { budgetsOf } from '../hardening/disruption-budgets.js';
import { type Patience, waitUntil } from '../wait-until.js';
import { areDeleted, etcdVolumes, whyKept } from './etcd-volumes.js';
import { etcdClaims, karmadaHolds } from './karmada-condition.js';
import { karmadaVerdict, whyLeft } from './parent-parts.js';

/** @param coming names of the members that may be on their way into Karmada */
export function removeKarmada(context: FleetContext, coming: readonly string[]): Step {
  const access = parentAccess(context);
  return {
    id: 'undo/init-karmada',
    title: 'delete Karmada and its volumes',
    scope: 'parent',
    expectedMs: minutes(2),
    preview: () => ({
      changes: ['the Karmada control plane and all its state', 'the volumes of its etcd'],
      commands: [
        karmadaCommands.deinit(access),
        kubectlCommands.remove(access, etcdClaims),
        kubectlCommands.remove(access, budgetsOf(context.fleet.id)),
      ],
    }),
    preflight: (call) => unmarked(context, call),
    check: async (call) => {
      const problem = await unmarked(context, call);
      if (problem !== undefined) return { state: 'blocked', problem };
      const isGoing =
        (await isLeft(context, call)) ||
        ((await isOurs(context, call)) && (await etcdVolumes(context, call)).length > 0);
      if (isGoing) return { state: 'absent' };
      const verdict = (await isThere(context, call)) ? await karmadaVerdict(context, call) : undefined;
      return { state: 'ready', ...whyLeft('the Karmada control plane', verdict) };
    },
    destroys: async (call) => {
      if (!(await isLeft(context, call))) return [];
      // A run that was killed may have left an agent that comes by itself.
      const soon = coming.map((name) => `member ${name}`);
      const holds = [...new Set([...(await karmadaHolds(context, call)), ...soon])];
      return [await controlPlaneDestruction(context, holds, '--confirm', call)];
    },
    apply: async (call) => {
      const volumes = await etcdVolumes(context, call);
      await removeControlPlane(context, call);
      const explained = async (problem: Problem): Promise<Problem> =>
        withReason(problem, await whyKept(context, volumes, call));
      await waitUntil(context, call, patience(context, 'the storage of etcd', explained), () =>
        areDeleted(context, volumes, call),
      );
    },
  };
}

/** @param flag which agrees to it */
export async function controlPlaneDestruction(
  context: FleetContext,
  holds: readonly string[],
  flag: DestructiveFlag,
  call: CallContext,
): Promise<Destruction> {
  const { fleet } = context;
  return {
    how: 'delete',
    kind: 'Karmada control plane',
    name: `of fleet ${fleet.name} in ${fleet.parent.cluster}`,
    holds,
    evidence: (await karmadaVerdict(context, call)).evidence,
    flag,
  };
}

/**
 * Does nothing if there is nothing. The record that Karmada is complete is revoked last: after a kill the next run
 * finds out by checking.
 */
export async function removeControlPlane(context: FleetContext, call: CallContext): Promise<void> {
  if (!(await isLeft(context, call))) return;
  const access = parentAccess(context);
  const { kubectl, karmada } = context.clients;
  call.say('removing the installed parts of the control plane');
  await karmada.deinit(access, call);
  // Without their StatefulSet, when a run died while it replaced that; they hold the claims.
  await kubectl.remove(access, etcdPods, call);
  // deinit leaves the claims, and a new etcd on old data brings the old fleet back (observed with 1.18.2).
  await kubectl.remove(access, etcdClaims, call);
  await kubectl.remove(access, budgetsOf(context.fleet.id), call);
  const explained = (problem: Problem): Promise<Problem> =>
    explainedByHolders(context.clients, access, karmadaNamespace, problem, call);
  await waitUntil(
    context,
    call,
    patience(context, 'the Karmada control plane', explained),
    async () => !(await isLeft(context, call)),
  );
  const mark = await readFleetConfigMap(context.clients, access, call);
  if (mark !== undefined) await markInstalled(context.clients, access, null, call);
}

/** Only of one that is surely this fleet's: a control plane of somebody else is none of our business. */
async function isLeft(context: FleetContext, call: CallContext): Promise<boolean> {
  return (await isOurs(context, call)) && (await isThere(context, call));
}

async function isThere(context: FleetContext, call: CallContext): Promise<boolean> {
  const { clients } = context;
  const access = parentAccess(context);
  const [workloads, ...others] = await Promise.all([
    karmadaWorkloads(clients, access, call),
    clients.kubectl.list(access, etcdClaims, claim, call),
    clients.kubectl.list(access, budgetsOf(context.fleet.id), anyObject, call),
  ]);
  return workloads.length + others.flat().length > 0;
}

async function isOurs(context: FleetContext, call: CallContext): Promise<boolean> {
  return (await karmadaVerdict(context, call)).whose === 'ours';
}

/** A Karmada that is not known to be this fleet's would live on without the driver and the load balancer that it needs. */
async function unmarked(context: FleetContext, call: CallContext): Promise<Problem | undefined> {
  const { clients, fleet } = context;
  const { whose, evidence } = await karmadaVerdict(context, call);
  if (whose === 'ours') return undefined;
  if ((await karmadaWorkloads(clients, parentAccess(context), call)).length === 0) return undefined;
  return new Problem('karmada-foreign', {
    what: `Karmada in ${fleet.parent.cluster} is not known to belong to fleet ${fleet.name}; nothing was changed`,
    why: evidence,
    next: [
      'if it belongs to this fleet, remove it: kubectl karmada deinit',
      'if not, remove it together with its own fleet',
      'then run the same command again',
    ],
  });
}

function patience(context: FleetContext, what: string, explained: (problem: Problem) => Promise<Problem>): Patience {
  return {
    everyMs: seconds(5),
    limitMs: minutes(10),
    onTimeout: () =>
      explained(
        new Problem('karmada-unhealthy', {
          what: `${what} of ${context.fleet.parent.cluster} was not deleted within 10 minutes`,
          next: [
            `check what remains: kubectl --kubeconfig ${parentAccess(context).kubeconfig} -n ${karmadaNamespace} get all,pvc`,
            'run the same command again',
          ],
        }),
      ),
  };
}
