/** Where the instance types of nodes are offered, and their processors. */
import { instanceTypes } from '../../aws/ec2/capacity.js';
import type { Ec2 } from '../../aws/ec2/ec2.js';
import type { Clients } from '../../clients/clients.js';
import type { NetworkSpec, VpcReading } from './subnets.js';

/** Those that offer all of the types: EKS may start a node of any of them in any zone of the node group. */
export async function zonesOffering(ec2: Ec2, instanceTypes: readonly string[]): Promise<readonly string[]> {
  const [first = [], ...others] = await Promise.all(instanceTypes.map(ec2.zonesOffering));
  return first.filter((zone) => others.every((zones) => zones.includes(zone)));
}

/** Of each type; nothing where there is one only, which fits itself. */
export async function architecturesOf(
  { world }: Pick<Clients, 'world'>,
  spec: NetworkSpec,
): Promise<VpcReading['architectures']> {
  const types = spec.instanceTypes;
  if (types.length === 1) return [];
  const found = (await instanceTypes(world.aws, spec, types)) ?? [];
  return found
    .map(({ InstanceType = '', ProcessorInfo }) => ({
      type: InstanceType,
      isArm: ProcessorInfo?.SupportedArchitectures?.includes('arm64') === true,
    }))
    .toSorted((one, other) => types.indexOf(one.type) - types.indexOf(other.type));
}
