/**
 * Creates Karmada's namespace in the parent and stores the fleet's description there, for machines that never saw the
 * installation.
 */

import { accessParent } from '../../access/cluster-access.js';
import { loadBalancerService } from '../../access/load-balancer.js';
import { shortList } from '../../engine/destruction.js';
import type { CallContext, Step, StepState } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import { fleetTag, karmadaNamespace } from '../../fleet/names.js';
import { requestOf } from '../../fleet/resolve.js';
import { authorship } from '../../state/authors.js';
import {
  descriptionKey,
  fleetConfigMap,
  namespaceAnnotation,
  readFleetConfigMap,
} from '../../state/fleet-configmap.js';
import { overtaken } from '../../state/overtaken.js';
import { explainedByNamespace } from '../../status/blocked-namespace.js';
import { kubectlCommands } from '../../tools/kubectl/commands.js';
import { anyObject } from '../../tools/kubectl/objects.js';
import { addRegions, missingRegions } from '../cluster/regions-tag.js';
import { type FleetContext, minutes, parentAccess, seconds } from '../context.js';
import { otherKind } from '../load-balancer/load-balancer-kind.js';
import { waitUntil } from '../wait-until.js';
import { ownNamespace, verdictIn } from './parent-parts.js';
import { namespaceNotes } from './previous-namespace.js';

/** @param leaving the members whose removal is recorded; none: the fleet is recorded as it is to be */
export function recordFleet(context: FleetContext, leaving: readonly string[] = []): Step {
  const access = parentAccess(context);
  const { kubectl } = context.clients;
  const text = JSON.stringify(requestOf(context.fleet));
  return {
    id: 'record-fleet',
    title:
      leaving.length === 0
        ? `create namespace ${karmadaNamespace} and record the fleet`
        : 'remove them from the fleet’s description',
    scope: 'parent',
    expectedMs: seconds(3),
    preview: () => ({
      changes:
        leaving.length === 0
          ? [`namespace ${karmadaNamespace}`, `ConfigMap ${karmadaNamespace}/${fleetConfigMap.name}`]
          : [`${leaving.join(', ')} in the fleet’s description`],
      commands: [kubectlCommands.apply(access, fleetObjects(context, { [namespaceAnnotation]: 'made' }))],
    }),
    check: async (call) => {
      const mark = await readFleetConfigMap(context.clients, access, call);
      if (mark === undefined) return await checkUnmarked(context, call);
      if (mark.fleetId !== context.fleet.id)
        return { state: 'blocked', problem: foreign(context, mark.fleetId ?? 'nobody') };
      // Asked here, so that the description is not changed before the change is refused.
      const problem = overtaken(mark.description, context.fleet) ?? (await otherKind(context, call));
      if (problem !== undefined) return { state: 'blocked', problem };
      const regions = await missingRegions(context);
      const missing = [
        ...(mark.description === text ? [] : ['the updated description of the fleet']),
        ...(regions.length === 0 ? [] : [`the parent’s tag lacks ${regions.join(', ')}`]),
      ];
      return missing.length === 0 ? { state: 'ready' } : { state: 'partial', missing };
    },
    preflight: (call) => foreseen(context, call),
    apply: async (call) => {
      await waitForTheOld(context, call);
      const mark = await readFleetConfigMap(context.clients, access, call);
      const authors = authorship(mark?.authors, context.clients.world);
      await kubectl.apply(access, fleetObjects(context, await namespaceNotes(context, mark, call), authors), call);
      await addRegions(context);
    },
  };
}

