/** The interfaces of deleted load balancers whose cluster is gone too: nobody but AWS itself is left to end them. */
import { removeInterfaces } from '../kube/controllers/interfaces.js';
import type { Simulation } from '../simulation.js';

/** How long the network interfaces outlive their load balancer, in ms [est]. */
export const lingerMs = 15_000;

export function settleBalancers(simulation: Simulation): void {
  const now = simulation.now();
  for (const region of Object.values(simulation.state.regions)) {
    for (const balancer of region.loadBalancers) {
      if (balancer.deletedAt !== undefined && balancer.deletedAt + lingerMs <= now) removeInterfaces(region, balancer);
    }
  }
}
