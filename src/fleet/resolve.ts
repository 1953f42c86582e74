/** Resolves a request into a complete fleet, and refuses inconsistent values before anything is read. */
import { Problem } from '../errors/problem.js';
import { refuse } from '../errors/refuse.js';
import { defaults } from './defaults.js';
import {
  clustersOf,
  describeMember,
  type Fleet,
  type FleetCluster,
  isParent,
  isSameEksCluster,
  type Member,
  withFormer,
} from './fleet.js';
import { karmadaContext, memberNameOf, oldFleetIdOf, parentNameOf } from './names.js';
import type { FleetRequest, MemberRequest } from './schema.js';
import { accountRequest, accountRoleOf } from './settings/account-role.js';
import { patchIn } from './settings/config-patch.js';
import { failoverOf, failoverRequest } from './settings/failover.js';
import { imagesOf, imagesRequest } from './settings/images.js';
import { nodeFormIn } from './settings/node-form.js';
import { organisationOf, organisationRequest } from './settings/organisation.js';
import { ownVpcPlace } from './settings/own-vpc.js';
import { outsideOwnVpc, ownVpcOf, vpcRequest } from './settings/own-vpc-request.js';
import { privateEndpointsOf, privateEndpointsRequest } from './settings/private-endpoints.js';

/**
 * The fleet that a request describes; one without an id was created before ids were random.
 * @throws Problem `missing-value` for the first missing value without a default, `invalid-value` when names conflict.
 */
export function resolveFleet(request: FleetRequest): Fleet {
  const region = required(request.region, '--region', 'KARMADA_EKS_REGION');
  const ownVpc = ownVpcOf(request);
  const vpc = placeOf(request);
  const name = request.fleet ?? defaults.fleet;
  const place = { region, vpc, ...limitsOf(request) };
  const fleet: Fleet = {
    name,
    id: request.id ?? oldFleetIdOf(name, region),
    revision: request.revision ?? 1,
    parent: {
      cluster: parentNameOf(name),
      account: undefined,
      ...place,
      ...(request.spot === undefined ? {} : { spot: false }),
    },
    ownVpc,
    members: membersOf(name, request.members ?? defaults.members).map((member) => completed(member, place, name)),
    former: (request.former ?? []).map((member) => completed(member, place, name)),
    nodes: request.nodes ?? defaults.nodes,
    instanceTypes: instanceTypesOf(request),
    ...nodeFormIn(request),
    ...patchIn(request),
    kubernetesVersion: request.kubernetesVersion,
    karmadaVersion: request.karmadaVersion,
    crds: request.crds,
    ...imagesOf(request),
    allow: [...new Set(request.allow ?? [])],
    internal: request.internal ?? false,
    apiName: request.apiName === 'none' ? undefined : request.apiName,
    formerApiNames: [...new Set(request.formerApiNames ?? [])].filter((name) => name !== request.apiName),
    publicAccess: [...new Set(request.publicAccess ?? [])],
    ...privateEndpointsOf(request),
    failover: failoverOf(request),
    certValidity: request.certValidity,
    controlPlaneLogs: [...new Set(request.controlPlaneLogs ?? [])],
    ...organisationOf(request),
    admins: [...new Set(request.admins ?? [])],
    useExisting: request.useExisting ?? false,
  };
  refuse([...wrongZones(fleet), ...outsideOwnVpc(fleet)], 'invalid-value');
  refuse([...nameClashes(fleet), ...clusterClashes(fleet)], 'invalid-value', 'names conflict');
  return fleet;
}

/** In the order in which they are preferred. */
export function instanceTypesOf({ instanceType = defaults.instanceType }: FleetRequest): readonly string[] {
  return [...new Set([instanceType].flat())];
}

/** A member's name is also its scope and its context: it must be neither the parent's nor the fleet's own. */
export const reservedNames: readonly string[] = ['parent', 'fleet', karmadaContext];

