/** Shows what removing members changes, runs it, and reports what remains of them. */

import type { Destruction } from '../../engine/destruction.js';
import type { Fleet } from '../../fleet/fleet.js';
import { fleetCommand } from '../../fleet/fleet-command.js';
import { isRemovable } from '../../leftovers/users-volumes.js';
import { remainingCost } from '../../model/cost.js';
import { rememberDeleted } from '../../ownership/cluster-lifetimes.js';
import { readRememberedClusters, writeRecord } from '../../ownership/fleet-record.js';
import { asWhom, placeName } from '../../world/place.js';
import { costSummary } from '../review/cost-table.js';
import { removalTable } from '../review/plan-table.js';
import { exitCodeOf } from '../shared/execute.js';
import { membersInKarmada } from '../shared/next-steps.js';
import { executeRun } from '../shared/planned-run.js';
import type { Session } from '../shared/session.js';
import type { PreparedUnjoin } from './prepare-unjoin.js';

/** The table of what goes, and notes on what stays: in members that do not answer, and on the bill. */
export function showUnjoin({ ui }: Session, { planned, afterwards, warnings, notes, staying }: PreparedUnjoin): void {
  ui.showTable(removalTable(planned));
  for (const warning of warnings) ui.note(`warning: ${warning}`);
  for (const note of notes) ui.note(note);
  if (staying.length === 0) return;
  const clusters = staying.map((each) => `${each.cluster} in ${placeName(each)}`).join(', ');
  const stay = staying.length === 1 ? `EKS cluster ${clusters} is kept` : `EKS clusters ${clusters} are kept`;
  ui.note(
    `${stay}: ${costSummary(remainingCost(afterwards, staying))}; add --delete-cluster to delete ${staying.length === 1 ? 'it' : 'them'} too`,
  );
}

/** This machine notes beforehand who is leaving, and afterwards that they have left. */
export async function executeUnjoin(
  session: Session,
  prepared: PreparedUnjoin,
  destroys: readonly Destruction[],
): Promise<number> {
  const { options, afterwards, staying, deleted, volumes, memory, paths, fleet: meanwhile } = prepared;
  const { fleet, caller, names } = options;
  // Who leaves was asked about, and nothing else of what others changed.
  const agreed = options.agreed && without(options.agreed, names);
  const { files, clock } = session.clients.world;
  const report = await executeRun(session, 'unjoin', prepared, destroys, () =>
    writeRecord(session.clients, paths, meanwhile, caller.account, { memory, agreed }),
  );
  if (!report.ok) return exitCodeOf(report);
  for (const name of names) await files.remove(paths.kubeconfig(name));
  // Last: until then the same command still finds the members. The clusters reported more while they were being
  // deleted.
  const last = await readRememberedClusters(files, paths, meanwhile);
  const ended = rememberDeleted(last, deleted, clock.now());
  await writeRecord(session.clients, paths, afterwards, caller.account, { memory: ended, agreed });
  const gone = deleted.map((each) => `; EKS cluster ${each.cluster} in ${placeName(each)} is deleted`).join('');
  const { ui } = session;
  ui.print(`${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} no longer in fleet ${fleet.name}${gone}`);
  const left = staying.map(({ scope }) => scope).join(' ');
  const deletion = {
    purpose: staying.length === 1 ? 'delete its cluster too' : 'delete their clusters too',
    command: fleetCommand(`unjoin ${left} --delete-cluster`, fleet),
  };
  ui.showNext([await membersInKarmada(session, fleet, paths), ...(staying.length === 0 ? [] : [deletion])]);
  const volumesLeft = leftVolumes(volumes);
  if (volumesLeft.length > 0) ui.print(volumesLeft.join('\n'));
  const stays = staying.map(({ scope, cluster, region, account }) => ({
    member: scope,
    cluster,
    region,
    ...(account && { account: account.id }),
  }));
  ui.data('unjoin', { fleet: fleet.name, members: names, staying: stays });
  return exitCodeOf(report);
}

function without(fleet: Fleet, names: readonly string[]): Fleet {
  return { ...fleet, members: fleet.members.filter(({ name }) => !names.includes(name)) };
}

/** The volumes with users' data that stay without their cluster, and how each is deleted. */
function leftVolumes({ found, go }: PreparedUnjoin['volumes']): readonly string[] {
  const left = found.filter((volume) => !(go && isRemovable(volume)));
  const lines = left.map(
    ({ id, ...place }) => `  aws ec2 delete-volume --region ${place.region} --volume-id ${id}${asWhom(place)}`,
  );
  if (left.length === 0) return [];
  const stay =
    left.length === 1
      ? '1 volume with users’ data is kept and still incurs cost'
      : `${left.length} volumes with users’ data are kept and still incur cost`;
  return [`${stay}; to delete:`, ...lines];
}
