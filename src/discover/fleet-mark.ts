/** The mark of a fleet inside its parent: the ConfigMap that describes it, says whose Karmada this is, and how far it came. */
import { fleetTag, karmadaNamespace } from '../fleet/names.js';
import type { KubeAccess } from '../tools/kubectl/commands.js';
import { configMap } from '../tools/kubectl/objects.js';
import type { Call } from '../tools/run.js';
import type { Clients } from './clients.js';

/** A ConfigMap and not labels of the namespace: init replaces the namespace with what it holds (observed with 1.18.2). */
export const fleetConfigMap = { kind: 'configmaps', name: 'karmada-eks', namespace: karmadaNamespace } as const;

/** Key in the ConfigMap: the fleet's request as JSON. */
export const descriptionKey = 'fleet.json';

/** On the ConfigMap: init ended and all components were seen running. Without it, what is there is half an install. */
const installedAnnotation = 'karmada-eks/installed';

/** What the mark says. */
export interface FleetMark {
  /** Id of the fleet whose Karmada this is. */
  readonly fleetId: string | undefined;
  /** Version of the Karmada that was installed whole; undefined: none was. */
  readonly installed: string | undefined;
  /** JSON of the request. */
  readonly description: string | undefined;
}

export async function readMark(clients: Clients, parent: KubeAccess, call: Call): Promise<FleetMark | undefined> {
  const found = await clients.kubectl.get(parent, fleetConfigMap, configMap, call);
  if (found === undefined) return undefined;
  return {
    fleetId: found.metadata.labels?.[fleetTag],
    installed: found.metadata.annotations?.[installedAnnotation],
    description: found.data?.[descriptionKey],
  };
}

/** Notes the version that was installed whole; null takes the note back, before anything of Karmada is removed. */
export async function markInstalled(
  clients: Clients,
  parent: KubeAccess,
  version: string | null,
  call: Call,
): Promise<void> {
  const patch = { metadata: { annotations: { [installedAnnotation]: version } } };
  await clients.kubectl.mergePatch(parent, fleetConfigMap, patch, call);
}