/** The request that describes this fleet: it is stored in the fleet's record and written as a configuration file. */
export function requestOf(fleet: Fleet): FleetRequest {
  return {
    fleet: fleet.name,
    // A fleet from before ids were random keeps its old description, because older versions read it too.
    ...(fleet.id === oldFleetIdOf(fleet.name, fleet.parent.region) ? {} : { id: fleet.id }),
    region: fleet.parent.region,
    ...vpcRequest(fleet),
    ...limitsRequest(fleet.parent),
    members: fleet.members.map(memberRequest),
    ...(fleet.former.length > 0 ? { former: fleet.former.map(memberRequest) } : {}),
    nodes: fleet.nodes,
    instanceType: fleet.instanceTypes.length === 1 ? fleet.instanceTypes[0] : [...fleet.instanceTypes],
    ...nodeFormIn(fleet),
    ...patchIn(fleet),
    ...(fleet.kubernetesVersion === undefined ? {} : { kubernetesVersion: fleet.kubernetesVersion }),
    ...(fleet.karmadaVersion === undefined ? {} : { karmadaVersion: fleet.karmadaVersion }),
    ...(fleet.crds === undefined ? {} : { crds: fleet.crds }),
    ...imagesRequest(fleet),
    allow: [...fleet.allow],
    internal: fleet.internal,
    ...(fleet.apiName === undefined ? {} : { apiName: fleet.apiName }),
    ...(fleet.formerApiNames.length > 0 ? { formerApiNames: [...fleet.formerApiNames] } : {}),
    publicAccess: [...fleet.publicAccess],
    ...privateEndpointsRequest(fleet),
    ...(fleet.failover === undefined ? {} : failoverRequest(fleet.failover)),
    ...(fleet.certValidity === undefined ? {} : { certValidity: fleet.certValidity }),
    ...(fleet.controlPlaneLogs.length > 0 ? { controlPlaneLogs: [...fleet.controlPlaneLogs] } : {}),
    ...organisationRequest(fleet),
    admins: [...fleet.admins],
    useExisting: fleet.useExisting,
    revision: fleet.revision,
  };
}

/** The recorded members whose clusters are not in the desired fleet: of one that is another cluster now, the one before. */
export function formerMembers(wanted: Fleet, recorded: FleetRequest): readonly Member[] {
  const { members } = withFormer(resolveFleet(recorded));
  // What a context leads to may have got another name, and is nothing that the fleet made.
  const isWanted = (old: Member, member: Member): boolean =>
    isSameCluster(member, old) || (old.kind === 'context' && member.name === old.name);
  return members.filter((old) => !wanted.members.some((member) => isWanted(old, member)));
}

/** The names that the Karmada API had before, and has no longer. */
export function formerApiNames({ apiName }: Fleet, recorded: FleetRequest): readonly string[] {
  const before = resolveFleet(recorded);
  const names = before.apiName === undefined ? before.formerApiNames : [...before.formerApiNames, before.apiName];
  return names.filter((name) => name !== apiName);
}

/** The next revision if it differs from the recorded description; pass the newest that is known. */
export function withRevision(fleet: Fleet, recorded: FleetRequest | undefined): Fleet {
  if (recorded === undefined) return fleet;
  const revision = recorded.revision ?? 1;
  const before = requestOf(resolveFleet(recorded));
  const same = JSON.stringify(requestOf({ ...fleet, revision })) === JSON.stringify(before);
  return { ...fleet, revision: same ? revision : revision + 1 };
}

export function isSameCluster(one: Member, other: Member): boolean {
  if (one.kind === 'context' || other.kind === 'context')
    return (
      one.kind === other.kind && one.kind === 'context' && other.kind === 'context' && one.context === other.context
    );
  return isSameEksCluster(one, other);
}

/** The request that describes this member. */
export function memberRequest(member: Member): MemberRequest {
  const { name, mode, sources } = member;
  const common = { name, mode, ...(sources.length > 0 ? { sources: [...sources] } : {}) };
  if (member.kind === 'context') return { ...common, context: member.context };
  const { cluster, region, vpc, account, existing } = member;
  const own = { ...limitsRequest(member), ...nodeFormIn(member), ...patchIn(member), ...accountRequest(account) };
  const place = { cluster, region, ...(vpc === ownVpcPlace ? {} : { vpc }) };
  return { ...common, ...place, ...own, ...(existing ? { existing } : {}) };
}

function placeOf({ vpc, createVpc }: FleetRequest): string {
  return createVpc === undefined ? required(vpc, '--vpc', 'KARMADA_EKS_VPC') : ownVpcPlace;
}

function membersOf(fleet: string, members: number | readonly MemberRequest[]): readonly MemberRequest[] {
  if (typeof members !== 'number') return members;
  return Array.from({ length: members }, (_, index) => ({ name: memberNameOf(fleet, index + 1) }));
}

type Limits = Pick<FleetCluster, 'zones' | 'subnets'>;

type ParentPlace = Pick<FleetCluster, 'region' | 'vpc'> & Limits;

