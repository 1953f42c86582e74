/** The client of a bucket: one of its own region, wherever the caller is, that calls no bucket of a stranger. */
import { GetBucketLocationCommand } from '@aws-sdk/client-s3';
import { Problem } from '../../errors/problem.js';
import type { AwsClients } from '../../world/aws.js';
import { readCaller } from '../sts.js';
import { aroundSends } from '../wrap-calls.js';
import { asked, type S3Place } from './s3-call.js';

type Client = ReturnType<AwsClients['s3']>;

/** Asks for the region of each bucket once. @param region of the same partition */
export function bucketClients(aws: AwsClients, region: string): (place: S3Place) => Promise<Client> {
  const clients = new Map<string, Promise<Client>>();
  return ({ bucket, owner }) => {
    const name = `${owner}@${bucket}`;
    const client = clients.get(name) ?? clientOf(aws, region, { bucket, key: '', owner });
    clients.set(name, client);
    client.catch(() => clients.delete(name));
    return client;
  };
}

/** A client of another region follows S3 to the bucket, but sends every part twice: first to where it is refused. */
async function clientOf(aws: AwsClients, region: string, place: S3Place): Promise<Client> {
  const owner = place.owner ?? (await readCaller(aws, region)).account;
  const s3 = ownedBy(owner, aws);
  const client = s3(region);
  const answer = client.send(new GetBucketLocationCommand({ Bucket: place.bucket }));
  try {
    const { LocationConstraint } = await asked(place, 'reading the region of', answer);
    // The two oldest regions have names of their own (S3 API Reference, GetBucketLocation).
    const own: string = LocationConstraint ?? 'us-east-1';
    return s3(own === 'EU' ? 'eu-west-1' : own);
  } catch (thrown) {
    // Who may write need not be able to ask that.
    if (thrown instanceof Problem && thrown.code === 'access-denied') return client;
    throw thrown;
  }
}

/**
 * The same clients, with the account in every call: names of buckets are the world's, and one that is mistyped, or was deleted and
 * made by somebody else, would get every key of the control plane (S3 User Guide, verifying bucket ownership).
 */
function ownedBy(ExpectedBucketOwner: string, aws: AwsClients): AwsClients['s3'] {
  return aroundSends(aws, async ({ input }, send) => {
    Object.assign(input as object, { ExpectedBucketOwner });
    return await send();
  }).s3;
}
