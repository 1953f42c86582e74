/** What to do where the reason for which no node starts may be the key of its volumes. */

/** EC2 ends such an instance with `Client.InternalError` (EC2 Auto Scaling User Guide, troubleshooting EBS volumes). */
export function keyAdvice(why = ''): readonly string[] | undefined {
  if (!/KMS|Client\.InternalError/.test(why)) return undefined;
  return [
    'let AWSServiceRoleForAutoScaling use the KMS key of the volumes, and create grants: https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html',
  ];
}
