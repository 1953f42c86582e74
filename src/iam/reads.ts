/** What is read in an account in which the fleet makes something. */
import type { Fleet } from '../fleet/fleet.js';
import { allow, type Statement } from './statement.js';

/** What is asked for only where something is set, besides. */
export function readsFor({ permissionsBoundary }: Fleet): Statement {
  const asked = permissionsBoundary === undefined ? [] : ['iam:GetPolicy'];
  return { ...reads, Action: [...reads.Action, ...asked] };
}

/** What karmada-eks and eksctl read. Most of these actions do not support resources. */
const reads: Statement = allow(
  'Read',
  [
    'cloudformation:Describe*',
    'cloudformation:List*',
    'ec2:Describe*',
    'ec2:GetEbsDefaultKmsKeyId',
    'eks:Describe*',
    'eks:List*',
    'elasticloadbalancing:DescribeLoadBalancers',
    'elasticloadbalancing:DescribeTags',
    'elasticloadbalancing:DescribeTargetGroups',
    'elasticloadbalancing:DescribeTargetHealth',
    'iam:GetAccountSummary',
    'iam:GetOpenIDConnectProvider',
    'iam:GetRole',
    'iam:ListOpenIDConnectProviders',
    'iam:ListRoles',
    'iam:ListRoleTags',
    'logs:DescribeLogGroups',
    'servicequotas:GetAWSDefaultServiceQuota',
    'servicequotas:GetServiceQuota',
  ],
  '*',
);
