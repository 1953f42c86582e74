/**
 * Log groups of control planes that are gone: EKS creates them when logging is enabled, and leaves them behind (eksctl
 * 1018).
 */
import { logGroup } from '../aws/log-groups.js';
import { judge } from '../ownership/ownership.js';
import type { Leftover } from './leftover.js';
import { type LeftoverScope, leftoverOf } from './scope.js';

/** They carry no tag, so only the exact name of a cluster counts that the fleet made. */
export async function findLogGroupsLeft({
  clients,
  fleet,
  region,
  gone,
  lives,
}: LeftoverScope): Promise<readonly Leftover[]> {
  const found = await Promise.all(
    gone.map(async (cluster): Promise<readonly Leftover[]> => {
      const group = await logGroup(clients.world.aws, region, `/aws/eks/${cluster}/cluster`);
      if (group === undefined) return [];
      const { name, storedBytes, createdAt } = group;
      const found = {
        tag: undefined,
        clusters: [cluster],
        marked: true,
        createdAt,
        existed: false,
        clusterIsOthers: false,
      };
      const verdict = leftoverOf(judge(fleet.id, lives, found));
      if (verdict === undefined) return [];
      const usdPerHour = storedBytes === 0 ? 0 : undefined;
      return [{ kind: 'log group', id: name, name, region, detail: `${storedBytes} bytes`, usdPerHour, ...verdict }];
    }),
  );
  return found.flat();
}
