/** What the product asks of IAM: the account's OpenID Connect providers. */
import {
  DeleteOpenIDConnectProviderCommand,
  ListOpenIDConnectProvidersCommand,
  ListOpenIDConnectProviderTagsCommand,
} from '@aws-sdk/client-iam';
import type { AwsClients } from '../world/aws.js';
import { answerOf, answerOrMissing } from './call.js';
import { type Tags, tagsIn } from './tags.js';

/** ARNs of the account's OpenID Connect providers; each EKS cluster of a fleet gets one. */
export async function oidcProviders(aws: AwsClients, region: string): Promise<readonly string[]> {
  const answer = await answerOf(
    'listing OIDC providers',
    aws.iam(region).send(new ListOpenIDConnectProvidersCommand({})),
  );
  return (answer.OpenIDConnectProviderList ?? []).flatMap(({ Arn }) => Arn ?? []);
}

/** Empty for one that goes meanwhile. */
export async function oidcProviderTags(aws: AwsClients, region: string, arn: string): Promise<Tags> {
  const answer = await answerOrMissing(
    `reading the tags of OIDC provider ${arn}`,
    isMissing,
    aws.iam(region).send(new ListOpenIDConnectProviderTagsCommand({ OpenIDConnectProviderArn: arn })),
  );
  return tagsIn(answer?.Tags);
}

/** Deletes a provider; nothing happens when there is none. */
export async function deleteOidcProvider(aws: AwsClients, region: string, arn: string): Promise<void> {
  const command = new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn });
  await answerOrMissing(`deleting OIDC provider ${arn}`, isMissing, aws.iam(region).send(command));
}

/** IAM's names for what is not there. */
export function isMissing(name: string): boolean {
  return name === 'NoSuchEntityException' || name === 'NoSuchEntity';
}
