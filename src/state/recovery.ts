/** The mark of a recovery, on the fleet's ConfigMap in the new parent: it stays, so that what Karmada holds since is never overwritten. */
import { z } from 'zod';
import { fleetMark } from './fleet-configmap.js';

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
export const { read: readRecovery, write: markRecovery } = fleetMark('karmada-eks/recovery', recoverySchema);
