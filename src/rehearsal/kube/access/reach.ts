/** Who reaches the endpoint of an EKS cluster: machines by where they stand, Karmada from its parent. */
import { admitsAddress, admitsNetwork } from '../../account/ranges.js';
import { leadsInto } from '../../account/routes.js';
import type { Simulation } from '../../simulation.js';
import type { AccountState, ApiState, ClusterState, MachineState } from '../../state.js';

/** A machine of the rehearsal at a cluster's door. */
interface Caller {
  readonly simulation: Pick<Simulation, 'state'>;
  readonly host: string;
}

/**
 * The private address at which a connection of this machine to the cluster's endpoint times out; undefined: it is answered. Without a
 * public endpoint the name leads to private addresses everywhere, with both only in the VPC; these admit whom the cluster's security
 * groups admit, on port 443 (EKS User Guide, cluster endpoint).
 */
export function unansweredAddress({ simulation: { state }, host }: Caller, eks: ClusterState): string | undefined {
  const machine = state.machines?.[host];
  if (eks.privateOnly !== true && !isInside(state, machine, eks)) return undefined;
  const isLet =
    machine?.reaches.includes(eks.vpcId) === true && admitsAddress(eks.privateAccessCidrs ?? [], machine.address);
  return isLet ? undefined : privateAddress(state, eks);
}

/** With both endpoints the VPC's own DNS server tells the private addresses. */
function isInside(state: AccountState, machine: MachineState | undefined, eks: ClusterState): boolean {
  if (machine === undefined || eks.privateAccessCidrs === undefined) return false;
  return regionsOf(state, eks).networkInterfaces.some(({ mac, vpcId }) => mac === machine.mac && vpcId === eks.vpcId);
}

function regionsOf({ regions }: AccountState, eks: ClusterState) {
  const found = Object.values(regions).find(({ clusters }) => clusters[eks.name] === eks);
  return found ?? { networkInterfaces: [], vpcs: [] };
}

function privateAddress(state: AccountState, eks: ClusterState): string {
  const own = regionsOf(state, eks).networkInterfaces.find(
    ({ description }) => description === `Amazon EKS ${eks.name}`,
  );
  return own?.privateIp ?? '10.0.0.10';
}

/** Whether Karmada's pods, in the nodes of its parent, are led to a private endpoint that they do not reach. */
export function isShutOut(
  { regions }: AccountState,
  { region, cluster }: ApiState,
  { api, eks }: { readonly api: ApiState; readonly eks?: ClusterState },
): boolean {
  const parent = regions[region]?.clusters[cluster];
  if (eks === undefined || parent === undefined || eks === parent) return false;
  const isOneVpc = api.region === region && eks.vpcId === parent.vpcId;
  const cidr = cidrOf(regions, region, parent.vpcId);
  const isLet = admitsNetwork(eks.privateAccessCidrs ?? [], cidr);
  if (isOneVpc) return eks.privateAccessCidrs !== undefined && !isLet;
  if (eks.privateOnly !== true) return false;
  const there = leadsInto(regions[region], parent.subnetIds, cidrOf(regions, api.region, eks.vpcId));
  const back = leadsInto(regions[api.region], eks.subnetIds, cidr);
  return !(there && back && isLet);
}

function cidrOf(regions: AccountState['regions'], region: string, vpcId: string): string {
  return regions[region]?.vpcs.find(({ id }) => id === vpcId)?.cidr ?? '';
}
