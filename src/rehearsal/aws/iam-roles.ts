/** The simulated IAM, roles: their policies and profiles are listed, and must be removed before the role. */
import type * as IAM from '@aws-sdk/client-iam';
import { createdAtOf, makerOf, partsOf, removeRoles } from '../account/role-parts.js';
import type { RoleParts } from '../state.js';
import { type AwsCall, AwsError, listing, operation, type Service, tagList } from './answer.js';

export const iamRoles: Service = {
  ListRolesCommand: operation((input: IAM.ListRolesCommandInput, { simulation: { state } }) => {
    const roles = state.roles.map((RoleName) => ({ RoleName, CreateDate: createdAtOf(state, RoleName) }));
    const answer = listing('Roles', roles, input.Marker, 'Marker');
    return { ...answer, IsTruncated: answer['Marker'] !== undefined };
  }),
  /** With a document that trusts a cluster's issuer, percent-encoded (IAM API, GetRole), where that is known. */
  GetRoleCommand: ofRole(({ RoleName = '' }: IAM.GetRoleCommandInput, { tags }, { simulation: { state } }) => {
    const issuer = makerOf(state, RoleName)?.makes.trusts;
    const Federated = `arn:aws:iam::${state.accountId}:oidc-provider/${issuer}`;
    const Statement = [{ Effect: 'Allow', Action: ['sts:AssumeRoleWithWebIdentity'], Principal: { Federated } }];
    const document = encodeURIComponent(JSON.stringify({ Version: '2012-10-17', Statement }));
    const Arn = `arn:aws:iam::${state.accountId}:role/${RoleName}`;
    const role = { RoleName, Arn, Tags: tagList(tags) };
    return { Role: { ...role, ...(issuer === undefined ? {} : { AssumeRolePolicyDocument: document }) } };
  }),
  ListRoleTagsCommand: ofRole((_: IAM.ListRoleTagsCommandInput, { tags }) => ({ Tags: tagList(tags) })),
  ListAttachedRolePoliciesCommand: ofRole((_: object, { attached }) => ({
    AttachedPolicies: attached.map((PolicyArn) => ({ PolicyArn })),
  })),
  ListRolePoliciesCommand: ofRole((_: object, { inline }) => ({ PolicyNames: [...inline] })),
  ListInstanceProfilesForRoleCommand: ofRole((_: object, { profiles }) => ({
    InstanceProfiles: profiles.map((InstanceProfileName) => ({ InstanceProfileName })),
  })),
  DetachRolePolicyCommand: ofRole((input: IAM.DetachRolePolicyCommandInput, parts) => {
    parts.attached = parts.attached.filter((arn) => arn !== input.PolicyArn);
    return {};
  }),
  DeleteRolePolicyCommand: ofRole((input: IAM.DeleteRolePolicyCommandInput, parts) => {
    parts.inline = parts.inline.filter((name) => name !== input.PolicyName);
    return {};
  }),
  DeleteRoleCommand: ofRole((input: IAM.DeleteRoleCommandInput, { attached, inline, profiles }, { simulation }) => {
    if (attached.length + inline.length + profiles.length > 0) {
      throw new AwsError('DeleteConflictException', 'Cannot delete entity, must delete policies first.', 409);
    }
    removeRoles(simulation.state, [input.RoleName ?? '']);
    return {};
  }),
  RemoveRoleFromInstanceProfileCommand: ofRole((input: IAM.RemoveRoleFromInstanceProfileCommandInput, parts) => {
    parts.profiles = parts.profiles.filter((name) => name !== input.InstanceProfileName);
    return {};
  }),
};

/** An operation on a role that is there. */
function ofRole<Input extends { readonly RoleName?: string | undefined }>(
  answer: (input: Input, parts: RoleParts, call: AwsCall) => object,
): Service[string] {
  return operation((input: Input, call) => {
    const { state } = call.simulation;
    const name = input.RoleName ?? '';
    if (!state.roles.includes(name)) {
      throw new AwsError('NoSuchEntityException', `The role with name ${name} cannot be found.`, 404);
    }
    return answer(input, partsOf(state, name), call);
  });
}
