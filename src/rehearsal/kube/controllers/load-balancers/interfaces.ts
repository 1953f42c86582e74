/** The network interfaces of load balancers: one a subnet, with an address from the ranges kept for documentation. */
import type { ApiState, LoadBalancerState, RegionState, SubnetState } from '../../../state.js';
import type { Tick } from '../../tick.js';

/** RFC 5737: addresses that belong to nobody. */
const documentationRanges = ['203.0.113', '198.51.100', '192.0.2'] as const;

/** Adds what is missing of a load balancer's interfaces. */
export function addInterfaces(tick: Tick, api: ApiState, balancer: LoadBalancerState): void {
  const region = tick.simulation.region(api.region);
  for (const subnetId of balancer.subnetIds) {
    const subnet = region.subnets.find(({ id }) => id === subnetId);
    const there = region.networkInterfaces.some(
      (one) => one.loadBalancer === balancer.name && one.subnetId === subnetId,
    );
    if (subnet === undefined || there) continue;
    const id = tick.simulation.id('eni');
    const number = Number.parseInt(id.replace(/^\D*/, '').slice(-6), 16) || 1;
    region.networkInterfaces.push({
      id,
      subnetId,
      vpcId: subnet.vpcId,
      zone: subnet.zone,
      description:
        balancer.kind === 'network' ? `ELB ${balancer.arn.split('loadbalancer/')[1]}` : `ELB ${balancer.name}`,
      privateIp: privateAddress(subnet, number),
      loadBalancer: balancer.name,
      ...(balancer.scheme === 'internet-facing' ? { publicIp: publicAddress(tick, number) } : {}),
    });
  }
}

export function removeInterfaces(region: RegionState, balancer: LoadBalancerState): void {
  region.networkInterfaces = region.networkInterfaces.filter((one) => one.loadBalancer !== balancer.name);
}

/** The load balancer behind a host name or an address, while it answers. */
export function balancerAt(tick: Pick<Tick, 'simulation' | 'at'>, host: string): LoadBalancerState | undefined {
  for (const region of Object.values(tick.simulation.state.regions)) {
    const found = region.loadBalancers.find(
      (balancer) =>
        balancer.activeAt <= tick.at &&
        balancer.deletedAt === undefined &&
        (balancer.hostname === host || addressesOf(region, balancer).includes(host)),
    );
    if (found !== undefined) return found;
  }
  return undefined;
}

function addressesOf(region: RegionState, balancer: LoadBalancerState): string[] {
  return region.networkInterfaces
    .filter((one) => one.loadBalancer === balancer.name)
    .map((one) => one.publicIp ?? one.privateIp);
}

function publicAddress(tick: Tick, number: number): string {
  const regions = Object.values(tick.simulation.state.regions);
  const taken = new Set(regions.flatMap((region) => region.networkInterfaces.map((one) => one.publicIp)));
  const all = documentationRanges.flatMap((range) => Array.from({ length: 250 }, (_, last) => `${range}.${last + 1}`));
  const from = number % 250;
  return [...all.slice(from), ...all.slice(0, from)].find((address) => !taken.has(address)) ?? '203.0.113.254';
}

function privateAddress(subnet: SubnetState, number: number): string {
  const [a, b, c] = subnet.cidr.split('/')[0]?.split('.') ?? [];
  return `${a}.${b}.${c}.${(number % 200) + 20}`;
}
