/** Puts a machine of the rehearsal into a network. */
import type { Simulation } from '../simulation.js';
import type { MachineState, VpcState } from '../state.js';

/** An EC2 instance of the user's in a VPC: its interface is EC2's, in the VPC's first subnet. It reaches `others` too, by their ids. */
export function putIntoVpc(
  simulation: Pick<Simulation, 'state' | 'region' | 'id'>,
  host: string,
  regionName: string,
  { id: vpcId }: VpcState,
  others: readonly string[] = [],
): MachineState {
  const region = simulation.region(regionName);
  const subnet = region.subnets.find((each) => each.vpcId === vpcId);
  const { id: subnetId = '', zone = '', cidr = '10.0.0.0/24' } = subnet ?? {};
  const address = cidr.replace(/\.0\/\d+$/, '.250');
  const mac = `0a:00:00:00:00:${String(region.networkInterfaces.length).padStart(2, '0').slice(-2)}`;
  const own = { id: simulation.id('eni'), description: 'your machine', subnetId, vpcId, zone, privateIp: address, mac };
  region.networkInterfaces.push(own);
  return putInto(simulation, host, { address, mac, reaches: [vpcId, ...others] });
}

/** A machine elsewhere, which reaches these VPCs by a peering, a transit gateway or a VPN. */
export function putInto({ state }: Pick<Simulation, 'state'>, host: string, machine: MachineState): MachineState {
  state.machines = { ...state.machines, [host]: machine };
  return machine;
}
