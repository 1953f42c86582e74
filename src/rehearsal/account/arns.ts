/** Names that AWS builds: partitions and ARNs. */

/** The partition of a region. */
function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/** An ARN in a region of an account, e.g. `arn:aws:eks:us-west-2:111122223333:cluster/demo`. */
export function regionalArn(service: string, region: string, accountId: string, resource: string): string {
  return `arn:${partitionOf(region)}:${service}:${region}:${accountId}:${resource}`;
}

/** The ARN of an IAM thing, e.g. `arn:aws:iam::111122223333:role/x`. */
export function iamArn(region: string, accountId: string, resource: string): string {
  return `arn:${partitionOf(region)}:iam::${accountId}:${resource}`;
}
