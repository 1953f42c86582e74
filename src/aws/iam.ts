/** What the product asks of IAM: the account's OpenID Connect providers. */
import { DeleteOpenIDConnectProviderCommand, ListOpenIDConnectProvidersCommand } from '@aws-sdk/client-iam';
import type { AwsClients } from '../world/aws.js';
import { answerOf, answerOrMissing } from './call.js';

/** ARNs of the account's OpenID Connect providers; each EKS cluster of a fleet gets one. */
export async function oidcProviders(aws: AwsClients, region: string): Promise<readonly string[]> {
  const answer = await answerOf(
    'listing OIDC providers',
    aws.iam(region).send(new ListOpenIDConnectProvidersCommand({})),
  );
  return (answer.OpenIDConnectProviderList ?? []).flatMap(({ Arn }) => Arn ?? []);
}

/** Deletes a provider; nothing happens when there is none. */
export async function deleteOidcProvider(aws: AwsClients, region: string, arn: string): Promise<void> {
  const command = new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn });
  const isMissing = (name: string): boolean => name === 'NoSuchEntityException' || name === 'NoSuchEntity';
  await answerOrMissing(`deleting OIDC provider ${arn}`, isMissing, aws.iam(region).send(command));
}
