/** The caller's identity: AWS STS. */
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { Problem } from '../errors/problem.js';
import type { AwsClients } from '../world/aws.js';
import { answerOf } from './call.js';

/** The identity behind the credentials. */
export interface Caller {
  /** Twelve digits. */
  readonly account: string;
  readonly arn: string;
  /** `aws`, `aws-cn`, `aws-us-gov`, … */
  readonly partition: string;
}

/** @throws Problem `credentials-*`, `network-unreachable` */
export async function readCaller(aws: AwsClients, region: string): Promise<Caller> {
  const answer = await answerOf(
    'identifying your AWS credentials (sts:GetCallerIdentity)',
    aws.sts(region).send(new GetCallerIdentityCommand({})),
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
