/** An account's usage of EC2 quotas (vCPUs of running instances, Elastic IPs), and what an instance type has. */
import {
  type _InstanceType,
  DescribeAddressesCommand,
  DescribeInstanceTypesCommand,
  type Instance,
  type InstanceTypeInfo,
} from '@aws-sdk/client-ec2';
import type { AwsClients } from '../../world/aws.js';
import { type Place, placeName } from '../../world/place.js';
import { answerOf, answerOrMissing } from '../call.js';
import { listInstances, where } from './lists.js';

/**
 * Families that count against the quota of On-Demand Standard instances: A, C, D, H, I, M, R, T, Z, a letter or two
 * before the generation (`m5`, `im4gn`); `dl1`, `hpc7a`, `inf2`, `trn1` have quotas of their own.
 */
const standardFamily = /^(a|c|d|h|i|im|is|m|r|t|z)\d/;

/** Whether an instance type counts against the quota of Standard instances. */
export function isStandardType(instanceType: string): boolean {
  return standardFamily.test(instanceType);
}

/** What an instance of a type has, with default options. */
export interface InstanceCapacity {
  readonly vcpus: number;
  /** Network interfaces that it can have. */
  readonly interfaces: number;
  /** IPv4 addresses that each of them can have. */
  readonly addresses: number;
}

/** That of an `m5.large`, where it is not known. */
export const usualCapacity: InstanceCapacity = { vcpus: 2, interfaces: 3, addresses: 10 };

/** The most of each that an instance of one of these types may have; undefined if the region does not have one of them. */
export async function capacityOf(
  aws: AwsClients,
  place: Place,
  types: readonly string[],
): Promise<InstanceCapacity | undefined> {
  const found = await instanceTypes(aws, place, types);
  if (found === undefined || found.some(({ VCpuInfo }) => VCpuInfo?.DefaultVCpus === undefined)) return undefined;
  const most = (partOf: (info: InstanceTypeInfo) => number | undefined, otherwise: number): number =>
    Math.max(...found.map((info) => partOf(info) ?? otherwise));
  const { vcpus, interfaces, addresses } = usualCapacity;
  return {
    vcpus: most(({ VCpuInfo }) => VCpuInfo?.DefaultVCpus, vcpus),
    interfaces: most(({ NetworkInfo }) => NetworkInfo?.MaximumNetworkInterfaces, interfaces),
    addresses: most(({ NetworkInfo }) => NetworkInfo?.Ipv4AddressesPerInterface, addresses),
  };
}

/** What EC2 tells of these types, in no order; undefined if the region does not have one of them. */
export async function instanceTypes(
  aws: AwsClients,
  place: Place,
  types: readonly string[],
): Promise<readonly InstanceTypeInfo[] | undefined> {
  const command = new DescribeInstanceTypesCommand({ InstanceTypes: types.map((type) => type as _InstanceType) });
  const answer = await answerOrMissing(
    `reading ${types.length === 1 ? 'instance type' : 'instance types'} ${types.join(', ')} in ${placeName(place)}`,
    (name) => name === 'InvalidInstanceType',
    aws.ec2(place).send(command),
  );
  const found = answer?.InstanceTypes ?? [];
  return found.length === 0 ? undefined : found;
}

/** Whether EC2 may take instances back, for a lower price: both kinds have a quota of their own. */
export type Lifecycle = 'on-demand' | 'spot';

/** vCPUs of all running or starting Standard instances of this kind. */
export async function standardVcpusInUse(aws: AwsClients, place: Place, lifecycle: Lifecycle): Promise<number> {
  const instances = await listInstances(aws, place, where('instance-state-name', 'pending', 'running'));
  const counted = instances.filter(
    ({ InstanceType, InstanceLifecycle }) =>
      (InstanceLifecycle ?? 'on-demand') === lifecycle && isStandardType(InstanceType ?? ''),
  );
  return counted.reduce((sum, each) => sum + vcpusIn(each), 0);
}

/** Elastic IPs of the account in the region, whether in use or not. */
export async function elasticIps(aws: AwsClients, place: Place): Promise<number> {
  const command = new DescribeAddressesCommand({});
  const answer = await answerOf(`listing Elastic IPs in ${placeName(place)}`, aws.ec2(place).send(command));
  return answer.Addresses?.length ?? 0;
}

function vcpusIn({ CpuOptions }: Instance): number {
  return (CpuOptions?.CoreCount ?? 0) * (CpuOptions?.ThreadsPerCore ?? 1);
}
