/** Recognises the EKS cluster behind a context of the user's kubeconfig. */

import { z } from 'zod';
import type { EksCluster } from '../fleet/fleet.js';
import type { AccountRole } from '../world/place.js';
import type { World } from '../world/world.js';
import type { MinifiedConfig } from './member-context.js';

/** A user who gets a token from a program (client-go, exec credentials). */
const execUser = z.looseObject({
  exec: z.looseObject({
    command: z.string(),
    args: z.array(z.string()).nullish(),
    env: z.array(z.looseObject({ name: z.string(), value: z.string() })).nullish(),
  }),
});

/**
 * The cluster that `aws eks update-kubeconfig` or eksctl wrote the context for; undefined for any other context, and for
 * one that works with another role or profile than the credentials in use: the cluster may be another account's. `roles`: those of other
 * accounts that the fleet uses.
 */
export function clusterOfContext(
  { environment }: Pick<World, 'environment'>,
  config: MinifiedConfig,
  roles: readonly AccountRole[] = [],
): EksCluster | undefined {
  const parsed = execUser.safeParse(config.users?.[0]?.user);
  if (!parsed.success) return undefined;
  const { command, args, env } = parsed.data.exec;
  const words = (args ?? []).flatMap((each) => (each.startsWith('--') ? each.split('=', 2) : [each]));
  const after = (flag: string): string | undefined => {
    const at = words.indexOf(flag);
    return at === -1 ? undefined : words[at + 1];
  };
  const isToken = command.split('/').at(-1) === 'aws' && words.includes('eks') && words.includes('get-token');
  const profile = after('--profile') ?? env?.find(({ name }) => name === 'AWS_PROFILE')?.value;
  const account = roles.find(({ role }) => role === after('--role-arn'));
  const isOther =
    (words.includes('--role-arn') && account === undefined) ||
    (profile ?? environment.vars['AWS_PROFILE']) !== environment.vars['AWS_PROFILE'];
  const [cluster, region] = [after('--cluster-name'), after('--region')];
  return !isToken || isOther || cluster === undefined || region === undefined
    ? undefined
    : { cluster, region, account };
}
