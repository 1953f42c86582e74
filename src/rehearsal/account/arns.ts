/** Names that AWS builds: partitions and ARNs. */
import type { RegionState } from '../state.js';
import { accountOfRegion, nameOfRegion } from './other-accounts.js';

/** The partition of a region. */
function partitionOf(key: string): string {
  const region = nameOfRegion(key);
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/** An ARN in a region of an account, e.g. `arn:aws:eks:us-west-2:111122223333:cluster/demo`. A region of another account is that one's. */
export function regionalArn(service: string, region: string, accountId: string, resource: string): string {
  const account = accountOfRegion(region) ?? accountId;
  return `arn:${partitionOf(region)}:${service}:${nameOfRegion(region)}:${account}:${resource}`;
}

/** The ARN of an IAM thing, e.g. `arn:aws:iam::111122223333:role/x`. */
export function iamArn(region: string, accountId: string, resource: string): string {
  return `arn:${partitionOf(region)}:iam::${accountOfRegion(region) ?? accountId}:${resource}`;
}

/** Zones that EKS does not put control planes in (EKS User Guide, network requirements; eksctl `zoneIDsToAvoid`). */
export const deniedZoneIds: readonly string[] = ['use1-az3', 'usw1-az2', 'cac1-az3'];

/** Three zones `a`, `b`, `c`, none of them one that EKS denies. */
export function defaultZones(key: string): RegionState['availabilityZones'] {
  const region = nameOfRegion(key);
  const prefix = zoneIdPrefix(region);
  const ids = [1, 2, 3, 4].map((number) => `${prefix}-az${number}`).filter((id) => !deniedZoneIds.includes(id));
  return ['a', 'b', 'c'].map((letter, index) => ({
    name: `${region}${letter}`,
    id: ids[index] ?? letter,
    type: 'availability-zone' as const,
  }));
}

/** `us-west-2` → `usw2`, `ap-southeast-1` → `apse1`: how AWS begins zone ids. */
export function zoneIdPrefix(region: string): string {
  const [area = '', direction = '', number = ''] = region.split('-');
  const compound = /^(north|south)(east|west)$/.exec(direction);
  const short = compound ? `${direction[0]}${compound[2]?.[0]}` : (direction[0] ?? '');
  return `${area}${short}${number}`;
}
