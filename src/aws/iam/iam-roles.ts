/** IAM roles by name prefix, with tags; whom one trusts; and the deletion of a role with everything attached to it. */
import {
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  ListAttachedRolePoliciesCommand,
  ListInstanceProfilesForRoleCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  ListRoleTagsCommand,
  RemoveRoleFromInstanceProfileCommand,
} from '@aws-sdk/client-iam';
import pMap from 'p-map';
import type { AwsClients } from '../../world/aws.js';
import type { AwsPlace } from '../../world/place.js';
import { answerOf, answerOrMissing } from '../call.js';
import { allPages } from '../pages.js';
import { type Tags, tagsIn } from '../tags.js';
import { isMissing } from './iam.js';

export interface Role {
  readonly name: string;
  readonly tags: Tags;
  readonly createdAt: Date | undefined;
}

/** IAM has no filter for roles: all are listed, and the tags of those with the prefix are read, five at a time. */
export async function rolesNamed(aws: AwsClients, place: AwsPlace, prefix: string): Promise<readonly Role[]> {
  const client = aws.iam(place);
  const all = await allPages(async (Marker) => {
    const command = new ListRolesCommand({ Marker });
    const page = await answerOf('listing IAM roles', client.send(command));
    return { items: page.Roles ?? [], next: page.Marker };
  });
  const named = all.filter(({ RoleName = '' }) => RoleName.startsWith(prefix));
  const read = async ({ RoleName: name = '', CreateDate: createdAt }: (typeof all)[number]): Promise<Role> => ({
    name,
    tags: await tagsOf(aws, place, name),
    createdAt,
  });
  return await pMap(named, read, { concurrency: 5 });
}

export interface TrustingRole {
  readonly arn: string;
  /** Its trust policy, as JSON: IAM answers it with percent-encoding (IAM API, GetRole). */
  readonly trust: string;
  readonly tags: Tags;
}

/** Undefined: there is no such role. @throws Problem `access-denied` without `iam:GetRole`, and as `answerOf` */
export async function readRole(aws: AwsClients, place: AwsPlace, RoleName: string): Promise<TrustingRole | undefined> {
  const sent = aws.iam(place).send(new GetRoleCommand({ RoleName }));
  const answer = await answerOrMissing(`reading IAM role ${RoleName}`, isMissing, sent);
  if (answer === undefined) return undefined;
  const { Arn: arn = '', AssumeRolePolicyDocument: document = '', Tags } = answer.Role ?? {};
  return { arn, trust: decodeURIComponent(document), tags: tagsIn(Tags) };
}

/**
 * Deletes a role with its inline policies. It is removed from its instance profiles, which are kept: those of managed
 * node groups belong to EKS. Does nothing if there is no such role.
 */
export async function deleteRole(aws: AwsClients, place: AwsPlace, RoleName: string): Promise<void> {
  const client = aws.iam(place);
  const what = `deleting IAM role ${RoleName}`;
  const orGone = <T>(answer: Promise<T>): Promise<T | undefined> => answerOrMissing(what, isMissing, answer);
  const profiles = await orGone(client.send(new ListInstanceProfilesForRoleCommand({ RoleName })));
  for (const { InstanceProfileName = '' } of profiles?.InstanceProfiles ?? []) {
    await orGone(client.send(new RemoveRoleFromInstanceProfileCommand({ InstanceProfileName, RoleName })));
  }
  const attached = await orGone(client.send(new ListAttachedRolePoliciesCommand({ RoleName })));
  for (const { PolicyArn } of attached?.AttachedPolicies ?? []) {
    await orGone(client.send(new DetachRolePolicyCommand({ RoleName, PolicyArn })));
  }
  const inline = await orGone(client.send(new ListRolePoliciesCommand({ RoleName })));
  for (const PolicyName of inline?.PolicyNames ?? []) {
    await orGone(client.send(new DeleteRolePolicyCommand({ RoleName, PolicyName })));
  }
  await orGone(client.send(new DeleteRoleCommand({ RoleName })));
}

/** `ListRoles` returns no tags (IAM API). A role deleted in the meantime has none. */
async function tagsOf(aws: AwsClients, place: AwsPlace, RoleName: string): Promise<Tags> {
  const command = new ListRoleTagsCommand({ RoleName });
  const answer = await answerOrMissing(`reading the tags of role ${RoleName}`, isMissing, aws.iam(place).send(command));
  return tagsIn(answer?.Tags);
}
