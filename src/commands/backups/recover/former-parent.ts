/** What became of the parent of a backup: a recovery is for one that is gone. */
import { accessCluster } from '../../../access/cluster-access.js';
import type { Manifest } from '../../../backup/manifest.js';
import { Problem } from '../../../errors/problem.js';
import type { FleetCluster } from '../../../fleet/fleet.js';
import { fleetCommand } from '../../../fleet/fleet-command.js';
import type { FleetPaths } from '../../../fleet/paths.js';
import { tryToRead } from '../../shared/known-fleet.js';
import { callOf, type Session } from '../../shared/session.js';

/** Why the run may go on, as a sentence. `paths`: of the fleet where the former parent is. */
export async function judgeFormerParent(
  session: Session,
  { manifest, file, paths, force }: { manifest: Manifest; file: string; paths: FleetPaths; force: boolean },
  parent: FleetCluster,
): Promise<string> {
  const { clients } = session;
  const { name, parent: cluster, region } = manifest.fleet;
  const which = `the former parent ${cluster} in ${region}`;
  const asked = await tryToRead(async () => ({ found: await clients.eks(region).cluster(cluster) }));
  if (asked === undefined) return `${which} cannot be asked for: AWS does not answer there`;
  const { found } = asked;
  if (found === undefined || !isOlder(found.createdAt, manifest)) return `${which} is gone`;
  const access = await accessCluster(clients, paths, { context: cluster, region }, found);
  const answers = access !== undefined && (await tryToRead(() => clients.kubectl.isReady(access, callOf(session))));
  const restore = fleetCommand(`restore ${file}`, { name, parent: { region } });
  if (region === parent.region && cluster === parent.cluster)
    throw standing(`${which} exists, and the new one would have the same name`, [
      ...(answers ? [`put Karmada in it back to the backup: ${restore}`] : []),
      'recover into another region: --region',
      `or, if it is of no use any more, delete it first: eksctl delete cluster --name ${cluster} --region ${region}`,
    ]);
  if (answers && !force)
    throw standing(`${which} exists, and its API answers`, [
      `put Karmada in it back to the backup: ${restore}`,
      'or, to give its members to a new parent all the same, add --force',
    ]);
  return `${which} exists${answers ? '' : '; its API does not respond'}`;
}

/** A cluster of the name that is younger than the backup was made by a recovery, or after it. */
export function isOlder(createdAt: Date | undefined, { madeAt }: Manifest): boolean {
  return (createdAt?.getTime() ?? 0) <= Date.parse(madeAt);
}

function standing(what: string, next: readonly string[]): Problem {
  return new Problem('parent-stands', { what: `${what}; nothing was changed`, next: [...next] });
}
