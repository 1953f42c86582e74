/** What `backup --schedule` and its end need: one role with an inline policy, in one stack of eksctl. */
import { backupRoleName } from '../fleet/backup-job.js';
import type { Fleet } from '../fleet/fleet.js';
import type { Facts } from '../model/facts.js';
import { clusterArn, newStacks, oidcTag, stackArn } from './cluster-statements.js';
import { boundBy, roleArn } from './role-statements.js';
import { allConditions, allow, hasFleetTag, type Statement, throughStacks } from './statement.js';

const stack = 'addon-iamserviceaccount-karmada-system-karmada-eks-backup';

/** IAM has no condition for what is in an inline policy, nor for whom a role trusts; a boundary limits both. `isExisting`: the parent. */
export function scheduleStatements(fleet: Fleet, facts: Facts, isExisting: boolean): readonly Statement[] {
  const { parent, permissionsBoundary: boundary } = fleet;
  const role = roleArn(facts, backupRoleName(parent));
  const bound = boundary === undefined ? {} : boundBy(boundary);
  return [
    allow(
      'BackupJobRole',
      ['iam:CreateRole', 'iam:DeleteRolePolicy', 'iam:PutRolePolicy'],
      role,
      allConditions(throughStacks, bound),
    ),
    allow('BackupJobRoleTags', ['iam:DeleteRole', 'iam:TagRole'], role, throughStacks),
    allow(
      'BackupJobRoleReads',
      ['iam:GetRolePolicy', 'iam:ListAttachedRolePolicies', 'iam:ListInstanceProfilesForRole', 'iam:ListRolePolicies'],
      role,
    ),
    allow(
      'BackupJobStack',
      ['cloudformation:DeleteStack', 'cloudformation:UpdateTerminationProtection'],
      stackArn(facts, parent, stack),
      hasFleetTag(fleet.id),
    ),
    ...newStacks(fleet, facts, [parent], stack, 'BackupJob'),
    ...(isExisting
      ? [
          allow('BackupJobParentTag', ['eks:TagResource'], clusterArn(facts, parent), {
            'ForAllValues:StringEquals': { 'aws:TagKeys': [oidcTag] },
          }),
        ]
      : []),
  ];
}
