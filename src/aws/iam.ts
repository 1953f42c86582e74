/** The read of IAM that the product makes. */
import { ListOpenIDConnectProvidersCommand } from '@aws-sdk/client-iam';
import type { AwsClients } from '../world/aws.js';
import { answerOf } from './call.js';

/** ARNs of the account's OpenID Connect providers; each EKS cluster of a fleet gets one. */
export async function oidcProviders(aws: AwsClients, region: string): Promise<readonly string[]> {
  const answer = await answerOf(
    'listing OIDC providers',
    aws.iam(region).send(new ListOpenIDConnectProvidersCommand({})),
  );
  return (answer.OpenIDConnectProviderList ?? []).flatMap(({ Arn }) => Arn ?? []);
}
