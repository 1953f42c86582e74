/** Brings node groups whose size is being changed up to now. */

import { never } from '../durations.js';
import type { Simulation } from '../simulation.js';
import { startInstances, stopSurplus } from './clusters.js';
import { refreshNodes } from './nodes.js';

/** Ends the changes whose moment has come: then the machines are there, or gone. */
export function settleNodeGroups(simulation: Simulation, regionName: string): void {
  const region = simulation.region(regionName);
  for (const cluster of Object.values(region.clusters)) {
    for (const group of Object.values(cluster.nodeGroups)) {
      if (group.status !== 'UPDATING' || group.settlesAt > simulation.now()) continue;
      group.status = 'ACTIVE';
      group.settlesAt = never;
      stopSurplus(region, cluster, group);
      startInstances(simulation, regionName, cluster, group);
      refreshNodes(simulation, regionName, cluster.name);
    }
  }
}
