/** PodDisruptionBudgets: whoever drains nodes takes one pod of a component at a time. */

import type { CallContext } from '../../engine/step.js';
import { type KarmadaComponent, karmadaComponents } from '../../fleet/karmada-components.js';
import { fleetTag, karmadaNamespace } from '../../fleet/names.js';
import { karmadaWorkloads } from '../../status/karmada-health.js';
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
  const access = parentAccess(context);
  const [found, workloads] = await Promise.all([
    context.clients.kubectl.list(access, ref, disruptionBudget, call),
    karmadaWorkloads(context.clients, access, call),
  ]);
  return karmadaComponents.filter(({ name }) => {
    const workload = workloads.find(({ metadata }) => metadata.name === name);
    const labels = workload?.spec.template?.metadata?.labels ?? { app: name };
    return !found.some((budget) => covers(budget, labels));
  });
}

/** An empty selector means all pods of the namespace, none at all means no pod (kubernetes API reference, PodDisruptionBudgetSpec). */
function covers({ spec: { selector } }: DisruptionBudget, labels: Labels): boolean {
  if (selector === undefined || selector === null) return false;
  const { matchLabels = {}, matchExpressions = [] } = selector;
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every((each) => applies(each, labels))
  );
}

type Labels = Readonly<Record<string, string>>;

/** An operator that is not known here may apply: one budget too few is better than two. */
function applies({ key, operator, values = [] }: Expression, labels: Labels): boolean {
  const value = labels[key];
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return true;
  }
}

type Expression = NonNullable<NonNullable<DisruptionBudget['spec']['selector']>['matchExpressions']>[number];

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
