/** An account's usage of EC2 quotas (vCPUs of running instances, Elastic IPs), and what an instance type has. */
import {
  type _InstanceType,
  DescribeAddressesCommand,
  DescribeInstancesCommand,
  DescribeInstanceTypesCommand,
  type Instance,
} from '@aws-sdk/client-ec2';
import type { AwsClients } from '../world/aws.js';
import { type Place, placeName } from '../world/place.js';
import { answerOf, answerOrMissing } from './call.js';
import { allPages } from './pages.js';

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

/** Undefined if the region does not have the type. */
export async function capacityOf(
  aws: AwsClients,
  place: Place,
  instanceType: string,
): Promise<InstanceCapacity | undefined> {
  const command = new DescribeInstanceTypesCommand({ InstanceTypes: [instanceType as _InstanceType] });
  const answer = await answerOrMissing(
    `reading instance type ${instanceType} in ${placeName(place)}`,
    (name) => name === 'InvalidInstanceType',
    aws.ec2(place).send(command),
  );
  const [found] = answer?.InstanceTypes ?? [];
  if (found?.VCpuInfo?.DefaultVCpus === undefined) return undefined;
  const { MaximumNetworkInterfaces, Ipv4AddressesPerInterface } = found.NetworkInfo ?? {};
  return {
    vcpus: found.VCpuInfo.DefaultVCpus,
    interfaces: MaximumNetworkInterfaces ?? usualCapacity.interfaces,
    addresses: Ipv4AddressesPerInterface ?? usualCapacity.addresses,
  };
}

/** vCPUs of all running or starting On-Demand Standard instances; Spot Instances have a separate quota. */
export async function standardVcpusInUse(aws: AwsClients, place: Place): Promise<number> {
  const instances = await allPages(async (NextToken) => {
    const filter = { Name: 'instance-state-name', Values: ['pending', 'running'] };
    const command = new DescribeInstancesCommand({ Filters: [filter], NextToken });
    const page = await answerOf(`listing instances in ${placeName(place)}`, aws.ec2(place).send(command));
    return { items: page.Reservations?.flatMap(({ Instances }) => Instances ?? []) ?? [], next: page.NextToken };
  });
  return instances.filter(countsAsStandard).reduce((sum, each) => sum + vcpusIn(each), 0);
}

/** Elastic IPs of the account in the region, whether in use or not. */
export async function elasticIps(aws: AwsClients, place: Place): Promise<number> {
  const command = new DescribeAddressesCommand({});
  const answer = await answerOf(`listing Elastic IPs in ${placeName(place)}`, aws.ec2(place).send(command));
  return answer.Addresses?.length ?? 0;
}

function countsAsStandard({ InstanceType, InstanceLifecycle }: Instance): boolean {
  return InstanceLifecycle === undefined && isStandardType(InstanceType ?? '');
}

function vcpusIn({ CpuOptions }: Instance): number {
  return (CpuOptions?.CoreCount ?? 0) * (CpuOptions?.ThreadsPerCore ?? 1);
}
