/** Who owns the Karmada in a parent: by the marks of its fleet, and by what in its namespace comes from neither init nor this program. */

import { loadBalancerService } from '../access/load-balancer.js';
import type { Clients } from '../clients/clients.js';
import { backupJob } from '../fleet/backup-job.js';
import { karmadaComponents } from '../fleet/karmada-components.js';
import { fleetTag, initLabel, karmadaNamespace, pullSecretName } from '../fleet/names.js';
import { reasonOf, rootsIn } from '../member-removal/foreign-objects.js';
import { objectVerdict } from '../ownership/object-ownership.js';
import type { KubeAccess } from '../tools/kubectl/commands.js';
import { anyObject } from '../tools/kubectl/objects.js';
import type { Call } from '../tools/run.js';
import { fleetConfigMap, readFleetConfigMap } from './fleet-configmap.js';

/** On the namespace itself: of Kubernetes, ours until `init` replaces it, and init's (karmada 1.18.2, karmadactl/util/idempotency.go). */
const knownLabels: readonly string[] = ['kubernetes.io/metadata.name', fleetTag, 'karmada.io/system'];

/** Where this fleet made them. */
const ours: readonly string[] = [
  `ConfigMap/${fleetConfigMap.name}`,
  `Service/${loadBalancerService.name}`,
  `Secret/${pullSecretName}`,
  ...['CronJob', 'ServiceAccount', 'Role', 'RoleBinding'].map((kind) => `${kind}/${backupJob.name}`),
  ...karmadaComponents.map(({ name }) => `PodDisruptionBudget/${name}`),
];

interface Owner {
  readonly fleetId: string;
  /** It made the cluster that the namespace is in. */
  readonly inOwnCluster: boolean;
}

export interface KarmadaNamespace {
  /** Whether it carries the mark of a fleet, which that fleet gave it when it made it and `init` takes away. */
  readonly fleetId: string | undefined;
  /** e.g. `Secret/vault`, `label team`; what is deleted already is not among them. */
  readonly foreign: readonly string[];
}

/** Undefined when there is no such namespace, or it is being deleted. */
export async function karmadaNamespaceOf(
  clients: Clients,
  parent: KubeAccess,
  owner: Owner,
  call: Call,
): Promise<KarmadaNamespace | undefined> {
  const found = await clients.kubectl.get(parent, { kind: 'namespaces', name: karmadaNamespace }, anyObject, call);
  if (found === undefined || found.metadata.deletionTimestamp !== undefined) return undefined;
  const labels = Object.keys(found.metadata.labels ?? {}).filter((label) => !knownLabels.includes(label));
  return {
    fleetId: found.metadata.labels?.[fleetTag],
    foreign: [...labels.map((label) => `label ${label}`), ...(await foreignIn(clients, parent, owner, call))],
  };
}

async function foreignIn(
  clients: Clients,
  parent: KubeAccess,
  { fleetId, inOwnCluster }: Owner,
  call: Call,
): Promise<readonly string[]> {
  try {
    const found = await rootsIn(clients, parent, karmadaNamespace, call);
    return found.flatMap((object) => {
      const { kind, metadata } = object;
      const id = `${kind}/${metadata.name}`;
      const labels = metadata.labels ?? {};
      const isOurs = ours.includes(id) && objectVerdict(fleetId, object, inOwnCluster).whose === 'ours';
      // etcd's pods and claims are known by the label that init gives them.
      const isInits = labels[initLabel] !== undefined || labels['app'] === 'etcd';
      return isInits || isOurs ? [] : [id];
    });
  } catch (thrown) {
    return [`what could not be counted: ${reasonOf(thrown)}`];
  }
}

interface KarmadaOwner {
  /** Undefined: the ConfigMap names none. */
  readonly fleetId: string | undefined;
}

/** Undefined if nothing names a fleet. Without its ConfigMap, the load balancer's Service still does. */
export async function karmadaOwner(
  clients: Clients,
  parent: KubeAccess,
  call: Call,
): Promise<KarmadaOwner | undefined> {
  const mark = await readFleetConfigMap(clients, parent, call);
  if (mark !== undefined) return { fleetId: mark.fleetId };
  const service = await clients.kubectl.get(parent, loadBalancerService, anyObject, call);
  const fleetId = service?.metadata.labels?.[fleetTag];
  return fleetId === undefined ? undefined : { fleetId };
}
