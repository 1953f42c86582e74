/** The simulated IAM, as far as it is used. */
import type { DeleteOpenIDConnectProviderCommandInput } from '@aws-sdk/client-iam';
import { AwsError, operation, type Service } from './answer.js';

export const iam: Service = {
  /** IAM answers all in one page. */
  ListOpenIDConnectProvidersCommand: operation((_input: object, { simulation }) => ({
    OpenIDConnectProviderList: simulation.state.oidcProviders.map((Arn) => ({ Arn })),
  })),
  DeleteOpenIDConnectProviderCommand: operation(
    ({ OpenIDConnectProviderArn: arn = '' }: DeleteOpenIDConnectProviderCommandInput, { simulation: { state } }) => {
      if (!state.oidcProviders.includes(arn)) {
        throw new AwsError('NoSuchEntityException', `OpenIDConnect Provider not found for arn ${arn}`, 404);
      }
      state.oidcProviders = state.oidcProviders.filter((provider) => provider !== arn);
      return {};
    },
  ),
};
