/** Whether every component of Karmada is running, and if not, why: init's exit status does not tell. */

import type { Clients } from '../clients/clients.js';
import { karmadaComponents } from '../fleet/karmada-components.js';
import { karmadaNamespace } from '../fleet/names.js';
import type { KubeAccess } from '../tools/kubectl/commands.js';
import { type ComponentWorkload, componentWorkload, isReady, type KubePod, pod } from '../tools/kubectl/objects.js';
import type { Call } from '../tools/run.js';

/** One component as it is. */
export interface ComponentHealth {
  readonly name: string;
  /** Whether its workload is there at all. */
  readonly exists: boolean;
  readonly wanted: number;
  readonly ready: number;
  /** Why fewer are ready than desired, if a pod shows it. */
  readonly why: string | undefined;
}

/** The components that are there; what others run in Karmada's namespace is none of them. */
export async function karmadaWorkloads(
  clients: Clients,
  parent: KubeAccess,
  call: Call,
): Promise<readonly ComponentWorkload[]> {
  const listed = ['deployments', 'statefulsets'].map((kind) =>
    clients.kubectl.list(parent, { kind, namespace: karmadaNamespace }, componentWorkload, call),
  );
  const names: readonly string[] = karmadaComponents.map(({ name }) => name);
  return (await Promise.all(listed)).flat().filter(({ metadata }) => names.includes(metadata.name));
}

/** All components; one that does not exist has nothing ready. Pods are only read if something is not ready. */
export async function karmadaHealth(
  clients: Clients,
  parent: KubeAccess,
  call: Call,
): Promise<readonly ComponentHealth[]> {
  const workloads = await karmadaWorkloads(clients, parent, call);
  const counted = karmadaComponents.map(({ name, replicas }) => {
    const found = workloads.find(({ metadata }) => metadata.name === name);
    return {
      name,
      wanted: found === undefined ? replicas : (found.spec.replicas ?? 1),
      ready: found?.status?.readyReplicas ?? 0,
      exists: found !== undefined,
    };
  });
  const allReady = counted.every(({ wanted, ready }) => ready >= wanted);
  const pods = allReady
    ? []
    : await clients.kubectl.list(parent, { kind: 'pods', namespace: karmadaNamespace }, pod, call);
  return counted.map((each) => ({
    ...each,
    why: each.ready >= each.wanted ? undefined : each.exists ? reasonOf(each.name, pods) : 'it does not exist',
  }));
}

/** The components that are not as they should be, one line each; one line in all when none is installed. */
export function unhealthy(health: readonly ComponentHealth[]): readonly string[] {
  if (health.length > 0 && health.every(({ exists }) => !exists)) return ['components: none installed'];
  return health
    .filter(({ wanted, ready }) => ready < wanted)
    .map(
      ({ name, wanted, ready, why }) => `${name}: ${ready} of ${wanted} ready${why === undefined ? '' : ` (${why})`}`,
    );
}

/** Whether Karmada does its work, though pods may be missing: of etcd a quorum is ready, of each other component one pod. */
export function isUsable(health: readonly ComponentHealth[]): boolean {
  return health.every(({ name, exists, wanted, ready }) => {
    const needed = name === 'etcd' ? Math.floor(wanted / 2) + 1 : Math.min(1, wanted);
    return exists && ready >= needed;
  });
}

/** The reason from the pods of a workload: why one waits, or why it has no node. */
export function reasonOf(component: string, pods: readonly KubePod[]): string | undefined {
  const own = pods.filter(({ metadata }) => metadata.name.startsWith(`${component}-`));
  for (const { status } of own) {
    const waiting = status?.containerStatuses?.find(({ state }) => state?.waiting?.reason !== undefined)?.state
      ?.waiting;
    if (waiting !== undefined) return [waiting.reason, waiting.message].filter(Boolean).join(': ');
    const unscheduled = status?.conditions?.find(({ type, status: is }) => type === 'PodScheduled' && is === 'False');
    if (unscheduled?.message !== undefined) return unscheduled.message;
  }
  if (own.length === 0) return 'no pod exists';
  return own.every(isReady) ? undefined : 'its pods are not ready';
}
