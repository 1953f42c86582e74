/** Credentials of a role of another account: AWS STS, AssumeRole. */
import type { STSClient } from '@aws-sdk/client-sts';
import type { AccountRole } from '../place.js';

/** As the SDK takes them of a provider. */
export interface AssumedCredentials {
  readonly accessKeyId: string;
  /** Secret. */
  readonly secretAccessKey: string;
  /** Secret. */
  readonly sessionToken: string;
  readonly expiration: Date;
}

/**
 * For an hour, which every role allows, and the most that STS gives to who is in a role already (IAM User Guide, "Role chaining").
 * Rejects with the error of STS, whose name is `AccessDenied` where the role does not trust the caller, does not exist, or wants another external ID.
 */
export async function assumeRole(
  sts: STSClient,
  { role, externalId, session }: AccountRole,
): Promise<AssumedCredentials> {
  const { AssumeRoleCommand } = await import('@aws-sdk/client-sts');
  const asked = { RoleArn: role, RoleSessionName: session, DurationSeconds: 3600 };
  const { Credentials: given } = await sts.send(
    new AssumeRoleCommand({ ...asked, ...(externalId !== undefined && { ExternalId: externalId }) }),
  );
  return {
    accessKeyId: given?.AccessKeyId ?? '',
    secretAccessKey: given?.SecretAccessKey ?? '',
    sessionToken: given?.SessionToken ?? '',
    expiration: given?.Expiration ?? new Date(0),
  };
}
