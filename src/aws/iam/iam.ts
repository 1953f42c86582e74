/** The IAM calls of the product but for single roles: the account's OpenID Connect providers, whether a policy exists, and how many roles there are. */
import {
  DeleteOpenIDConnectProviderCommand,
  GetAccountSummaryCommand,
  GetOpenIDConnectProviderCommand,
  GetPolicyCommand,
  ListOpenIDConnectProvidersCommand,
} from '@aws-sdk/client-iam';
import type { AwsClients } from '../../world/aws.js';
import type { AwsPlace } from '../../world/place.js';
import { answerOf, answerOrMissing } from '../call.js';
import { type Tags, tagsIn } from '../tags.js';

/** ARNs of the account's OpenID Connect providers; each EKS cluster of a fleet gets one. */
export async function oidcProviders(aws: AwsClients, place: AwsPlace): Promise<readonly string[]> {
  const answer = await answerOf(
    'listing OIDC providers',
    aws.iam(place).send(new ListOpenIDConnectProvidersCommand({})),
  );
  return (answer.OpenIDConnectProviderList ?? []).flatMap(({ Arn }) => Arn ?? []);
}

export interface OidcProvider {
  readonly tags: Tags;
  readonly createdAt: Date | undefined;
}

/** Without tags if the provider was deleted in the meantime. */
export async function oidcProvider(aws: AwsClients, place: AwsPlace, arn: string): Promise<OidcProvider> {
  const answer = await answerOrMissing(
    `reading OIDC provider ${arn}`,
    isMissing,
    aws.iam(place).send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn })),
  );
  return { tags: tagsIn(answer?.Tags), createdAt: answer?.CreateDate };
}

/** Deletes a provider; does nothing if there is none. */
export async function deleteOidcProvider(aws: AwsClients, place: AwsPlace, arn: string): Promise<void> {
  const command = new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn });
  await answerOrMissing(`deleting OIDC provider ${arn}`, isMissing, aws.iam(place).send(command));
}

/** Whether a managed policy exists. @throws Problem `access-denied` where that may not be asked */
export async function policyExists(aws: AwsClients, place: AwsPlace, arn: string): Promise<boolean> {
  const sent = aws.iam(place).send(new GetPolicyCommand({ PolicyArn: arn }));
  return (await answerOrMissing(`reading IAM policy ${arn}`, isMissing, sent)) !== undefined;
}

/**
 * How many roles the account has, and how many it may have (IAM API, GetAccountSummary: `Roles`, `RolesQuota`).
 * @throws Problem `access-denied` without `iam:GetAccountSummary`, and as `answerOf`
 */
export async function roleUsage(
  aws: AwsClients,
  place: AwsPlace,
): Promise<{ readonly used: number; readonly limit: number | undefined }> {
  const sent = aws.iam(place).send(new GetAccountSummaryCommand({}));
  const { SummaryMap: summary } = await answerOf('counting IAM roles', sent);
  return { used: summary?.Roles ?? 0, limit: summary?.RolesQuota };
}

/** IAM's error names for what does not exist. */
export function isMissing(name: string): boolean {
  return name === 'NoSuchEntityException' || name === 'NoSuchEntity';
}
