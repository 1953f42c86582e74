/** What a backup says of itself: whose it is, when it was taken, and what each of its files must be. */
import { z } from 'zod';

/** Of the archive's files, in this order after the manifest. */
export const entryNames = {
  manifest: 'manifest.json',
  fleet: 'fleet.json',
  secrets: 'secrets.json',
  inventory: 'inventory.json',
  snapshot: 'etcd.db',
} as const;

/** Raised with every change that an older karmada-eks would misread. */
export const manifestVersion = 1;

const fileSchema = z.object({ sizeBytes: z.number().int().nonnegative(), sha256: z.string().regex(/^[0-9a-f]{64}$/) });

export const manifestSchema = z.object({
  v: z.literal(manifestVersion),
  /** When the snapshot was begun, as ISO text. */
  madeAt: z.iso.datetime(),
  /** Version of karmada-eks. */
  madeBy: z.string(),
  fleet: z.object({
    name: z.string(),
    id: z.string(),
    /** Region of the parent. */
    region: z.string(),
    account: z.string(),
    /** EKS cluster name of the parent. */
    parent: z.string(),
  }),
  /** Version of Karmada as it was last seen whole; null: it never was, or nobody noted it. */
  karmada: z.string().nullable(),
  etcd: z.object({
    version: z.string(),
    /** Right before the snapshot, which may have a few more. */
    revision: z.number().int().nonnegative(),
    sizeBytes: z.number().int().positive(),
    /** Of the whole file, its own sum included. */
    sha256: fileSchema.shape.sha256,
  }),
  /** Null: the Karmada API did not respond, and there is no inventory. */
  counts: z
    .object({
      clusters: z.number().int(),
      policies: z.number().int(),
      /** Objects that a policy applies to: one binding stands for each. */
      templates: z.number().int(),
      works: z.number().int(),
    })
    .nullable(),
  /** Of every other entry of the archive, by its name. */
  files: z.record(z.string(), fileSchema),
});

export type Manifest = z.infer<typeof manifestSchema>;
export type FileSum = z.infer<typeof fileSchema>;
