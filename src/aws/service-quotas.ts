/** The quotas of an account in a region: AWS Service Quotas. */
import { GetAWSDefaultServiceQuotaCommand, GetServiceQuotaCommand } from '@aws-sdk/client-service-quotas';
import type { AwsClients } from '../world/aws.js';
import { type Place, placeName } from '../world/place.js';
import { answerOf, answerOrMissing } from './call.js';

/** A quota, identified by AWS's codes. */
export interface QuotaRef {
  /** e.g. `ec2`. */
  readonly service: string;
  /** e.g. `L-1216C47A`. */
  readonly code: string;
}

/**
 * The account's quota; if it was never changed, only AWS's default value may exist.
 * @throws Problem `access-denied` without `servicequotas:GetServiceQuota` or `GetAWSDefaultServiceQuota`, and as
 * `answerOf`.
 */
export async function quotaOf(aws: AwsClients, place: Place, quota: QuotaRef): Promise<number | undefined> {
  const client = aws.servicequotas(place);
  const input = { ServiceCode: quota.service, QuotaCode: quota.code };
  const what = `reading quota ${quota.code} in ${placeName(place)}`;
  const isMissing = (name: string): boolean => name === 'NoSuchResourceException';
  const applied = await answerOrMissing(what, isMissing, client.send(new GetServiceQuotaCommand(input)));
  if (applied?.Quota?.Value !== undefined) return applied.Quota.Value;
  return (await answerOf(what, client.send(new GetAWSDefaultServiceQuotaCommand(input)))).Quota?.Value;
}
