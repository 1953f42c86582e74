/** The caller's identity: AWS STS. */
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { Problem } from '../errors/problem.js';
import type { AwsClients } from '../world/aws.js';
import { accountIn, type Place, regionIn } from '../world/place.js';
import { answerOf } from './call.js';

/** The identity behind the credentials. */
export interface Caller {
  /** Twelve digits. */
  readonly account: string;
  readonly arn: string;
  /** `aws`, `aws-cn`, `aws-us-gov`, … */
  readonly partition: string;
}

/**
 * In a region that the account has not enabled AWS takes no credentials, in the words that it has for wrong ones (EKS and IAM User
 * Guides, "Regions that are disabled by default"): so another region is asked.
 * @throws Problem `credentials-*`, `region-not-enabled`, `network-unreachable`
 */
export async function readCaller(aws: AwsClients, place: Place): Promise<Caller> {
  const region = regionIn(place);
  try {
    return await callerIn(aws, place);
  } catch (thrown) {
    const isRefused = thrown instanceof Problem && thrown.code === 'credentials-invalid';
    const elsewhere = alwaysEnabled(region);
    if (!isRefused || elsewhere === region) throw thrown;
    const there = await callerIn(aws, { region: elsewhere, account: accountIn(place) }).catch(() => undefined);
    throw there === undefined ? thrown : notEnabled(region, there, elsewhere, thrown);
  }
}

/** A region of the same partition that no account can disable (Account Management Reference Guide, "Regions"). */
function alwaysEnabled(region: string): string {
  if (region.startsWith('cn-')) return 'cn-north-1';
  return region.startsWith('us-gov-') ? 'us-gov-west-1' : 'us-east-1';
}

function notEnabled(region: string, { account }: Caller, elsewhere: string, cause: Problem): Problem {
  return new Problem('region-not-enabled', {
    what: `region ${region} is not enabled in account ${account}`,
    why: `AWS accepts the credentials in ${elsewhere}, and not there`,
    next: [
      `enable it, which takes some minutes: aws account enable-region --region-name ${region} (console: Account, AWS Regions)`,
      'or choose another region',
    ],
    cause,
  });
}

async function callerIn(aws: AwsClients, place: Place): Promise<Caller> {
  const answer = await answerOf(
    'identifying your AWS credentials (sts:GetCallerIdentity)',
    aws.sts(place).send(new GetCallerIdentityCommand({})),
  );
  const { Account: account, Arn: arn } = answer;
  const partition = arn?.split(':')[1];
  if (account !== undefined && arn !== undefined && partition !== undefined) return { account, arn, partition };
  throw new Problem('aws-failed', {
    what: 'AWS did not return the caller’s identity',
    next: ['run the same command again'],
  });
}

/** Suffix of host names in a partition (the endpoint rules of SDK 3.1169; the isolated partitions are not known). */
export function dnsSuffixOf(partition: string): string {
  if (partition === 'aws-cn') return 'amazonaws.com.cn';
  return partition === 'aws-eusc' ? 'amazonaws.eu' : 'amazonaws.com';
}