/** Sorted, so that the same ones are the same text. */
function limitsOf({ zones, subnets }: Pick<FleetRequest, 'zones' | 'subnets'>): Limits {
  const different = (values: readonly string[]): readonly string[] => [...new Set(values)].sort();
  return { ...(zones && { zones: different(zones) }), ...(subnets && { subnets: different(subnets) }) };
}

function limitsRequest({ zones, subnets }: Limits): Pick<FleetRequest, 'zones' | 'subnets'> {
  return { ...(zones && { zones: [...zones] }), ...(subnets && { subnets: [...subnets] }) };
}

/** A new member in the parent's VPC shares its limits, unless it has some of its own. */
function limitsIn(member: MemberRequest, { region, vpc, ...limits }: ParentPlace): Limits {
  const isApart = member.existing === true || member.account !== undefined;
  if (isApart || member.zones !== undefined || member.subnets !== undefined) return limitsOf(member);
  return (member.region ?? region) === region && (member.vpc ?? vpc) === vpc ? limits : {};
}

/** Where the parent is; `fleet`: the name of the fleet. */
function completed(member: MemberRequest, place: ParentPlace, fleet: string): Member {
  const { region, vpc } = place;
  const { name, context, mode = defaults.mode, sources = [] } = member;
  if (context !== undefined) return { kind: 'context', name, mode, sources, context };
  return {
    kind: 'eks',
    name,
    mode,
    sources,
    cluster: member.cluster ?? name,
    region: member.region ?? region,
    account: accountRoleOf(member, { region: member.region ?? region, fleet }),
    vpc: member.vpc ?? vpc,
    ...limitsIn(member, place),
    ...nodeFormIn(member),
    ...patchIn(member),
    existing: member.existing ?? false,
  };
}

/** What is wrong with a member's name that is well-formed. `before`: the names of other members. */
export function nameClash(name: string, parent: string, before: ReadonlySet<string>): string | undefined {
  if (reservedNames.includes(name)) return `a member cannot be named ${name}`;
  if (name === parent) return `member ${name} has the same name as the parent`;
  return before.has(name) ? `two members are named ${name}` : undefined;
}

/** A zone begins with the name of its region. */
function wrongZones(fleet: Fleet): readonly Problem[] {
  return clustersOf(fleet).flatMap(({ cluster, region, zones = [] }) => {
    const elsewhere = zones.filter((zone) => zone.slice(0, -1) !== region);
    if (elsewhere.length === 0) return [];
    const what = `${cluster} is in ${region}, which has no zone ${elsewhere.join(', ')}`;
    return [new Problem('invalid-value', { what, next: [`set zones of ${region}`] })];
  });
}

function nameClashes({ members, parent }: Fleet): readonly Problem[] {
  const names = new Set<string>();
  return members.flatMap(({ name }) => {
    const what = nameClash(name, parent.cluster, names);
    names.add(name);
    return what === undefined ? [] : [clash(what)];
  });
}

function clusterClashes(fleet: Fleet): readonly Problem[] {
  const clusters = new Set<string>();
  return fleet.members.flatMap((member) => {
    const cluster = describeMember(member);
    const isTaken = clusters.has(cluster);
    clusters.add(cluster);
    if (isTaken) return [clash(`${cluster} is listed twice`)];
    if (!isParent(fleet, member)) return [];
    return [
      ...(member.mode === 'pull' ? [pullingParent(member.name)] : []),
      ...(member.kind === 'eks' && member.spot ? [parentOnSpot(member.name)] : []),
    ];
  });
}

/** An agent in the parent would call Karmada through the load balancer in front of its own nodes. */
function pullingParent(name: string): Problem {
  return new Problem('invalid-value', {
    what: `member ${name} is the parent, which can only be a push member`,
    next: [`set mode=push for ${name}`],
  });
}

function parentOnSpot(name: string): Problem {
  return new Problem('invalid-value', {
    what: `member ${name} is the parent, whose nodes are never Spot Instances`,
    why: 'they hold Karmada’s etcd, which stops when EC2 takes two of them back',
    next: [`omit spot for ${name}`],
  });
}

function clash(what: string): Problem {
  return new Problem('invalid-value', { what, next: ['give each member a unique name: --member name=…'] });
}

function required(value: string | undefined, flag: string, variable: string): string {
  if (value !== undefined) return value;
  throw new Problem('missing-value', {
    what: `${flag} is required`,
    next: [`set ${flag}, ${variable}, or the value in the --config file`],
  });
}
