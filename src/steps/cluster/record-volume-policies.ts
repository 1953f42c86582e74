/**
 * Records the reclaim policies of a cluster's volumes right before the cluster is deleted: afterwards they cannot be
 * read.
 */
import { makeEc2Leftovers } from '../../aws/ec2/ec2-leftovers.js';
import type { CallContext } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import type { FleetMemberCluster } from '../../fleet/fleet.js';
import { policiesIn } from '../../leftovers/users-volumes.js';
import { rememberLast } from '../../ownership/cluster-lifetimes.js';
import { ownedTag } from '../../ownership/cluster-tags.js';
import { changeVolumes } from '../../ownership/fleet-record.js';
import type { Files } from '../../world/files.js';
import type { FleetContext } from '../context.js';
import { accessTo } from '../nodes/node-health.js';

/** Clusters go in parallel, and there is one record. */
const turns = new WeakMap<Files, Promise<unknown>>();

/** Nothing is noted of a cluster that is gone: that was done before it went. */
export async function recordVolumePolicies(
  context: FleetContext,
  cluster: FleetMemberCluster,
  call: CallContext,
): Promise<void> {
  const { clients, paths, fleet } = context;
  const { files, aws } = clients.world;
  const filter = { key: ownedTag(cluster.cluster), values: ['owned'] };
  const ids = (await makeEc2Leftovers(aws, cluster).volumes(filter)).map(({ VolumeId = '' }) => VolumeId);
  if (ids.length === 0) return;
  const told = await policiesBefore(context, cluster, call);
  if (told === undefined) return;
  const note = (): Promise<void> => changeVolumes(files, paths, fleet, (known) => rememberLast(known, ids, told));
  const turn = (turns.get(files) ?? Promise.resolve()).then(note, note);
  turns.set(files, turn);
  await turn;
}

/** Undefined where there is no cluster; empty for one that does not respond. */
async function policiesBefore(
  context: FleetContext,
  cluster: FleetMemberCluster,
  call: CallContext,
): Promise<ReadonlyMap<string, string> | undefined> {
  const found = await context.clients.eks(cluster).cluster(cluster.cluster);
  // One that is being deleted was read before that began.
  if (found === undefined || found.status === 'DELETING') return undefined;
  const access = await accessTo(context, cluster, found);
  if (access === undefined) return new Map();
  try {
    return await policiesIn(context.clients, access, call);
  } catch (thrown) {
    if (!(thrown instanceof Problem) || thrown.code === 'interrupted') throw thrown;
    return new Map();
  }
}
