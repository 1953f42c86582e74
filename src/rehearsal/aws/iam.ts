/** The simulated IAM, as far as it is used. */

import type * as IAM from '@aws-sdk/client-iam';
import { AwsError, operation, type Service, tagList } from './answer.js';
import { iamRoles } from './iam-roles.js';

export const iam: Service = {
  ...iamRoles,

  /** IAM answers all in one page. */
  ListOpenIDConnectProvidersCommand: operation((_input: object, { simulation }) => ({
    OpenIDConnectProviderList: simulation.state.oidcProviders.map((Arn) => ({ Arn })),
  })),
  GetOpenIDConnectProviderCommand: operation(
    ({ OpenIDConnectProviderArn: arn = '' }: IAM.GetOpenIDConnectProviderCommandInput, { simulation: { state } }) => {
      if (!state.oidcProviders.includes(arn)) throw missing(arn);
      const created = state.iamCreated?.[arn];
      return {
        Tags: tagList(state.oidcTags?.[arn] ?? {}),
        CreateDate: created === undefined ? undefined : new Date(created),
      };
    },
  ),
  DeleteOpenIDConnectProviderCommand: operation(
    (
      { OpenIDConnectProviderArn: arn = '' }: IAM.DeleteOpenIDConnectProviderCommandInput,
      { simulation: { state } },
    ) => {
      if (!state.oidcProviders.includes(arn)) throw missing(arn);
      state.oidcProviders = state.oidcProviders.filter((provider) => provider !== arn);
      delete state.iamCreated?.[arn];
      return {};
    },
  ),

  /** Of what it counts, the roles (IAM API, GetAccountSummary; IAM quotas: 1,000 roles). */
  GetAccountSummaryCommand: operation((_input: object, { simulation: { state } }) => ({
    SummaryMap: { Roles: state.roles.length, RolesQuota: state.quotas?.['L-FE177D64'] ?? 1000 },
  })),

  /** AWS's own are all there. */
  GetPolicyCommand: operation(({ PolicyArn: arn = '' }: IAM.GetPolicyCommandInput, { simulation: { state } }) => {
    const [owner = '', name = ''] = arn
      .split(':')
      .slice(4)
      .flatMap((part) => part.split('/').slice(-1));
    const exists = owner === 'aws' || (owner === state.accountId && (state.policies ?? ['boundary']).includes(name));
    if (!exists) throw new AwsError('NoSuchEntityException', `Policy ${arn} was not found.`, 404);
    return { Policy: { Arn: arn } };
  }),
};

function missing(arn: string): AwsError {
  return new AwsError('NoSuchEntityException', `OpenIDConnect Provider not found for arn ${arn}`, 404);
}

export const sts: Service = {
  GetCallerIdentityCommand: operation((_input: object, { simulation }) => ({
    Account: simulation.state.accountId,
    Arn: simulation.state.callerArn,
    UserId: 'AIDAREHEARSAL0000000',
  })),
};
