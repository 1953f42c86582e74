/** The ConfigMap in the parent: it describes the fleet, names the owner of this Karmada, and records progress. */

import type { z } from 'zod';
import type { Clients } from '../clients/clients.js';
import { fleetTag, karmadaNamespace } from '../fleet/names.js';
import type { KubeAccess } from '../tools/kubectl/commands.js';
import { configMap } from '../tools/kubectl/objects.js';
import type { Call } from '../tools/run.js';
import { type Authors, authorsIn } from './authors.js';

/** A ConfigMap and not labels of the namespace: init replaces the namespace with what it holds (observed with 1.18.2). */
export const fleetConfigMap = { kind: 'configmaps', name: 'karmada-eks', namespace: karmadaNamespace } as const;

/** Key in the ConfigMap: the fleet's request as JSON. */
export const descriptionKey = 'fleet.json';

/** On the ConfigMap: the version that was installed, once all components were seen running. A note for people and for speed: it decides nothing. */
const installedAnnotation = 'karmada-eks/installed';

/** On the ConfigMap while an installation is under way: when it began. Nothing of Karmada was there then. */
const installingAnnotation = 'karmada-eks/installing';

/** On the ConfigMap: that Karmada's namespace was there before the fleet. */
export const namespaceAnnotation = 'karmada-eks/namespace';

/** On the ConfigMap, where the namespace was there before the fleet: its labels and annotations then, as JSON. */
export const namespaceBeforeAnnotation = 'karmada-eks/namespace-before';

export interface FleetConfigMap {
  /** Id of the fleet whose Karmada this is. */
  readonly fleetId: string | undefined;
  /** Version of the Karmada that was seen whole; undefined: none was. */
  readonly installed: string | undefined;
  /** When an installation began that was not seen whole yet, as ISO text. */
  readonly installing: string | undefined;
  /** JSON of the request. */
  readonly description: string | undefined;
  /** Whether Karmada's namespace was there before the fleet; undefined: an earlier version did not note it. */
  readonly namespace: 'existing' | 'made' | undefined;
  /** JSON of the labels and annotations of a namespace that was there; undefined: it was not, or an earlier version did not note them. */
  readonly namespaceBefore: string | undefined;
  readonly authors: Authors;
}

export async function readFleetConfigMap(
  clients: Clients,
  parent: KubeAccess,
  call: Call,
): Promise<FleetConfigMap | undefined> {
  const found = await clients.kubectl.get(parent, fleetConfigMap, configMap, call);
  return found && fleetConfigMapIn(found);
}

/** What the object says. */
export function fleetConfigMapIn(found: z.infer<typeof configMap>): FleetConfigMap {
  return {
    fleetId: found.metadata.labels?.[fleetTag],
    installed: found.metadata.annotations?.[installedAnnotation],
    installing: found.metadata.annotations?.[installingAnnotation],
    description: found.data?.[descriptionKey],
    authors: authorsIn(found.metadata.annotations ?? {}),
    namespace: namespaceIn(found.metadata.annotations?.[namespaceAnnotation]),
    namespaceBefore: found.metadata.annotations?.[namespaceBeforeAnnotation],
  };
}

function namespaceIn(text: string | undefined): FleetConfigMap['namespace'] {
  return text === 'existing' || text === 'made' ? text : undefined;
}

/** Notes that Karmada is whole in this version; null takes the note back, once all of it is removed. */
export async function markInstalled(
  clients: Clients,
  parent: KubeAccess,
  version: string | null,
  call: Call,
): Promise<void> {
  await annotate(clients, parent, { [installedAnnotation]: version, [installingAnnotation]: null }, call);
}

/** Notes that an installation begins, where there is nothing of Karmada. */
export async function markInstalling(clients: Clients, parent: KubeAccess, call: Call): Promise<void> {
  const now = new Date(clients.world.clock.now()).toISOString();
  await annotate(clients, parent, { [installedAnnotation]: null, [installingAnnotation]: now }, call);
}

/** A note on the ConfigMap that is JSON of this form. `read`: undefined where there is none. `write`: null takes it back. */
export function fleetMark<T>(annotation: string, as: z.ZodType<T>) {
  return {
    read: async ({ kubectl }: Clients, parent: KubeAccess, call: Call): Promise<T | undefined> => {
      const text = (await kubectl.get(parent, fleetConfigMap, configMap, call))?.metadata.annotations?.[annotation];
      return text === undefined ? undefined : as.parse(JSON.parse(text));
    },
    write: (clients: Clients, parent: KubeAccess, mark: T | null, call: Call): Promise<void> =>
      annotate(clients, parent, { [annotation]: mark === null ? null : JSON.stringify(mark) }, call),
  };
}

async function annotate(
  clients: Clients,
  parent: KubeAccess,
  annotations: Readonly<Record<string, string | null>>,
  call: Call,
): Promise<void> {
  await clients.kubectl.mergePatch(parent, fleetConfigMap, { metadata: { annotations } }, call);
}
