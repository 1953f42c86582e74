/** What became of the parents that a fleet had: a recovery is for one whose parent is gone. */

import { accessCluster } from '../../../access/cluster-access.js';
import { isServing } from '../../../access/eks-kubeconfig.js';
import type { Manifest } from '../../../backup/manifest.js';
import { Problem } from '../../../errors/problem.js';
import type { Fleet } from '../../../fleet/fleet.js';
import { fleetCommand } from '../../../fleet/fleet-command.js';
import type { FleetPaths } from '../../../fleet/paths.js';
import { readRecord } from '../../../ownership/fleet-record.js';
import { knownFleets, pathsOfFleet } from '../../../state/known-fleets.js';
import { ownRegion } from '../../../world/place.js';
import { callOf, type Session } from '../../shared/session.js';

interface Judged {
  readonly manifest: Manifest;
  /** The backup. */
  readonly file: string;
  readonly force: boolean;
}

/**
 * Why the run may go on, one sentence for each place where the fleet had its parent: that of the backup, and those that this machine knows.
 * @throws Problem `parent-stands`, and what reading EKS raises where AWS can be reached
 */
export async function judgeFormerParents(session: Session, judged: Judged, fleet: Fleet): Promise<readonly string[]> {
  const { manifest } = judged;
  const { world } = session.clients;
  const known = (await knownFleets(world)).filter(
    ({ name, account }) => name === fleet.name && account === manifest.fleet.account,
  );
  const records = await Promise.all(
    known.map(async ({ region, paths }) =>
      (await readRecord(world.files, paths))?.request.id === fleet.id ? region : [],
    ),
  );
  const regions = new Set([manifest.fleet.region, ...records.flat()]);
  const lines: string[] = [];
  for (const region of regions) lines.push(await judge(session, judged, fleet, region));
  return lines;
}

async function judge(
  session: Session,
  { manifest, file, force }: Judged,
  { name, parent }: Fleet,
  region: string,
): Promise<string> {
  const { clients } = session;
  const cluster = parent.cluster;
  const which = `the former parent ${cluster} in ${region}`;
  const asked = await clients
    .eks(ownRegion(region))
    .cluster(cluster)
    .then((found) => ({ found }), unlessUnreachable);
  if (asked === undefined) return `${which} cannot be asked for: AWS does not answer there`;
  const { found } = asked;
  const isHere = region === parent.region;
  // One here that is younger than the backup is an earlier run's, which the mark in it tells.
  if (found === undefined || (isHere && !isOlder(found.createdAt, manifest))) return `${which} is gone`;
  const paths = await pathsOf(session, manifest, region);
  const access = await accessCluster(clients, paths, { context: cluster, ...ownRegion(region) }, found).catch(ifSilent);
  const answers = access !== undefined && (await clients.kubectl.isReady(access, callOf(session)));
  const restore = fleetCommand(`restore ${file}`, { name, parent: { region } });
  const back = answers ? [`put Karmada in it back to the backup: ${restore}`] : [];
  if (isHere)
    throw standing(`${which} exists, and the new one would have the same name`, [
      ...back,
      'recover into another region: --region',
      `or, if it is no longer needed, delete it first: eksctl delete cluster --name ${cluster} --region ${region}`,
    ]);
  if (isServing(found) && !force)
    throw standing(`${which} exists, and its API ${answers ? 'answers' : 'does not answer this machine'}`, [
      ...back,
      'to move its members to a new parent anyway, add --force',
    ]);
  return `${which} exists${answers ? '' : '; its API does not respond'}`;
}

/** A refusal of AWS is no proof that a cluster is gone. */
function unlessUnreachable(thrown: unknown): undefined {
  if (thrown instanceof Problem && ['network-unreachable', 'aws-failed'].includes(thrown.code)) return undefined;
  throw thrown;
}

/** Its endpoint is closed to this machine, as it may be to everybody in an outage. */
function ifSilent(thrown: unknown): undefined {
  if (thrown instanceof Problem && thrown.code === 'cluster-unreachable') return undefined;
  throw thrown;
}

async function pathsOf({ clients }: Session, { fleet }: Manifest, region: string): Promise<FleetPaths> {
  return await pathsOfFleet(clients.world, { name: fleet.name, region, account: fleet.account });
}

/** A cluster of the name that is younger than the backup was made by a recovery, or after it. */
export function isOlder(createdAt: Date | undefined, { madeAt }: Manifest): boolean {
  return (createdAt?.getTime() ?? 0) <= Date.parse(madeAt);
}

function standing(what: string, next: readonly string[]): Problem {
  return new Problem('parent-stands', { what: `${what}; nothing was changed`, next: [...next] });
}
