/** Why a namespace that is being deleted is still there, in the words of its own conditions. */
import type { z } from 'zod';
import type { Clients } from '../clients/clients.js';
import { Problem } from '../errors/problem.js';
import type { KubeAccess } from '../tools/kubectl/commands.js';
import { namespaceState } from '../tools/kubectl/objects.js';
import type { Call } from '../tools/run.js';

/** The first ones name the cause: an API that does not answer, what could not be deleted, and only then what remains (kubernetes, `NamespaceConditionType`). */
const causes: readonly string[] = [
  'NamespaceDeletionDiscoveryFailure',
  'NamespaceDeletionGroupVersionParsingFailure',
  'NamespaceDeletionContentFailure',
  'NamespaceFinalizersRemaining',
  'NamespaceContentRemaining',
];

/** Undefined while it names none. Pure. */
export function blockersIn({ status }: z.infer<typeof namespaceState>): string | undefined {
  const conditions = status?.conditions?.filter((each) => each.status === 'True') ?? [];
  const told = causes.flatMap((cause) => conditions.find(({ type }) => type === cause)?.message ?? []);
  return told.length === 0 ? undefined : told.join('; ');
}

/** Of a namespace, in the words of `blockersIn`; undefined also where it is gone, or cannot be read: what it explains is reported in any case. */
export async function namespaceBlockers(
  { kubectl }: Clients,
  access: KubeAccess,
  name: string,
  call: Call,
): Promise<string | undefined> {
  try {
    const found = await kubectl.get(access, { kind: 'namespaces', name }, namespaceState, call);
    return found && blockersIn(found);
  } catch (thrown) {
    if (thrown instanceof Problem && thrown.code !== 'interrupted') return undefined;
    throw thrown;
  }
}

/** A failure to delete a namespace, with what holds it. */
export async function explainedByNamespace(
  clients: Clients,
  access: KubeAccess,
  name: string,
  problem: Problem,
  call: Call,
): Promise<Problem> {
  const why = await namespaceBlockers(clients, access, name, call);
  if (why === undefined) return problem;
  const { code, what, next } = problem;
  return new Problem(code, { what, why: [problem.why, why].filter(Boolean).join('; '), next, cause: problem });
}
