/** PodDisruptionBudgets: whoever drains nodes takes one pod of a component at a time. */

import type { CallContext } from '../../engine/step.js';
import { type KarmadaComponent, karmadaComponents } from '../../fleet/karmada-components.js';
import { fleetTag, karmadaNamespace } from '../../fleet/names.js';
import { type DisruptionBudget, disruptionBudget } from '../../tools/kubectl/objects.js';
import { type FleetContext, parentAccess } from '../context.js';

/** Those of a fleet. */
export function budgetsOf(fleet: string) {
  return { kind: 'poddisruptionbudgets', namespace: karmadaNamespace, selector: `${fleetTag}=${fleet}` } as const;
}

/**
 * The components whose pods no budget covers. A pod with two budgets cannot be evicted at all (kubernetes,
 * pkg/registry/core/pod/storage/eviction.go), so one of somebody else's is left alone.
 */
export async function withoutBudget(context: FleetContext, call: CallContext): Promise<readonly KarmadaComponent[]> {
  const ref = { kind: 'poddisruptionbudgets', namespace: karmadaNamespace };
  const found = await context.clients.kubectl.list(parentAccess(context), ref, disruptionBudget, call);
  return karmadaComponents.filter(({ name }) => !found.some((budget) => covers(budget, name)));
}

/** An empty selector means all pods of the namespace, none at all means no pod (kubernetes API reference, PodDisruptionBudgetSpec). */
function covers({ spec: { selector } }: DisruptionBudget, app: string): boolean {
  if (selector === undefined || selector === null) return false;
  return selector.matchLabels?.['app'] === app || Object.keys(selector).length === 0;
}

/**
 * A pod that never becomes ready must not keep a node from being drained, except a member of etcd: the others may need it
 * (kubernetes documents, Unhealthy Pod Eviction Policy).
 */
export function budget(fleet: string, { name }: KarmadaComponent): object {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name, namespace: karmadaNamespace, labels: { [fleetTag]: fleet } },
    spec: {
      maxUnavailable: 1,
      selector: { matchLabels: { app: name } },
      ...(name === 'etcd' ? {} : { unhealthyPodEvictionPolicy: 'AlwaysAllow' }),
    },
  };
}
