/** The IAM calls of the product: the account's OpenID Connect providers. */
import {
  DeleteOpenIDConnectProviderCommand,
  GetOpenIDConnectProviderCommand,
  ListOpenIDConnectProvidersCommand,
} from '@aws-sdk/client-iam';
import type { AwsClients } from '../../world/aws.js';
import { answerOf, answerOrMissing } from '../call.js';
import { type Tags, tagsIn } from '../tags.js';

/** ARNs of the account's OpenID Connect providers; each EKS cluster of a fleet gets one. */
export async function oidcProviders(aws: AwsClients, region: string): Promise<readonly string[]> {
  const answer = await answerOf(
    'listing OIDC providers',
    aws.iam(region).send(new ListOpenIDConnectProvidersCommand({})),
  );
  return (answer.OpenIDConnectProviderList ?? []).flatMap(({ Arn }) => Arn ?? []);
}

export interface OidcProvider {
  readonly tags: Tags;
  readonly createdAt: Date | undefined;
}

/** Without tags if the provider was deleted in the meantime. */
export async function oidcProvider(aws: AwsClients, region: string, arn: string): Promise<OidcProvider> {
  const answer = await answerOrMissing(
    `reading OIDC provider ${arn}`,
    isMissing,
    aws.iam(region).send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn })),
  );
  return { tags: tagsIn(answer?.Tags), createdAt: answer?.CreateDate };
}

/** Deletes a provider; does nothing if there is none. */
export async function deleteOidcProvider(aws: AwsClients, region: string, arn: string): Promise<void> {
  const command = new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn });
  await answerOrMissing(`deleting OIDC provider ${arn}`, isMissing, aws.iam(region).send(command));
}

/** IAM's error names for what does not exist. */
export function isMissing(name: string): boolean {
  return name === 'NoSuchEntityException' || name === 'NoSuchEntity';
}
