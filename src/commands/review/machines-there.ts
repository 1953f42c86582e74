/** The nodes of the clusters that a fleet has already: they cost what they are, whatever is requested now. */
import type { Clients } from '../../clients/clients.js';
import type { PlannedStep } from '../../engine/plan.js';
import { defaults } from '../../fleet/defaults.js';
import { clustersOf, type Fleet } from '../../fleet/fleet.js';
import type { MachinesThere } from '../../model/cost.js';
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
    const groups = await clients.eks(cluster.region).nodeGroups(cluster.cluster);
    const machines = groups.map(({ nodegroupName, instanceTypes, scalingConfig }) => ({
      instanceType: instanceTypes?.[0] ?? fleet.instanceType,
      count: reconciles && nodegroupName === defaults.nodeGroup ? fleet.nodes : (scalingConfig?.desiredSize ?? 0),
    }));
    return [clusterKey(cluster), machines] as const;
  });
  return new Map(await Promise.all(found));
}