/** What is in Karmada's namespace without our mark is somebody else's. */
async function checkUnmarked(context: FleetContext, call: CallContext): Promise<StepState> {
  const access = parentAccess(context);
  const [namespace, member] = await Promise.all([
    ownNamespace(context, call),
    context.clients.kubectl.get(access, { kind: 'namespaces', name: 'karmada-cluster' }, anyObject, call),
  ]);
  const ref = { kind: 'deployments', name: 'karmada-apiserver', namespace: karmadaNamespace };
  if ((await context.clients.kubectl.get(access, ref, anyObject, call)) !== undefined) {
    // Its load balancer carries the mark too: then only the description is lost.
    const balancer = await verdictIn(context, loadBalancerService, call);
    if (balancer?.whose === 'ours') return { state: 'partial', missing: ['the missing description of the fleet'] };
    return { state: 'blocked', problem: foreign(context, 'an unknown owner') };
  }
  if (member !== undefined && member.metadata.labels?.[fleetTag] !== context.fleet.id)
    return { state: 'blocked', problem: memberElsewhere(context) };
  if (namespace !== undefined && namespace.foreign.length > 0)
    return { state: 'blocked', problem: occupied(context, namespace.foreign) };
  return { state: 'absent' };
}

/** An existing parent can be read before its kubeconfig is finally written. */
async function foreseen(context: FleetContext, call: CallContext): Promise<Problem | undefined> {
  const access = await accessParent(context.clients, context.fleet.parent, context.paths);
  if (access === undefined) return undefined;
  if ((await readFleetConfigMap(context.clients, access, call)) !== undefined) return undefined;
  const found = await checkUnmarked(context, call);
  return found.state === 'blocked' ? found.problem : undefined;
}

/** A namespace that is going takes nothing in: a `down` that was interrupted may have left one. */
async function waitForTheOld(context: FleetContext, call: CallContext): Promise<void> {
  const ref = { kind: 'namespaces', name: karmadaNamespace };
  const patience = {
    everyMs: seconds(3),
    limitMs: minutes(10),
    onTimeout: async () => {
      const problem = new Problem('karmada-unhealthy', {
        what: `the old namespace ${karmadaNamespace} was not deleted within 10 minutes`,
        next: [`check what blocks it: kubectl get namespace ${karmadaNamespace} -o yaml`, 'run the same command again'],
      });
      return await explainedByNamespace(context.clients, parentAccess(context), karmadaNamespace, problem, call);
    },
  };
  await waitUntil(context, call, patience, async () => {
    const found = await context.clients.kubectl.get(parentAccess(context), ref, anyObject, call);
    return found?.metadata.deletionTimestamp === undefined;
  });
}

function fleetObjects(
  context: FleetContext,
  notes: Awaited<ReturnType<typeof namespaceNotes>>,
  authors: Readonly<Record<string, string>> = {},
): readonly object[] {
  const labels = { [fleetTag]: context.fleet.id };
  const metadata = { name: karmadaNamespace, labels };
  return [
    ...(notes[namespaceAnnotation] === 'made' ? [{ apiVersion: 'v1', kind: 'Namespace', metadata }] : []),
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: fleetConfigMap.name,
        namespace: karmadaNamespace,
        labels,
        annotations: { ...notes, ...authors },
      },
      data: { [descriptionKey]: JSON.stringify(requestOf(context.fleet)) },
    },
  ];
}

function memberElsewhere({ fleet }: FleetContext): Problem {
  return new Problem('karmada-foreign', {
    what: `cluster ${fleet.parent.cluster} is a member of another Karmada, and cannot host one for fleet ${fleet.name}`,
    why: 'it has a namespace karmada-cluster that this fleet did not create',
    next: [
      'use another cluster as parent',
      'or remove it from that Karmada first: kubectl karmada unjoin (push) or unregister (pull)',
    ],
  });
}

function occupied({ fleet }: FleetContext, things: readonly string[]): Problem {
  return new Problem('karmada-foreign', {
    what: `namespace ${karmadaNamespace} of cluster ${fleet.parent.cluster} is in use by somebody else`,
    why: `it has ${shortList(things)}`,
    next: ['use another cluster as parent', 'or move these objects elsewhere: Karmada needs the namespace for itself'],
  });
}

function foreign(context: FleetContext, owner: string): Problem {
  return new Problem('karmada-foreign', {
    what: `cluster ${context.fleet.parent.cluster} already holds a Karmada control plane in ${karmadaNamespace}`,
    why: `it belongs to ${owner}, not to fleet ${context.fleet.name}`,
    next: ['choose another parent: --fleet NAME', 'or remove that Karmada first: kubectl karmada deinit'],
  });
}
