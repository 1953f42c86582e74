/** The kubeconfig of a member that is known by a context: a copy of that context, under the member's name. */
import { z } from 'zod';
import type { Clients } from '../clients/clients.js';
import type { ContextMember } from '../fleet/fleet.js';
import type { FleetPaths } from '../fleet/paths.js';
import type { Call } from '../tools/run.js';

/** What `kubectl config view --minify` prints: one context with its cluster and its user. */
const minifiedSchema = z.looseObject({
  clusters: z.array(z.looseObject({ cluster: z.looseObject({ server: z.string() }) })).length(1),
  contexts: z.array(z.looseObject({ context: z.looseObject({ cluster: z.string() }) })).length(1),
  users: z
    .array(z.looseObject({ user: z.looseObject({}) }))
    .max(1)
    .nullish(),
});

/** One context of the user's kubeconfig, with everything in it that is needed to use it. Holds secrets. */
export type MinifiedConfig = z.infer<typeof minifiedSchema>;

/** The context of this name; undefined when the user's kubeconfig has none. @throws Problem `kubeconfig-malformed` */
export async function readContext(clients: Clients, context: string, call: Call): Promise<MinifiedConfig | undefined> {
  return await clients.kubectl.viewContext(context, minifiedSchema, call);
}

/**
 * The text of the fleet's own kubeconfig for a member: from the user's current kubeconfig, otherwise the earlier copy,
 * otherwise undefined; also undefined for a context that has not been agreed to on this machine.
 */
export async function contextKubeconfig(
  clients: Clients,
  paths: FleetPaths,
  member: ContextMember,
  call: Call,
): Promise<string | undefined> {
  if (!clients.agreed.has(member.context)) return undefined;
  const found = await readContext(clients, member.context, call);
  return found === undefined
    ? await clients.world.files.read(paths.kubeconfig(member.name))
    : renamed(found, member.name);
}

function renamed({ clusters, contexts, users, ...rest }: MinifiedConfig, name: string): string {
  const [cluster] = clusters;
  const [context] = contexts;
  const [user] = users ?? [];
  const config = {
    ...rest,
    clusters: [{ ...cluster, name }],
    contexts: [{ ...context, name, context: { ...context?.context, cluster: name, ...(user && { user: name }) } }],
    'current-context': name,
    users: user === undefined ? [] : [{ ...user, name }],
  };
  return `${JSON.stringify(config, undefined, 2)}\n`;
}
