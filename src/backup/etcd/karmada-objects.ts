/** Karmada's own objects among the keys of etcd: the API servers keep them as JSON (kubernetes 1.35, apiextensions-apiserver; observed with karmada 1.18.2). */
import { z } from 'zod';
import { jsonAs } from '../../model/json-text.js';
import type { StoredKey } from './etcd-file.js';

const objectSchema = z.looseObject({
  metadata: z.looseObject({
    namespace: z.string().optional(),
    name: z.string(),
    annotations: z.record(z.string(), z.string()).optional(),
  }),
  spec: z.looseObject({}).default({}),
});

export type StoredObject = z.infer<typeof objectSchema>;

/** Of the types that this is about. */
export type StoredType = keyof typeof prefixes;

const prefixes = {
  cluster: '/registry/cluster.karmada.io/clusters/',
  work: '/registry/work.karmada.io/works/',
  binding: '/registry/work.karmada.io/resourcebindings/',
  'cluster-binding': '/registry/work.karmada.io/clusterresourcebindings/',
  policy: '/registry/policy.karmada.io/propagationpolicies/',
  'cluster-policy': '/registry/policy.karmada.io/clusterpropagationpolicies/',
} as const;

/** The type of the object under a key; undefined for those of Kubernetes, and of others. */
export function typeOf(key: string): StoredType | undefined {
  return types.find((type) => key.startsWith(prefixes[type]));
}

/** Where an object is stored. */
export function keyOf(
  type: StoredType,
  { namespace, name }: { readonly namespace?: string | undefined; readonly name: string },
): string {
  return `${prefixes[type]}${namespace === undefined ? '' : `${namespace}/`}${name}`;
}

/** Undefined if the value is no such object. */
export function objectIn({ value }: StoredKey): StoredObject | undefined {
  return jsonAs(objectSchema, value.toString('utf8'));
}

const types = Object.keys(prefixes) as StoredType[];
