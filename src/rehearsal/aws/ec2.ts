/** The simulated EC2: zones, instance types, volumes; networks, interfaces and security groups have their own files. */

import type * as EC2 from '@aws-sdk/client-ec2';
import { Problem } from '../../errors/problem.js';
import { nameOfRegion } from '../account/other-accounts.js';
import { AwsError, byIds, filtered, listing, operation, type Service, tagList } from './answer.js';
import { ec2Capacity, vcpus } from './ec2-capacity.js';
import { ec2Groups } from './ec2-groups.js';
import { ec2Interfaces } from './ec2-interfaces.js';
import { ec2Gateways, ec2Network } from './ec2-network.js';

/** Types that every zone of the rehearsal offers; any other is offered nowhere. */
const instanceTypes: readonly string[] = Object.keys(vcpus);

export const ec2: Service = {
  ...ec2Network,
  ...ec2Gateways,
  ...ec2Capacity,
  ...ec2Groups,
  ...ec2Interfaces,

  DescribeAvailabilityZonesCommand: operation(
    (input: EC2.DescribeAvailabilityZonesCommandInput, { region, regionName }) => {
      const shown = region.availabilityZones.filter(
        (zone) => input.AllAvailabilityZones || zone.type === 'availability-zone',
      );
      const asked = filtered<(typeof shown)[number]>(shown, input.Filters, {
        state: () => ['available'],
      });
      return {
        AvailabilityZones: asked.map((zone) => ({
          ZoneName: zone.name,
          ZoneId: zone.id,
          ZoneType: zone.type,
          RegionName: nameOfRegion(regionName),
          State: 'available',
          OptInStatus: zone.type === 'local-zone' ? 'not-opted-in' : 'opt-in-not-required',
        })),
      };
    },
  ),

  /** By zone only. */
  DescribeInstanceTypeOfferingsCommand: operation(
    (input: EC2.DescribeInstanceTypeOfferingsCommandInput, { region }) => {
      const { LocationType } = input;
      if (LocationType !== 'availability-zone') {
        throw new Problem('rehearsal-unmodelled', { what: `the rehearsal does not know offers by ${LocationType}` });
      }
      const zones = region.availabilityZones.filter((zone) => zone.type === 'availability-zone');
      const all = instanceTypes.flatMap((type) => zones.map(({ name }) => ({ type, name })));
      const asked = filtered<(typeof all)[number]>(all, input.Filters, { 'instance-type': (offer) => [offer.type] });
      const shown = asked.map(({ type, name }) => ({ InstanceType: type, Location: name, LocationType }));
      return listing('InstanceTypeOfferings', shown, input.NextToken);
    },
  ),

  DescribeVolumesCommand: operation((input: EC2.DescribeVolumesCommandInput, { region }) => {
    const asked = filtered(byIds(region.volumes, input.VolumeIds, volumeMissing), input.Filters, {
      'volume-id': (volume) => [volume.id],
      status: (volume) => [volumeStatus(region, volume.id)],
    });
    const show = (volume: (typeof asked)[number]) => ({
      VolumeId: volume.id,
      Size: volume.sizeGiB,
      VolumeType: 'gp3',
      AvailabilityZone: volume.zone,
      Encrypted: volume.encrypted,
      State: volumeStatus(region, volume.id),
      CreateTime: new Date(volume.createdAt),
      Tags: tagList(volume.tags),
      Attachments: region.instances.flatMap(({ id, volumeId }) =>
        volumeId === volume.id ? [{ InstanceId: id, State: 'attached', DeleteOnTermination: true }] : [],
      ),
    });
    return listing('Volumes', asked.map(show), input.NextToken);
  }),

  /** Of a node group's template only what tells of its disk. */
  DescribeLaunchTemplateVersionsCommand: operation(
    (input: EC2.DescribeLaunchTemplateVersionsCommandInput, { region }) => {
      const id = input.LaunchTemplateId;
      const groups = Object.values(region.clusters).flatMap(({ nodeGroups }) => Object.values(nodeGroups));
      const group = groups.find(({ launchTemplate }) => launchTemplate !== undefined && launchTemplate === id);
      if (group === undefined) {
        const message = `The specified launch template, with template ID ${id}, does not exist.`;
        throw new AwsError('InvalidLaunchTemplateId.NotFound', message);
      }
      const isBottlerocket = group.amiFamily?.startsWith('Bottlerocket') ?? false;
      const Ebs = { VolumeSize: group.volumeGib ?? 80, VolumeType: 'gp3', Encrypted: group.encrypted ?? false };
      const disk = { DeviceName: isBottlerocket ? '/dev/xvdb' : '/dev/xvda', Ebs };
      const system = { DeviceName: '/dev/xvda', Ebs: { VolumeType: 'gp3', Encrypted: true } };
      const BlockDeviceMappings = [disk, ...(isBottlerocket && group.encrypted ? [system] : [])];
      const version = { LaunchTemplateId: id, VersionNumber: 1, LaunchTemplateData: { BlockDeviceMappings } };
      return { LaunchTemplateVersions: [version] };
    },
  ),

  /** An alias where it is AWS's own (EC2 API, GetEbsDefaultKmsKeyId). */
  GetEbsDefaultKmsKeyIdCommand: operation((_input: object, { region }) => ({
    KmsKeyId: region.defaultVolumeKey ?? 'alias/aws/ebs',
  })),

  DeleteVolumeCommand: operation((input: EC2.DeleteVolumeCommandInput, { region }) => {
    const id = input.VolumeId ?? '';
    byIds(region.volumes, [id], volumeMissing);
    if (volumeStatus(region, id) === 'in-use') {
      throw new AwsError('VolumeInUse', `Volume ${id} is currently attached`);
    }
    region.volumes = region.volumes.filter((volume) => volume.id !== id);
    return {};
  }),
};

/** Only root volumes are modelled as attached. */
function volumeStatus(region: { readonly instances: readonly { readonly volumeId: string }[] }, id: string): string {
  return region.instances.some((instance) => instance.volumeId === id) ? 'in-use' : 'available';
}

function volumeMissing(id: string): AwsError {
  return new AwsError('InvalidVolume.NotFound', `The volume '${id}' does not exist.`);
}
