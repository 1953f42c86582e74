/** What a policy cannot prevent its holder from doing, because IAM has no condition for it. */
import type { IamPolicy } from './statement.js';

/** Each continues "who holds this policy can still"; none where the policy allows reads, or changes of the fleet's own things only. */
export function unconfinedActions({ Statement }: IamPolicy): readonly string[] {
  const has = (prefix: string): boolean => Statement.some(({ Sid }) => Sid.startsWith(prefix));
  const attached =
    Statement.find(({ Sid }) => Sid === 'Roles')?.Condition?.['ArnEqualsIfExists']?.['iam:PolicyARN'] ?? [];
  // What it may do is in the policy itself (AWS Managed Policy Reference, AmazonEKSClusterPolicy).
  const strongest = attached.some((arn) => arn.endsWith('/AmazonEKSClusterPolicy'))
    ? 'AmazonEKSClusterPolicy among them, which can delete volumes, security groups and load balancers of others'
    : 'AmazonEBSCSIDriverPolicy, which can attach and delete volumes of other clusters';
  const bound = has('NewRoles') ? ', as far as the permissions boundary allows' : '';
  return [
    ...(has('DriverKey') ? [ofDriverKey(has('NewRoles'))] : []),
    ...(has('BackupJobRole') ? [ofBackupRole(isBoundRole(Statement))] : []),
    ...(attached.length > 0
      ? [`create a role that anyone can assume, with the AWS policies that EKS needs (${strongest})${bound}`]
      : []),
    ...(has('ExistingParent') ? ['install any EKS add-on in the existing parent'] : []),
    ...(has('Nodes') ? ['start EC2 instances in the fleet’s regions'] : []),
    ...(has('OidcProviders')
      ? ['delete an IAM OIDC provider of another EKS cluster in these regions, unless eksctl created it']
      : []),
    ...(has('LeftInstanceProfiles') ? ['remove roles from the instance profiles of other EKS node groups'] : []),
  ];
}

/** The role of the EBS CSI driver is made with a trust policy, and gets an inline policy, of the holder's choice. */
function ofDriverKey(isBound: boolean): string {
  return isBound
    ? 'assume the role of the EBS CSI driver with whatever the permissions boundary allows'
    : 'become an administrator of the account through the role of the EBS CSI driver, which may have any permissions because volumes have a KMS key (--permissions-boundary limits them)';
}

function isBoundRole(statements: IamPolicy['Statement']): boolean {
  const role = statements.find(({ Sid }) => Sid === 'BackupJobRole');
  return role?.Condition?.['ArnEquals']?.['iam:PermissionsBoundary'] !== undefined;
}

/** The same of the role of scheduled backups. */
function ofBackupRole(isBound: boolean): string {
  return isBound
    ? 'assume the role of scheduled backups with whatever the permissions boundary allows'
    : 'become an administrator of the account through the role of scheduled backups, which may have any permissions (--permissions-boundary limits them)';
}

/** One sentence for people; undefined where nothing is left. */
export function holderSentence(policy: IamPolicy): string | undefined {
  const all = unconfinedActions(policy);
  return all.length === 0 ? undefined : `who holds this policy can still ${all.join('; ')}`;
}
