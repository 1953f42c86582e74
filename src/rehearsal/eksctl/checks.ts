/** What `eksctl create cluster` refuses before it makes anything (0.230.0). */

import { freeAddressesOf } from '../account/addresses.js';
import { deniedZoneIds } from '../account/arns.js';
import { supportedVersions } from '../aws/eks-versions.js';
import type { SubnetState } from '../state.js';
import type { Config } from './config.js';
import { EksctlFailure, type Run, sdkError } from './run.js';

/** eksctl's built-in default, whatever EKS offers (`DefaultVersion`, v1alpha5/types.go). */
const defaultVersion = '1.34';

/** The version to make: checked against what EKS lists, not against a list of eksctl's own (versions_manager.go). */
export function resolveVersion({ simulation }: Run, config: Config): string {
  const supported = supportedVersions(simulation);
  const version = config.version ?? defaultVersion;
  if (supported.includes(version)) return version;
  const oldest = supported[0] ?? '';
  const gone = Number(version.split('.')[1]) < Number(oldest.split('.')[1]);
  const values = `supported values: ${supported.join(', ')}`;
  const link = 'see also: https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html';
  throw new EksctlFailure(
    gone ? `invalid version, ${version} is no longer supported, ${values}\n${link}` : `invalid version, ${values}`,
  );
}

/** The subnets of a config; fails when one is unknown, in another VPC or under the wrong zone, or when zones are too few. */
export function importSubnets(run: Run, config: Config): readonly SubnetState[] {
  for (const entries of [config.privateSubnets, config.publicSubnets]) {
    if (Object.keys(entries).length === 1) {
      const need = 'at least 2x public and/or 2x private subnets are required';
      throw new EksctlFailure(`insufficient number of subnets, ${need}`);
    }
  }
  return [...importFrom(run, config, config.privateSubnets), ...importFrom(run, config, config.publicSubnets)];
}

function importFrom(
  { simulation }: Run,
  config: Config,
  entries: Readonly<Record<string, string>>,
): readonly SubnetState[] {
  const { subnets } = simulation.region(config.region);
  return Object.entries(entries).map(([zone, id]) => {
    const subnet = subnets.find((candidate) => candidate.id === id);
    if (subnet === undefined) {
      const why = `api error InvalidSubnetID.NotFound: The subnet ID '${id}' does not exist`;
      throw new EksctlFailure(sdkError('EC2', 'DescribeSubnets', 400, why));
    }
    if (config.vpcId !== undefined && subnet.vpcId !== config.vpcId) {
      throw new EksctlFailure(`given ${subnet.id} is in ${subnet.vpcId}, not in ${config.vpcId}`);
    }
    if (subnet.zone !== zone) {
      throw new EksctlFailure(`could not import subnet ${id}: subnet found in ${subnet.zone}, not in ${zone}`);
    }
    return subnet;
  });
}

/** Why EKS would not make a control plane in these subnets; undefined when it would. */
export function controlPlaneRefusal(
  { simulation }: Run,
  { region, name }: Config,
  subnets: readonly SubnetState[],
): string | undefined {
  const denied = subnets.find((subnet) => deniedZoneIds.includes(subnet.zoneId));
  if (denied !== undefined) {
    const advice = 'You must choose different subnets or availability zones';
    return (
      `Resource handler returned message: "Cannot create cluster '${name}' because ${denied.zoneId}, the targeted ` +
      `availability zone, does not currently have sufficient capacity to support the cluster. ${advice}" ` +
      '(HandlerErrorCode: InvalidRequest)'
    );
  }
  const free = (subnet: SubnetState): number =>
    freeAddressesOf(simulation.region(region), simulation.state.apis, subnet);
  const full = subnets.find((subnet) => free(subnet) < 6);
  if (full === undefined) return undefined;
  return `Resource handler returned message: "Subnet ${full.id} does not have enough free IP addresses" (HandlerErrorCode: InvalidRequest)`;
}
