/** Log groups of control planes that are gone: EKS makes them when its logging is turned on, and leaves them (eksctl 1018). */
import { logGroup } from '../aws/log-groups.js';
import type { Leftover } from './leftover.js';
import { isYounger, type LeftoverScope } from './leftover-scope.js';

/** They carry no tag, so only the exact name of a cluster counts that the fleet made. */
export async function logGroupsLeft({ clients, region, gone }: LeftoverScope): Promise<readonly Leftover[]> {
  const found = await Promise.all(
    [...gone.values()].map(async (made): Promise<readonly Leftover[]> => {
      const group = await logGroup(clients.world.aws, region, `/aws/eks/${made.cluster}/cluster`);
      if (group === undefined || !isYounger(made, group.createdAt)) return [];
      const { name, storedBytes } = group;
      const usdPerHour = storedBytes === 0 ? 0 : undefined;
      return [{ kind: 'log group', id: name, name, region, detail: `${storedBytes} bytes`, usdPerHour }];
    }),
  );
  return found.flat();
}
