/** EC2 resources with given tags, and their deletion; what no longer exists is not an error. */
import {
  DeleteNetworkInterfaceCommand,
  DeleteSecurityGroupCommand,
  DeleteVolumeCommand,
  type Filter,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import type { AwsClients } from '../../world/aws.js';
import { type AwsPlace, placeName } from '../../world/place.js';
import { answerOrMissing } from '../call.js';
import { listInterfaces, listSecurityGroups, listVolumes, where } from './lists.js';

export interface TagFilter {
  readonly key: string;
  readonly values: readonly string[];
}

/** EC2 in one region, limited to leftovers. */
export function makeEc2Leftovers(aws: AwsClients, place: AwsPlace) {
  const client = aws.ec2(place);
  const remove = async (what: string, missing: RegExp, answer: Promise<unknown>): Promise<void> => {
    await answerOrMissing(`deleting ${what} in ${placeName(place)}`, (name) => missing.test(name), answer);
  };
  return {
    volumes: (tag: TagFilter) => listVolumes(aws, place, filterOf(tag)),
    /** Interfaces that are not attached. */
    freeInterfaces: (tag: TagFilter) => listInterfaces(aws, place, filterOf(tag), where('status', 'available')),
    securityGroups: (tag: TagFilter) => listSecurityGroups(aws, place, filterOf(tag)),
    /** @throws Problem `aws-failed` caused by `VolumeInUse` */
    deleteVolume: (VolumeId: string) =>
      remove(`volume ${VolumeId}`, /^InvalidVolume\.NotFound$/, client.send(new DeleteVolumeCommand({ VolumeId }))),
    /** @throws Problem `aws-failed` caused by `InvalidParameterValue` while it is attached */
    deleteInterface: (NetworkInterfaceId: string) => {
      const command = new DeleteNetworkInterfaceCommand({ NetworkInterfaceId });
      const missing = /^InvalidNetworkInterfaceID\.NotFound$/;
      return remove(`network interface ${NetworkInterfaceId}`, missing, client.send(command));
    },
    /** @throws Problem `aws-failed` caused by `DependencyViolation` while something uses it */
    deleteSecurityGroup: (GroupId: string) => {
      const command = new DeleteSecurityGroupCommand({ GroupId });
      return remove(`security group ${GroupId}`, /^InvalidGroup\.NotFound$/, client.send(command));
    },
    revokeIngress: (GroupId: string, ruleId: string) => {
      const command = new RevokeSecurityGroupIngressCommand({ GroupId, SecurityGroupRuleIds: [ruleId] });
      const missing = /^(InvalidSecurityGroupRuleId|InvalidGroup|InvalidPermission)\.NotFound$/;
      return remove(`rule ${ruleId} of ${GroupId}`, missing, client.send(command));
    },
  };
}

function filterOf({ key, values }: TagFilter): Filter {
  return where(`tag:${key}`, ...values);
}
