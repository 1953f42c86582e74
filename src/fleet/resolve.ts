/** Makes a whole fleet out of what was said, and refuses what does not fit together before anything is looked at. */
import { Problem } from '../errors/problem.js';
import { defaults } from './defaults.js';
import { type Fleet, type Member, withFormer } from './fleet.js';
import { fleetIdOf, karmadaContext, memberNameOf, parentNameOf } from './names.js';
import type { FleetRequest, MemberRequest } from './schema.js';

/**
 * The fleet that a request describes.
 * @throws Problem `missing-value` for the first value without a default, `invalid-value` when names clash.
 */
export function resolveFleet(request: FleetRequest): Fleet {
  const region = required(request.region, '--region', 'KARMADA_EKS_REGION');
  const vpc = required(request.vpc, '--vpc', 'KARMADA_EKS_VPC');
  const name = request.fleet ?? defaults.fleet;
  const fleet: Fleet = {
    name,
    id: fleetIdOf(name, region),
    parent: { cluster: parentNameOf(name), region, vpc },
    members: membersOf(name, request.members ?? defaults.members).map((member) => completed(member, region, vpc)),
    former: (request.former ?? []).map((member) => completed(member, region, vpc)),
    nodes: request.nodes ?? defaults.nodes,
    instanceType: request.instanceType ?? defaults.instanceType,
    kubernetesVersion: request.kubernetesVersion,
    karmadaVersion: request.karmadaVersion,
    crds: request.crds,
    allow: [...new Set(request.allow ?? [])],
    internal: request.internal ?? false,
    admins: [...new Set(request.admins ?? [])],
    useExisting: request.useExisting ?? false,
  };
  refuseClashes(fleet);
  return fleet;
}

/** A member's name is also its lane and its context: it must be neither the parent's nor the fleet's own. */
const reservedNames: readonly string[] = ['parent', 'fleet', karmadaContext];

/** The request that describes this fleet: what is kept in the fleet's record and written as a configuration file. */
export function requestOf(fleet: Fleet): FleetRequest {
  return {
    fleet: fleet.name,
    region: fleet.parent.region,
    vpc: fleet.parent.vpc,
    members: fleet.members.map(memberRequest),
    ...(fleet.former.length > 0 ? { former: fleet.former.map(memberRequest) } : {}),
    nodes: fleet.nodes,
    instanceType: fleet.instanceType,
    ...(fleet.kubernetesVersion === undefined ? {} : { kubernetesVersion: fleet.kubernetesVersion }),
    ...(fleet.karmadaVersion === undefined ? {} : { karmadaVersion: fleet.karmadaVersion }),
    ...(fleet.crds === undefined ? {} : { crds: fleet.crds }),
    allow: [...fleet.allow],
    internal: fleet.internal,
    admins: [...fleet.admins],
    useExisting: fleet.useExisting,
  };
}

/** The members of what was recorded that are not in the fleet that is wanted now. */
export function formerMembers(wanted: Fleet, recorded: FleetRequest): readonly Member[] {
  const { members } = withFormer(resolveFleet(recorded));
  const isWanted = (old: Member): boolean =>
    wanted.members.some(
      ({ name, cluster, region }) => name === old.name || (cluster === old.cluster && region === old.region),
    );
  return members.filter((old) => !isWanted(old));
}

function memberRequest({ name, cluster, region, vpc, mode }: Member): MemberRequest {
  return { name, cluster, region, vpc, mode };
}

function membersOf(fleet: string, members: number | readonly MemberRequest[]): readonly MemberRequest[] {
  if (typeof members !== 'number') return members;
  return Array.from({ length: members }, (_, index) => ({ name: memberNameOf(fleet, index + 1) }));
}

function completed(member: MemberRequest, region: string, vpc: string): Member {
  const memberRegion = member.region ?? region;
  return {
    name: member.name,
    cluster: member.cluster ?? member.name,
    region: memberRegion,
    vpc: member.vpc ?? vpc,
    mode: member.mode ?? defaults.mode,
  };
}

function refuseClashes(fleet: Fleet): void {
  const problems: Problem[] = [];
  const names = new Set<string>();
  const clusters = new Set([`${fleet.parent.region}/${fleet.parent.cluster}`]);
  for (const member of fleet.members) {
    if (reservedNames.includes(member.name)) problems.push(clash(`no member can be named ${member.name}`));
    if (names.has(member.name)) problems.push(clash(`two members are named ${member.name}`));
    if (member.name === fleet.parent.cluster) problems.push(clash(`member ${member.name} has the name of the parent`));
    const cluster = `${member.region}/${member.cluster}`;
    if (clusters.has(cluster) && member.name !== fleet.parent.cluster) {
      problems.push(clash(`EKS cluster ${member.cluster} in ${member.region} is named twice`));
    }
    names.add(member.name);
    clusters.add(cluster);
  }
  const [first] = problems;
  if (first === undefined) return;
  throw problems.length === 1 ? first : new Problem('invalid-value', { what: 'names clash', parts: problems });
}

function clash(what: string): Problem {
  return new Problem('invalid-value', { what, next: ['give each member a name of its own: --member name=…'] });
}

function required(value: string | undefined, flag: string, variable: string): string {
  if (value !== undefined) return value;
  throw new Problem('missing-value', {
    what: `${flag} is missing`,
    next: [`say ${flag} VALUE, or set ${variable}, or write it into the file of --config`],
  });
}
