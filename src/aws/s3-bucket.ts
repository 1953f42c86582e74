/** The client of a bucket: one of its own region, wherever the caller is. */
import { GetBucketLocationCommand } from '@aws-sdk/client-s3';
import { Problem } from '../errors/problem.js';
import type { AwsClients } from '../world/aws.js';
import { asked } from './s3-call.js';

type Client = ReturnType<AwsClients['s3']>;

/** Asks for the region of each bucket once. @param region of the same partition */
export function bucketClients(aws: AwsClients, region: string): (bucket: string) => Promise<Client> {
  const clients = new Map<string, Promise<Client>>();
  return (bucket) => {
    const client = clients.get(bucket) ?? clientOf(aws, region, bucket);
    clients.set(bucket, client);
    client.catch(() => clients.delete(bucket));
    return client;
  };
}

/** A client of another region follows S3 to the bucket, but sends every part twice: first to where it is refused. */
async function clientOf(aws: AwsClients, region: string, bucket: string): Promise<Client> {
  const client = aws.s3(region);
  const answer = client.send(new GetBucketLocationCommand({ Bucket: bucket }));
  try {
    const { LocationConstraint } = await asked({ bucket, key: '' }, 'reading the region of', answer);
    // The two oldest regions have names of their own (S3 API Reference, GetBucketLocation).
    const own: string = LocationConstraint ?? 'us-east-1';
    return aws.s3(own === 'EU' ? 'eu-west-1' : own);
  } catch (thrown) {
    // Who may write need not be able to ask that.
    if (thrown instanceof Problem && thrown.code === 'access-denied') return client;
    throw thrown;
  }
}
