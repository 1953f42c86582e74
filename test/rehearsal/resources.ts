/** Lists everything that exists in an account, so that what is there before and after can be compared. */
import { never } from '../../src/rehearsal/durations.js';
import type { Simulation } from '../../src/rehearsal/simulation.js';
import type { Moment, RegionState } from '../../src/rehearsal/state.js';

/** Sorted ids, each with its region and kind, e.g. `us-west-2 cluster demo-parent`; deleted stacks are left out. */
export function resourceIds(simulation: Simulation): readonly string[] {
  const { state } = simulation;
  const regional = Object.entries(state.regions).flatMap(([name, region]) =>
    idsOf(region, simulation.now()).map((id) => `${name} ${id}`),
  );
  const global = [state, ...Object.values(state.accounts ?? {})].flatMap(({ roles, oidcProviders }) => [
    ...roles.map((role) => `role ${role}`),
    ...oidcProviders.map((provider) => `oidc-provider ${provider}`),
  ]);
  return [...regional, ...global].sort();
}

function idsOf(region: RegionState, now: Moment): readonly string[] {
  const clusters = Object.values(region.clusters);
  const list = (kind: string, ids: readonly string[]): readonly string[] => ids.map((id) => `${kind} ${id}`);
  const id = (item: { readonly id: string }): string => item.id;
  return [
    ...list('vpc', region.vpcs.map(id)),
    ...list('subnet', region.subnets.map(id)),
    ...list('route-table', region.routeTables.map(id)),
    ...list('nat-gateway', region.natGateways.filter((nat) => nat.state !== 'deleted').map(id)),
    ...list('cluster', Object.keys(region.clusters)),
    ...clusters.flatMap((cluster) => list(`nodegroup ${cluster.name}`, Object.keys(cluster.nodeGroups))),
    ...clusters.flatMap((cluster) => list(`addon ${cluster.name}`, Object.keys(cluster.addons))),
    ...list(
      'stack',
      region.stacks.filter((stack) => stack.status !== 'DELETE_COMPLETE').map((stack) => stack.name),
    ),
    ...list('instance', region.instances.map(id)),
    ...list('network-interface', region.networkInterfaces.map(id)),
    ...list(
      'load-balancer',
      region.loadBalancers.filter((lb) => (lb.deletedAt ?? never) > now).map((lb) => lb.name),
    ),
    ...list('volume', region.volumes.map(id)),
    ...list(
      'target-group',
      (region.targetGroups ?? []).map(({ name }) => name),
    ),
    ...list('security-group', region.securityGroups.map(id)),
    ...region.securityGroups.flatMap((group) =>
      list(
        'security-group-rule',
        (group.rules ?? []).map((rule) => `${group.id} ${rule.id}`),
      ),
    ),
    ...list(
      'log-group',
      region.logGroups.map(({ name }) => name),
    ),
  ];
}
