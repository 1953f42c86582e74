/**
 * Log groups of control planes that are gone: EKS creates them when logging is enabled, and leaves them behind (eksctl
 * 1018).
 */
import { logGroup } from '../aws/log-groups.js';
import { judge } from '../ownership/ownership.js';
import type { FoundThing } from './leftover.js';
import { type LeftoverScope, leftoverOf } from './scope.js';

/** They carry no tag, so only the exact name of a cluster counts that the fleet made. */
export async function findLogGroupsLeft(scope: LeftoverScope): Promise<readonly FoundThing[]> {
  const { clients, fleet, region, gone, lives } = scope;
  const found = await Promise.all(
    gone.map(async (cluster): Promise<readonly FoundThing[]> => {
      const group = await logGroup(clients.world.aws, scope, `/aws/eks/${cluster}/cluster`);
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
