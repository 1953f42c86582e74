/** The mark of a recovery, on the fleet's ConfigMap in the new parent: it stays, so that what Karmada holds since is never overwritten. */
import { z } from 'zod';
import type { Clients } from '../clients/clients.js';
import type { KubeAccess } from '../tools/kubectl/commands.js';
import { configMap } from '../tools/kubectl/objects.js';
import type { Call } from '../tools/run.js';
import { fleetConfigMap } from './fleet-configmap.js';

const annotation = 'karmada-eks/recovery';

const recoverySchema = z.object({
  /** Of etcd's data in the backup. */
  sha256: z.string(),
  /** The backup, as it was named on the machine that began. */
  file: z.string(),
  /** Whether Karmada has been started with it. */
  isRestored: z.boolean(),
});

export type RecoveryMark = z.infer<typeof recoverySchema>;

/** Undefined: the parent is that of no recovery. */
export async function readRecovery(
  { kubectl }: Clients,
  parent: KubeAccess,
  call: Call,
): Promise<RecoveryMark | undefined> {
  const text = (await kubectl.get(parent, fleetConfigMap, configMap, call))?.metadata.annotations?.[annotation];
  return text === undefined ? undefined : recoverySchema.parse(JSON.parse(text));
}

export async function markRecovery(
  { kubectl }: Clients,
  parent: KubeAccess,
  mark: RecoveryMark,
  call: Call,
): Promise<void> {
  const annotations = { [annotation]: JSON.stringify(mark) };
  await kubectl.mergePatch(parent, fleetConfigMap, { metadata: { annotations } }, call);
}
