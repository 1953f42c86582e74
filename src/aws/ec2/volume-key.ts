/** The KMS key with which EBS encrypts the volumes of a region that name none. */
import { GetEbsDefaultKmsKeyIdCommand } from '@aws-sdk/client-ec2';
import type { AwsClients } from '../../world/aws.js';
import { type Place, placeName } from '../../world/place.js';
import { answerOf } from '../call.js';

/** ARN of a customer's key; undefined: AWS's own encrypts, which EC2 calls by its alias. */
export async function defaultVolumeKey(aws: AwsClients, place: Place): Promise<string | undefined> {
  const sent = aws.ec2(place).send(new GetEbsDefaultKmsKeyIdCommand({}));
  const { KmsKeyId: key } = await answerOf(`reading the default key of EBS in ${placeName(place)}`, sent);
  return key?.includes(':key/') ? key : undefined;
}
