/** The simulated IAM, as far as it is read. */
import { operation, type Service } from './answer.js';

export const iam: Service = {
  /** IAM answers all in one page. */
  ListOpenIDConnectProvidersCommand: operation((_input: object, { simulation }) => ({
    OpenIDConnectProviderList: simulation.state.oidcProviders.map((Arn) => ({ Arn })),
  })),
};
