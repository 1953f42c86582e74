/** The simulated EC2, network interfaces. */
import type * as EC2 from '@aws-sdk/client-ec2';
import type { InterfaceState } from '../state.js';
import { AwsError, byIds, filtered, listing, operation, type Service, tagList } from './answer.js';

export const ec2Interfaces: Service = {
  DescribeNetworkInterfacesCommand: operation((input: EC2.DescribeNetworkInterfacesCommandInput, { region }) => {
    const asked = byIds(region.networkInterfaces, input.NetworkInterfaceIds, missing);
    const found = filtered<InterfaceState>(asked, input.Filters, {
      description: (eni) => [eni.description],
      'vpc-id': (eni) => [eni.vpcId],
      'mac-address': (eni) => [eni.mac ?? ''],
      status: (eni) => [statusOf(eni)],
    });
    const names = new Map(region.securityGroups.map(({ id, name }) => [id, name]));
    const holders = new Map(region.instances.map(({ interfaceId, id }) => [interfaceId, id]));
    const withGroups = (eni: InterfaceState) => ({
      ...show(eni),
      ...(holders.has(eni.id) ? { Attachment: { InstanceId: holders.get(eni.id) } } : {}),
      Groups: (eni.groups ?? []).map((GroupId) => ({ GroupId, GroupName: names.get(GroupId) })),
    });
    return listing('NetworkInterfaces', found.map(withGroups), input.NextToken);
  }),

  DeleteNetworkInterfaceCommand: operation((input: EC2.DeleteNetworkInterfaceCommandInput, { region }) => {
    const id = input.NetworkInterfaceId ?? '';
    const [found] = byIds(region.networkInterfaces, [id], missing);
    if (found?.free !== true) {
      throw new AwsError('InvalidParameterValue', `Network interface '${id}' is currently in use.`);
    }
    region.networkInterfaces = region.networkInterfaces.filter((eni) => eni.id !== id);
    return {};
  }),
};

function missing(id: string): AwsError {
  return new AwsError('InvalidNetworkInterfaceID.NotFound', `The networkInterface ID '${id}' does not exist`);
}

function statusOf({ free }: InterfaceState): string {
  return free === true ? 'available' : 'in-use';
}

function show(eni: InterfaceState) {
  return {
    NetworkInterfaceId: eni.id,
    Description: eni.description,
    SubnetId: eni.subnetId,
    VpcId: eni.vpcId,
    AvailabilityZone: eni.zone,
    PrivateIpAddress: eni.privateIp,
    PrivateIpAddresses: [{ PrivateIpAddress: eni.privateIp, Primary: true }],
    ...(eni.mac === undefined ? {} : { MacAddress: eni.mac }),
    Status: statusOf(eni),
    InterfaceType: eni.loadBalancer === undefined ? 'interface' : 'network_load_balancer',
    TagSet: tagList(eni.tags ?? {}),
    ...(eni.publicIp === undefined ? {} : { Association: { PublicIp: eni.publicIp } }),
  };
}
