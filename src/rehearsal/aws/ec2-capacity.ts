/** The simulated EC2, what counts against quotas: instance types with their vCPUs, running instances, Elastic IPs. */
import type * as EC2 from '@aws-sdk/client-ec2';
import { interfacesOf } from '../account/addresses.js';
import { isGraviton } from '../account/images.js';
import type { RegionState } from '../state.js';
import { AwsError, filtered, listing, operation, type Service, tagList } from './answer.js';

/** The types of the rehearsal with their vCPUs: two threads a core, but for Graviton. */
export const vcpus: Readonly<Record<string, number>> = {
  't3.medium': 2,
  't3.large': 2,
  't3.xlarge': 4,
  'm5.large': 2,
  'm5.xlarge': 4,
  'm6i.large': 2,
  'm7i.large': 2,
  'c5.large': 2,
  'c5.xlarge': 4,
  // Graviton: a thread a core.
  't4g.large': 2,
  'm6g.large': 2,
  'm7g.large': 2,
  'm7g.xlarge': 4,
  'c7g.large': 2,
};

export const ec2Capacity: Service = {
  DescribeInstanceTypesCommand: operation((input: EC2.DescribeInstanceTypesCommandInput) => {
    const asked = input.InstanceTypes ?? Object.keys(vcpus);
    const unknown = asked.filter((type) => vcpus[type] === undefined);
    if (unknown.length > 0) {
      const message = `The following supplied instance types do not exist: [${unknown.join(', ')}]`;
      throw new AwsError('InvalidInstanceType', message);
    }
    return {
      InstanceTypes: asked.map((type) => {
        const { interfaces, addresses } = interfacesOf(type);
        const NetworkInfo = { MaximumNetworkInterfaces: interfaces, Ipv4AddressesPerInterface: addresses };
        const ProcessorInfo = { SupportedArchitectures: [isGraviton(type) ? 'arm64' : 'x86_64'] };
        return { InstanceType: type, VCpuInfo: { DefaultVCpus: vcpus[type] }, NetworkInfo, ProcessorInfo };
      }),
    };
  }),

  DescribeInstancesCommand: operation((input: EC2.DescribeInstancesCommandInput, { region }) => {
    const asked = filtered<RegionState['instances'][number]>(region.instances, input.Filters, {
      'instance-state-name': () => ['running'],
      'instance-id': ({ id }) => [id],
      'vpc-id': ({ subnetId }) => region.subnets.flatMap(({ id, vpcId }) => (id === subnetId ? [vpcId] : [])),
    });
    const groups = new Map(region.securityGroups.map(({ id, tags }) => [tags['aws:eks:cluster-name'], id]));
    const show = (instance: (typeof asked)[number]) => {
      const GroupId = groups.get(instance.cluster);
      const group = region.clusters[instance.cluster]?.nodeGroups[instance.nodeGroup];
      const InstanceType = group?.instanceType;
      const cores = (vcpus[InstanceType ?? ''] ?? 2) / 2;
      return {
        InstanceId: instance.id,
        InstanceType,
        ...(group?.spot ? { InstanceLifecycle: 'spot' } : {}),
        State: { Name: 'running' },
        SubnetId: instance.subnetId,
        SecurityGroups: GroupId === undefined ? [] : [{ GroupId }],
        CpuOptions: { CoreCount: cores, ThreadsPerCore: 2 },
        Tags: tagList(instance.tags),
      };
    };
    const reservations = asked.map((instance) => ({ Instances: [show(instance)] }));
    return listing('Reservations', reservations, input.NextToken);
  }),

  /** Each NAT gateway has one. EC2 answers all in one page. */
  DescribeAddressesCommand: operation((_input: EC2.DescribeAddressesCommandInput, { region }) => {
    const ofNats = region.natGateways.filter(({ state, allocationId }) => state !== 'deleted' && !allocationId);
    return {
      Addresses: [
        ...ofNats.map(({ id, publicIp }) => ({ PublicIp: publicIp, AllocationId: `eipalloc-${id}`, Domain: 'vpc' })),
        ...(region.addresses ?? []).map(({ id, publicIp, tags }) => ({
          PublicIp: publicIp,
          AllocationId: id,
          Domain: 'vpc',
          Tags: tagList(tags),
        })),
      ],
    };
  }),
};
