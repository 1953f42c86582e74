/** Where the components of Karmada could run: how many nodes take pods, and whether each member of etcd can have one. */

import { etcdPods } from '../../access/etcd.js';
import type { CallContext } from '../../engine/step.js';
import { defaults } from '../../fleet/defaults.js';
import { clusterKey } from '../../model/facts.js';
import { type ComponentWorkload, isReady, type KubeNode, node, pod } from '../../tools/kubectl/objects.js';
import { type FleetContext, parentAccess } from '../context.js';
import { lastingTolerations, type Room, type Toleration } from './component-form.js';

type Taint = NonNullable<NonNullable<KubeNode['spec']>['taints']>[number];

const zoneLabel = 'topology.kubernetes.io/zone';

/**
 * A member of etcd cannot leave the zone of its volume, which is the one it runs in: where a zone has more members than nodes, one
 * of them would never start again if they refused to share.
 */
export async function roomIn(context: FleetContext, call: CallContext): Promise<(found: ComponentWorkload) => Room> {
  const access = parentAccess(context);
  const { kubectl } = context.clients;
  const [nodes, members] = await Promise.all([
    kubectl.list(access, { kind: 'nodes' }, node, call),
    kubectl.list(access, etcdPods, pod, call),
  ]);
  const zoneOf = new Map(nodes.map(({ metadata }) => [metadata.name, metadata.labels?.[zoneLabel]]));
  const zones = members.flatMap(({ spec }) => (spec?.nodeName === undefined ? [] : [zoneOf.get(spec.nodeName)]));
  return (found) => {
    const tolerations = found.spec.template?.spec.tolerations ?? [];
    const usable = nodes.filter((each) => takesPods(each, tolerations));
    const later = nodes.filter((each) => takesPods(each, lastingTolerations(tolerations)));
    const fits = zones.every((zone) => {
      const there = usable.filter(({ metadata }) => metadata.labels?.[zoneLabel] === zone);
      return zones.filter((other) => other === zone).length <= there.length;
    });
    return {
      nodes: usable.length,
      etcdApart: fits && usable.length >= defaults.replicas,
      keepsTolerations: later.length < usable.length,
      isShared: isShared(context),
    };
  };
}

/** Whether others' pods may be on the parent's nodes: those of a parent that existed before. */
export function isShared({ ownership, fleet }: FleetContext): boolean {
  return ownership.get(clusterKey(fleet.parent)) === 'existing';
}

function takesPods(found: KubeNode, tolerations: readonly Toleration[]): boolean {
  const { spec } = found;
  const keepingAway = (spec?.taints ?? []).filter(({ effect }) => effect !== 'PreferNoSchedule');
  const isTolerated = keepingAway.every((taint) => tolerations.some((each) => tolerates(each, taint)));
  return isReady(found) && spec?.unschedulable !== true && isTolerated;
}

/** Kubernetes API reference, Toleration. */
function tolerates({ key, operator, value = '', effect = '' }: Toleration, taint: Taint): boolean {
  const isForEffect = effect === '' || effect === taint.effect;
  const isForKey = key === undefined || key === '' ? operator === 'Exists' : key === taint.key;
  return isForEffect && isForKey && (operator === 'Exists' || value === (taint.value ?? ''));
}
