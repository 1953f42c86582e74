/** Where the components of Karmada could run: how many nodes take pods, and whether each member of etcd can have one. */

import type { CallContext } from '../../engine/step.js';
import { defaults } from '../../fleet/defaults.js';
import { karmadaNamespace } from '../../fleet/names.js';
import { type KubeNode, node, pod } from '../../tools/kubectl/objects.js';
import { type FleetContext, parentAccess } from '../context.js';
import type { Room } from './component-form.js';

const zoneLabel = 'topology.kubernetes.io/zone';

/**
 * A member of etcd cannot leave the zone of its volume, which is the one it runs in: where a zone has more members than nodes, one
 * of them would never start again if they refused to share.
 */
export async function roomIn(context: FleetContext, call: CallContext): Promise<Room> {
  const access = parentAccess(context);
  const { kubectl } = context.clients;
  const [nodes, members] = await Promise.all([
    kubectl.list(access, { kind: 'nodes' }, node, call),
    kubectl.list(access, { kind: 'pods', namespace: karmadaNamespace, selector: 'app=etcd' }, pod, call),
  ]);
  const usable = nodes.filter(takesPods);
  const zoneOf = new Map(nodes.map(({ metadata }) => [metadata.name, metadata.labels?.[zoneLabel]]));
  const zones = members.flatMap(({ spec }) => (spec?.nodeName === undefined ? [] : [zoneOf.get(spec.nodeName)]));
  const fits = zones.every((zone) => {
    const there = usable.filter(({ metadata }) => metadata.labels?.[zoneLabel] === zone);
    return zones.filter((other) => other === zone).length <= there.length;
  });
  return { nodes: usable.length, etcdApart: fits && usable.length >= defaults.replicas };
}

function takesPods({ spec, status }: KubeNode): boolean {
  const isReady = status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true;
  return isReady && spec?.unschedulable !== true;
}
