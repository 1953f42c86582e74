/** Members that would become another cluster: the one before would be nobody's any more, and go on costing money. */

import { isRoleRefused } from '../../aws/refused-role.js';
import type { Clients } from '../../clients/clients.js';
import { Problem } from '../../errors/problem.js';
import { refuse } from '../../errors/refuse.js';
import { describeMember, type EksMember, type Fleet, type Member, presentRole } from '../../fleet/fleet.js';
import { fleetCommand } from '../../fleet/fleet-command.js';
import type { FleetPaths } from '../../fleet/paths.js';
import { clusterStack } from '../../ownership/cluster-lifetimes.js';
import { readRememberedClusters } from '../../ownership/fleet-record.js';
import { ownershipOf } from '../../ownership/name-ownership.js';

/** What is in the place that a member had before. */
type Before = { readonly is: 'made' | 'used' | 'gone' } | { readonly is: 'unseen'; readonly refused: Problem };

/**
 * The fleet without former members whose names its members have and of which nothing is left.
 * @throws Problem `member-foreign` for one whose cluster, or the stack of it, is still there, or cannot be seen
 */
export async function settleMoved(clients: Clients, fleet: Fleet, paths: FleetPaths): Promise<Fleet> {
  const moves = fleet.former.flatMap((old) => {
    const now = fleet.members.find(({ name }) => name === old.name);
    return now === undefined || old.kind !== 'eks' ? [] : [{ old, now }];
  });
  if (moves.length === 0) return fleet;
  const problems = await Promise.all(
    moves.map(async ({ old, now }) => {
      const before = await whatIsThere(clients, fleet, paths, old);
      return before.is === 'gone' ? [] : [moved(fleet, { old, now }, before)];
    }),
  );
  refuse(problems.flat());
  return { ...fleet, former: fleet.former.filter((each) => !moves.some(({ old }) => old === each)) };
}

async function whatIsThere(clients: Clients, fleet: Fleet, paths: FleetPaths, old: EksMember): Promise<Before> {
  const place = { cluster: old.cluster, region: old.region, account: presentRole(fleet, old.account) };
  try {
    const found = await clients.eks(place).cluster(place.cluster);
    const memory = await readRememberedClusters(clients.world.files, paths, fleet);
    const ownership = await ownershipOf(clients, { fleet, memory }, place, found);
    if (ownership !== 'absent') return { is: ownership === 'ours' ? 'made' : 'used' };
    const stack = await clients.cloudformation(place).stack(clusterStack(place.cluster));
    return { is: stack === undefined ? 'gone' : 'made' };
  } catch (thrown) {
    if (!(thrown instanceof Problem) || !isRoleRefused(thrown)) throw thrown;
    return { is: 'unseen', refused: thrown };
  }
}

function moved(fleet: Fleet, { old, now }: { readonly old: EksMember; readonly now: Member }, before: Before): Problem {
  const { name } = old;
  const another = 'or give the new member another name: --member name=…';
  const again = 'then run the same command again';
  const remove = fleetCommand(`unjoin ${name}${before.is === 'made' ? ' --delete-cluster' : ''}`, fleet);
  return new Problem('member-foreign', {
    what: `member ${name} is ${describeMember(old)}, and would become ${describeMember(now)}`,
    why:
      before.is === 'unseen'
        ? `whether that cluster is still there cannot be seen: ${before.refused.message}`
        : before.is === 'made'
          ? 'the fleet made that cluster: it would be left, and go on costing money'
          : 'a member does not change its cluster: Karmada would have the one before under this name',
    next:
      before.is === 'unseen'
        ? [...before.refused.next, again, another]
        : [
            before.is === 'made' ? `delete that cluster first: ${remove}` : `remove that member first: ${remove}`,
            again,
            another,
          ],
  });
}
