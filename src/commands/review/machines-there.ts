/** The nodes of the clusters that a fleet has already: they cost what they are, whatever is requested now. */
import { diskSize } from '../../aws/ec2/node-disks.js';
import type { Clients } from '../../clients/clients.js';
import type { PlannedStep } from '../../engine/plan.js';
import { defaults } from '../../fleet/defaults.js';
import { clustersOf, type Fleet } from '../../fleet/fleet.js';
import { usualVolumeSize } from '../../fleet/settings/node-form.js';
import { type MachinesThere, machinesFor } from '../../model/cost.js';
import { clusterKey } from '../../model/facts.js';

/**
 * As they will be after the run: a run that reconciles brings the fleet's own node groups to the requested number. Clusters that are
 * still to be made or finished are left out.
 */
export async function machinesThere(
  clients: Clients,
  fleet: Fleet,
  planned: readonly PlannedStep[],
  reconciles: boolean,
): Promise<MachinesThere> {
  const ready = new Set(planned.flatMap(({ step, state }) => (state === 'ready' ? [step.id] : [])));
  const there = clustersOf(fleet).filter(({ scope }) => ready.has(`create-cluster/${scope}`));
  const found = there.map(async (cluster) => {
    const groups = await clients.eks(cluster).nodeGroups(cluster.cluster);
    const wanted = machinesFor(fleet, cluster);
    const machines = groups.map(async (group) => ({
      instanceTypes: group.instanceTypes ?? wanted.instanceTypes,
      spot: group.capacityType === 'SPOT',
      count:
        reconciles && group.nodegroupName === defaults.nodeGroup
          ? wanted.count
          : (group.scalingConfig?.desiredSize ?? 0),
      // Where none was requested they have the usual size, and nobody need be asked.
      diskGib:
        (wanted.diskGib === usualVolumeSize ? undefined : await diskSize(clients.world.aws, cluster, group)) ??
        usualVolumeSize,
    }));
    return [clusterKey(cluster), await Promise.all(machines)] as const;
  });
  return new Map(await Promise.all(found));
}
