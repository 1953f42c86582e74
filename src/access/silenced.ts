/** The mark of a member that a demo has made silent: what its Cluster object, or its agent, was before. */
import { z } from 'zod';
import { jsonAs } from '../model/json-text.js';
import type { MemberCluster } from '../tools/kubectl/objects.js';

/** Annotation of the Cluster object in Karmada. */
export const silencedAnnotation = 'karmada-eks/silenced';

const schema = z.object({
  /** ISO date. */
  at: z.string(),
  /** Of a push member: where Karmada reached it. */
  endpoint: z.string().optional(),
  /** Of a pull member: how many agents it had. */
  replicas: z.number().optional(),
});

export type Silenced = z.infer<typeof schema>;

/** Undefined unless it is marked; a mark that cannot be read tells no more than that. */
export function silencedSince({ metadata }: MemberCluster): Silenced | undefined {
  const text = metadata.annotations?.[silencedAnnotation];
  return text === undefined ? undefined : (jsonAs(schema, text) ?? { at: '' });
}
