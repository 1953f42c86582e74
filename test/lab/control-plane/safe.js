/** Where a backup outlives the fleet: an encrypted bucket of the lab's account, and an age identity in a file. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateBucketCommand, PutBucketEncryptionCommand, S3Client } from '@aws-sdk/client-s3';
import { generateIdentity, identityToRecipient } from 'age-encryption';

const Bucket = 'lab-backups';

/** `address` for `--to`, `recipient` for `--encrypt-to`, `identity` for `--identity`. */
export async function makeSafe({ env, home }) {
  const client = new S3Client({
    endpoint: env.AWS_ENDPOINT_URL,
    region: env.AWS_REGION,
    credentials: { accessKeyId: env.AWS_ACCESS_KEY_ID, secretAccessKey: env.AWS_SECRET_ACCESS_KEY },
  });
  await client.send(
    new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: env.AWS_REGION } }),
  );
  const Rules = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }];
  await client.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } }));
  client.destroy();
  const secret = await generateIdentity();
  const identity = join(home, 'lab-identity.txt');
  writeFileSync(identity, `${secret}\n`, { mode: 0o600 });
  return { address: `s3://${Bucket}/karmada`, recipient: await identityToRecipient(secret), identity };
}
