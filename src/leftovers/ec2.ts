/** Leftover volumes, network interfaces and security groups. */
import { makeEc2Leftovers, type TagFilter } from '../aws/ec2/ec2-leftovers.js';
import { type Tags, tagsIn } from '../aws/tags.js';
import { fleetTag } from '../fleet/names.js';
import { cniTag, ownedTag } from '../ownership/cluster-tags.js';
import { volumeUsd } from './cost.js';
import type { FoundThing, Leftover } from './leftover.js';
import { isDeletedWithCluster, judgeThing, type LeftoverScope, leftoverOf } from './scope.js';
import { claimIn, describeClaim, isEtcdClaim, isRootDisk } from './volume-claims.js';

/**
 * A root volume is deleted with its node; one of a claim in a cluster that is kept is no leftover. Those of users'
 * claims are data.
 */
export async function findVolumesLeft(scope: LeftoverScope): Promise<readonly FoundThing[]> {
  const { region } = scope;
  const ec2 = left(scope);
  const volumes = await each(ownedFilters(scope), ec2.volumes, ({ VolumeId }) => VolumeId);
  const lasting = volumes.filter((volume) => !isRootDisk(volume));
  return lasting.flatMap(({ VolumeId: id = '', Size, State = '', VolumeType, CreateTime, Tags }) => {
    const tags = tagsIn(Tags);
    const verdict = volumeVerdict(scope, id, tags, CreateTime);
    if (isDeletedWithCluster(scope, tags) || verdict === undefined) return [];
    const detail = [`${Size ?? '?'} GiB`, VolumeType, State].filter((part) => part !== undefined).join(', ');
    const usdPerHour = volumeUsd(region, VolumeType, Size);
    return [{ kind: 'volume' as const, id, name: id, region, detail, usdPerHour, ...verdict }];
  });
}

/** Of those that are attached to nothing: the VPC CNI leaves some when a node ends at a bad moment (amazon-vpc-cni-k8s 2856). */
export async function findInterfacesLeft(scope: LeftoverScope): Promise<readonly FoundThing[]> {
  const { region, gone } = scope;
  const cni = { key: cniTag, values: gone };
  const filters = [...(gone.length > 0 ? [cni] : []), { key: fleetTag, values: [scope.fleet.id] }];
  const interfaces = await each(filters, left(scope).freeInterfaces, ({ NetworkInterfaceId }) => NetworkInterfaceId);
  return interfaces.flatMap(({ NetworkInterfaceId: id = '', Description, SubnetId, TagSet, RequesterManaged }) => {
    const tags = tagsIn(TagSet);
    const verdict = leftoverOf(judgeThing(scope, { tags }));
    if (RequesterManaged === true || isDeletedWithCluster(scope, tags) || verdict === undefined) return [];
    const detail = [Description ?? '', `in ${SubnetId ?? '?'}`].filter((part) => part !== '').join(', ');
    return [{ kind: 'network interface' as const, id, name: id, region, detail, usdPerHour: 0, ...verdict }];
  });
}

export async function findSecurityGroupsLeft(scope: LeftoverScope): Promise<readonly FoundThing[]> {
  const { region } = scope;
  const groups = await each(ownedFilters(scope), left(scope).securityGroups, ({ GroupId }) => GroupId);
  return groups.flatMap(({ GroupId: id = '', GroupName = '', Tags }) => {
    const tags = tagsIn(Tags);
    const verdict = leftoverOf(judgeThing(scope, { tags }));
    if (isDeletedWithCluster(scope, tags) || verdict === undefined) return [];
    return [{ kind: 'security group' as const, id, name: id, region, detail: GroupName, usdPerHour: 0, ...verdict }];
  });
}

/**
 * etcd's data belongs to the fleet unless it is to be retained; everything else is users' data, whoever owned the
 * cluster.
 */
function volumeVerdict(
  scope: LeftoverScope,
  id: string,
  tags: Tags,
  createdAt: Date | undefined,
): Pick<Leftover, 'whose' | 'evidence'> | undefined {
  const verdict = leftoverOf(judgeThing(scope, { tags, createdAt }));
  const claim = claimIn(tags);
  if (verdict === undefined || (verdict.whose === 'perhaps' && claim === undefined)) return verdict;
  if (claim === undefined)
    return { whose: 'users', evidence: 'users’ data: its tags name no claim, so it does not belong to etcd' };
  if (!isEtcdClaim(claim)) return { whose: 'users', evidence: `users’ data: claim ${describeClaim(claim)}` };
  const isKept = scope.memory.volumes.some((known) => known.id === id && known.policy === 'Retain');
  return isKept ? { whose: 'users', evidence: `retained: claim ${describeClaim(claim)}` } : verdict;
}

function left(scope: LeftoverScope): ReturnType<typeof makeEc2Leftovers> {
  return makeEc2Leftovers(scope.clients.world.aws, scope);
}

/** The fleet's tag, and one for each cluster that is gone: EC2 has no "or" between filters. */
function ownedFilters({ fleet, gone }: LeftoverScope): readonly TagFilter[] {
  const owned = gone.map((name) => ({ key: ownedTag(name), values: ['owned'] }));
  return [{ key: fleetTag, values: [fleet.id] }, ...owned];
}

/** What any of the filters finds, once. */
async function each<T>(
  filters: readonly TagFilter[],
  look: (filter: TagFilter) => Promise<readonly T[]>,
  idOf: (found: T) => string | undefined,
): Promise<readonly T[]> {
  const found = (await Promise.all(filters.map(look))).flat();
  return [...new Map(found.map((one) => [idOf(one) ?? '', one])).values()];
}
