/** Availability zones and their ids. */
import type { RegionState } from '../state.js';

/** Zones that EKS does not put control planes in (EKS User Guide, network requirements; eksctl `zoneIDsToAvoid`). */
export const deniedZoneIds: readonly string[] = ['use1-az3', 'usw1-az2', 'cac1-az3'];

/** Three zones `a`, `b`, `c`, none of them one that EKS denies. */
export function defaultZones(region: string): RegionState['availabilityZones'] {
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
