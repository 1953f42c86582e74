/** What a role needs to have EBS encrypt volumes with a customer's key (EKS User Guide, encryption for Amazon EBS CSI driver add-on). */

/** An inline policy; AmazonEBSCSIDriverPolicy has no action of KMS. */
export function volumeKeyPolicy(key: string): object {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: ['kms:CreateGrant', 'kms:ListGrants', 'kms:RevokeGrant'],
        Resource: [key],
        Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
      },
      {
        Effect: 'Allow',
        Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
        Resource: [key],
      },
    ],
  };
}
