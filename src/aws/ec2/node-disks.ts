/** The size of the disks of a node group's nodes. */

import { DescribeLaunchTemplateVersionsCommand } from '@aws-sdk/client-ec2';
import type { AwsClients } from '../../world/aws.js';
import { type AwsPlace, placeName } from '../../world/place.js';
import { answerOrMissing } from '../call.js';
import type { Nodegroup } from '../eks.js';

/** In GiB; undefined where it cannot be told: EKS leaves it to the launch template, and eksctl makes one for every node group. */
export async function diskSize(
  aws: AwsClients,
  place: AwsPlace,
  { launchTemplate, diskSize: ofGroup }: Pick<Nodegroup, 'launchTemplate' | 'diskSize'>,
): Promise<number | undefined> {
  const { id, version = '$Default' } = launchTemplate ?? {};
  if (id === undefined) return ofGroup;
  const command = new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId: id, Versions: [version] });
  const answer = await answerOrMissing(
    `reading launch template ${id} in ${placeName(place)}`,
    (name) => name.startsWith('InvalidLaunchTemplateId.'),
    aws.ec2(place).send(command),
  );
  const disks = answer?.LaunchTemplateVersions?.[0]?.LaunchTemplateData?.BlockDeviceMappings ?? [];
  // Of Bottlerocket's two, only the one for data has a size there (eksctl 0.230.0, `makeBlockDeviceMappings`).
  return disks.flatMap(({ Ebs }) => Ebs?.VolumeSize ?? [])[0];
}
