/** What a scheduled backup is told: a file beside its program, and the folders that Kubernetes mounts. */
import { z } from 'zod';
import { manifestSchema } from '../manifest.js';

/** Raised with every change that an older program would misread; both are always written together. */
const settingsVersion = 1;

export const jobSettings = z.object({
  v: z.literal(settingsVersion),
  /** Version of karmada-eks whose program it is. */
  madeBy: z.string(),
  fleet: manifestSchema.shape.fleet,
  /** `s3://ACCOUNT@BUCKET/PREFIX`, without a slash at its end. */
  to: z.string(),
  /** At least one: a backup holds the keys of Karmada's CA. */
  encryptTo: z.array(z.string()).min(1),
  /** How many backups stay, the new one included; undefined: all. */
  keep: z.number().int().positive().optional(),
  /** The members of etcd: URLs without a path. */
  etcd: z.array(z.string()).min(1),
});

export type JobSettings = z.infer<typeof jobSettings>;

export function settingsOf(given: Omit<JobSettings, 'v'>): JobSettings {
  return { v: settingsVersion, ...given };
}

/** Where the job finds things; the CronJob mounts them there. */
export const jobFolders = {
  /** The ConfigMap with `program` and `settings`. */
  program: '/karmada-eks/program',
  /** One folder for each Secret of Karmada's, by its name. */
  secrets: '/karmada-eks/secrets',
  /** Empty, and gone with the pod. */
  work: '/karmada-eks/work',
} as const;

/** Keys of the ConfigMap. */
export const jobFiles = { program: 'backup.mjs', settings: 'settings.json' } as const;

/** Secret of `init` with etcd's client certificate, key and CA (karmada 1.18.2, cmdinit/kubernetes/deploy.go, `certList`). */
export const etcdClientFiles = {
  secret: 'karmada-cert',
  ca: 'etcd-ca.crt',
  cert: 'etcd-client.crt',
  key: 'etcd-client.key',
} as const;
