/** Where machines of the rehearsal stand: each in a VPC, in a network that is connected to some, or outside of all. */
import type { Simulation } from '../simulation.js';
import type { MachineState, RegionState, VpcState } from '../state.js';

type Account = Pick<Simulation, 'state' | 'region' | 'id'>;

const description = 'your machine';

/** An EC2 instance of the user's in a VPC: its interface is EC2's, in the VPC's first subnet. It reaches `others` too, by their ids. */
export function putIntoVpc(
  account: Account,
  host: string,
  regionName: string,
  { id: vpcId }: VpcState,
  others: readonly string[] = [],
): MachineState {
  const region = account.region(regionName);
  const subnet = region.subnets.find((each) => each.vpcId === vpcId);
  const { id: subnetId = '', zone = '', cidr = '10.0.0.0/24' } = subnet ?? {};
  const address = cidr.replace(/\.0\/\d+$/, '.250');
  const mac = `0a:00:00:00:00:${String(region.networkInterfaces.length).padStart(2, '0').slice(-2)}`;
  const own = { id: account.id('eni'), description, subnetId, vpcId, zone, privateIp: address, mac };
  region.networkInterfaces.push(own);
  return putInto(account, host, { address, mac, reaches: [vpcId, ...others] });
}

/** A machine elsewhere, which reaches these VPCs by a peering, a transit gateway or a VPN. */
export function putInto({ state }: Pick<Account, 'state'>, host: string, machine: MachineState): MachineState {
  state.machines = { ...state.machines, [host]: machine };
  return machine;
}

/** Takes a machine out of its VPC. */
export function putOutside({ state }: Pick<Account, 'state'>, host: string): void {
  const { [host]: machine, ...others } = state.machines ?? {};
  if (machine === undefined) return;
  state.machines = others;
  for (const region of Object.values(state.regions)) leave(region, machine);
}

function leave(region: RegionState, { mac }: MachineState): void {
  region.networkInterfaces = region.networkInterfaces.filter(
    (each) => each.description !== description || each.mac !== mac,
  );
}
