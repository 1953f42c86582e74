/** The fleet of a backup as it is with a new parent: the same name, id and members, elsewhere. */
import { Problem } from '../errors/problem.js';
import type { Fleet, FleetCluster, Member } from '../fleet/fleet.js';
import { isParent } from '../fleet/fleet.js';
import { parentNameOf } from '../fleet/names.js';
import { mergeRequests } from '../fleet/request.js';
import { requestOf, resolveFleet, withRevision } from '../fleet/resolve.js';
import { type FleetRequest, storedRequestSchema } from '../fleet/schema.js';
import { imagesOf, imagesRequest } from '../fleet/settings/images.js';
import { ownVpcName, ownVpcPlace } from '../fleet/settings/own-vpc.js';
import { privateEndpointsOf } from '../fleet/settings/private-endpoints.js';
import { jsonAs } from '../model/json-text.js';
import { descriptionKey } from './fleet-configmap.js';

export interface RecoveredFleet {
  /** As it was described when the backup was taken. */
  readonly described: Fleet;
  /** With its new parent. A member that was the former parent itself is a former member: it is gone with that. */
  readonly fleet: Fleet;
}

/** What of a backup names its fleet. */
interface Described {
  readonly path: string;
  readonly manifest: { readonly fleet: { readonly id: string; readonly parent: string; readonly region: string } };
  readonly fleet: { readonly data: Readonly<Record<string, string>> };
}

/** Where the new parent is to be, and what it cannot have as it was. */
type Place = Pick<
  FleetRequest,
  'region' | 'vpc' | 'imagePullSecret' | 'publicAccess' | 'privateEndpoints' | 'privateAccess'
>;

/** What is not given is as it was. @throws Problem `backup-unreadable`, and `invalid-value` for endpoints that do not go together */
export function recoveredFleet(backup: Described, place: Place): RecoveredFleet {
  const stored = storedIn(backup);
  const { id } = backup.manifest.fleet;
  // An old id names the region; in another one it would be another.
  const described = resolveFleet({ ...stored, id });
  const { region = described.parent.region, vpc = described.parent.vpc, imagePullSecret } = place;
  const { publicAccess, privateEndpoints, privateAccess } = place;
  const endpoints = mergeRequests({ publicAccess, privateEndpoints, privateAccess }, requestOf(described));
  const lost = described.members.filter((member) => isParent(described, member));
  const staysIn = (member: Member): Member => outsideOwnVpc(described, { region, vpc }, member);
  const fleet: Fleet = {
    ...described,
    ownVpc: vpc === ownVpcPlace ? described.ownVpc : undefined,
    publicAccess: [...new Set(endpoints.publicAccess ?? [])],
    ...privateEndpointsOf(endpoints),
    ...imagesOf({ ...imagesRequest(described), ...(imagePullSecret === undefined ? {} : { imagePullSecret }) }),
    parent: { cluster: parentNameOf(described.name), region, account: undefined, vpc },
    members: described.members.filter((member) => !lost.includes(member)).map(staysIn),
    former: [...described.former, ...lost].map(staysIn),
  };
  return { described, fleet: withRevision(fleet, requestOf(described)) };
}

/** Where the parent leaves the VPC that the fleet made, members in it know it by its name: its place is the parent's. */
function outsideOwnVpc({ name, parent }: Fleet, to: Pick<FleetCluster, 'region' | 'vpc'>, member: Member): Member {
  if (member.kind !== 'eks' || member.vpc !== ownVpcPlace) return member;
  const isLeft = to.vpc !== ownVpcPlace || to.region !== parent.region;
  return isLeft ? { ...member, vpc: ownVpcName(name) } : member;
}

function storedIn({ path, manifest, fleet: { data } }: Described): FleetRequest {
  const request = jsonAs(storedRequestSchema, data[descriptionKey]);
  const { id } = manifest.fleet;
  if (request !== undefined && (request.id ?? id) === id) return request;
  throw new Problem('backup-unreadable', {
    what: `${path} does not describe its fleet; nothing was changed`,
    next: ['use another backup of the fleet'],
  });
}

/** The members that the backup's Karmada knows: the others joined later. */
export function knownMembers<Key extends { readonly key: string }>(
  members: readonly Member[],
  keys: readonly Key[],
): readonly Member[] {
  const prefix = '/registry/cluster.karmada.io/clusters/';
  const names = new Set(keys.flatMap(({ key }) => (key.startsWith(prefix) ? [key.slice(prefix.length)] : [])));
  return members.filter(({ name }) => names.has(name));
}
