/** Finds an existing fleet: by this machine's record, else by tags in AWS and the description in the parent. */

import type { Stack } from '../aws/cloudformation.js';
import { tagsIn } from '../aws/tags.js';
import { unagreed } from '../clients/agreed-contexts.js';
import type { Clients } from '../clients/clients.js';
import { Problem } from '../errors/problem.js';
import { aliasOf } from '../fleet/alias.js';
import type { Fleet } from '../fleet/fleet.js';
import { fleetCommand } from '../fleet/fleet-command.js';
import {
  type FleetPlace,
  fleetTag,
  isIdIn,
  isIdOfAccount,
  isMemberName,
  nameTag,
  oldFleetIdOf,
  parentNameOf,
  roleTag,
} from '../fleet/names.js';
import type { FleetFolder, FleetRef } from '../fleet/paths.js';
import { reservedNames, resolveFleet } from '../fleet/resolve.js';
import type { FleetRequest } from '../fleet/schema.js';
import { type OwnVpc, ownVpcFrom, ownVpcStack, ownVpcTag } from '../fleet/settings/own-vpc.js';
import { regionClusters } from '../ownership/region-clusters.js';
import type { Call } from '../tools/run.js';
import { ownRegion } from '../world/place.js';
import { ambiguousFleet } from './another-fleet.js';
import { type Authors, describeAuthors } from './authors.js';
import { accountsElsewhere } from './known-fleets.js';
import { type LatestRequest, latestRequest } from './latest-request.js';

/** Tag of the fleet's clusters that lists its regions. */
export const regionsTag = 'karmada-eks/regions';

/** @throws Problem `fleet-not-found`, `wrong-account`, `another-fleet`, `record-malformed` */
export async function findFleet(clients: Clients, ref: FleetRef, call: Call): Promise<Fleet> {
  const { account } = await clients.whoCalls(ref.region);
  const wanted = { ...ref, account };
  const newest = await latestRequest(clients, wanted, call).catch(async (thrown: unknown) => {
    // Where the credentials are of another account, a parent of the name refuses them: that is not what is wrong.
    const isSilent = thrown instanceof Problem && thrown.code === 'cluster-unreachable';
    throw (isSilent && (await inOtherAccount(clients, wanted))) || thrown;
  });
  if (newest !== undefined) return shown(clients, wanted, newest, call);
  const traced = await fleetFromTags(clients, wanted);
  if (traced !== undefined) {
    const { request, elsewhere } = traced;
    if (elsewhere.length > 0) call.say?.(notSearched(request.id ?? '', elsewhere), 'lasting');
    return resolveFleet(request);
  }
  throw (await inOtherAccount(clients, wanted)) ?? notFound(wanted);
}

/** The fleet, after the notes on what this machine has not seen of it before. */
function shown(clients: Clients, wanted: FleetRef, { request, foreignAuthors }: LatestRequest, { say }: Call): Fleet {
  const fleet = resolveFleet(request);
  if (foreignAuthors !== undefined) say?.(foreignFleetNote(wanted.name, foreignAuthors));
  for (const { name, context } of unagreed(clients, [...fleet.members, ...fleet.former]))
    say?.(
      `member ${name} is not inspected: context ${context} has not been agreed to on this machine (--trust-context)`,
    );
  return fleet;
}

export function foreignFleetNote(name: string, authors: Authors): string {
  return `this machine has no record of fleet ${name}, which was ${describeAuthors(authors)}`;
}

/** The command that creates this fleet, and no other that the defaults may mean. */
export function upOf({ name, region }: Pick<FleetRef, 'name' | 'region'>): string {
  return fleetCommand('up', { name, parent: { region } });
}

/** The Problem where nobody knows the fleet, and nothing of it is there. */
export function notFound({ name, region, id }: Pick<FleetRef, 'name' | 'region' | 'id'>): Problem {
  const named = id === undefined ? `a fleet of this name` : `fleet id ${id}`;
  return new Problem('fleet-not-found', {
    what: `no fleet ${name} in ${region}`,
    why: `this machine has no record of it, and no EKS cluster or stack has the tags of ${named}`,
    next: [
      'set another fleet or region: --fleet, --region',
      id === undefined ? `or create it: ${upOf({ name, region })}` : 'or omit --fleet-id to search by name',
    ],
  });
}

/** The Problem where this machine knows a fleet of the name in accounts that are not the caller's. */
async function inOtherAccount(
  { world }: Clients,
  { name, region, account }: FleetFolder,
): Promise<Problem | undefined> {
  const accounts = await accountsElsewhere(world, { name, region, account });
  if (accounts.length === 0) return undefined;
  return new Problem('wrong-account', {
    what: `no fleet ${name} in ${region} in account ${account}`,
    why: `this machine knows a fleet ${name} in ${region} in account ${accounts.join(' and in account ')}`,
    next: [
      `use credentials for account ${accounts.join(' or ')} (--profile)`,
      `or create one here: ${upOf({ name, region })}`,
    ],
  });
}

/** No tag chooses the role of another account. */
function notSearched(id: string, places: readonly string[]): string {
  const named = places.map((place) => place.replace(/^(\d+)\/(.*)$/, '$2 of account $1')).join(', ');
  return `warning: the fleet may have clusters in ${named}, to which tags do not lead: look there for clusters and stacks eksctl-* with tag ${fleetTag}=${id}`;
}

interface TracedFleet {
  readonly request: FleetRequest;
  /** Regions of other accounts in which it made clusters, as `account/region`. */
  readonly elsewhere: readonly string[];
}

/** Undefined if nothing carries the tags. @throws Problem `another-fleet` if several fleets do and none was chosen */
export async function requestFromTags(
  clients: Clients,
  wanted: FleetRef & FleetPlace,
): Promise<FleetRequest | undefined> {
  return (await fleetFromTags(clients, wanted))?.request;
}

async function fleetFromTags(clients: Clients, wanted: FleetRef & FleetPlace): Promise<TracedFleet | undefined> {
  const traces = await tracesIn(clients, wanted.region);
  const parents = traces.filter(({ role, cluster }) => role === 'parent' && cluster === parentNameOf(wanted.name));
  const recovered = new Set(parents.map(({ fleetId }) => fleetId).filter((id) => isIdOfAccount(id, wanted.account)));
  const near = traces.filter((trace) => isOf(wanted, trace, recovered));
  const [id, ...others] = new Set(near.flatMap(({ fleetId = [] }) => fleetId));
  if (id === undefined) return undefined;
  if (others.length > 0) throw ambiguousFleet(wanted, [id, ...others].sort());
  const regions = new Set(near.flatMap((trace) => trace.regions));
  regions.delete(wanted.region);
  const far = (await Promise.all([...regions].map((region) => tracesIn(clients, region)))).flat();
  const all = [...near, ...far.filter(({ fleetId }) => fleetId === id)];
  return {
    request: requestFromTraces(wanted, id, all),
    elsewhere: [...new Set(all.flatMap(({ elsewhere }) => elsewhere))].sort(),
  };
}

/** A cluster that carries the fleet's tag, or a stack of one: a control plane that failed leaves only its stack. */
interface Trace {
  readonly region: string;
  readonly cluster: string;
  readonly fleetId: string | undefined;
  /** The fleet's; fleets from before ids were random have it in their id only. */
  readonly name: string | undefined;
  readonly role: string | undefined;
  /** The fleet's regions, as its tags list them. */
  readonly regions: readonly string[];
  /** Regions of other accounts, as `account/region`. */
  readonly elsewhere: readonly string[];
  readonly vpc: string | undefined;
  /** What the stack of the fleet's own VPC was made by; undefined: it is none. */
  readonly ownVpc?: OwnVpc;
}

/**
 * Whether a trace is of the fleet that is meant: by its id, else by its name and a place that the id agrees with, or where the parent with
 * this id is (`here`): a fleet that was recovered into another region keeps its id.
 */
function isOf(wanted: FleetRef & FleetPlace, { fleetId, name }: Trace, here: ReadonlySet<string | undefined>): boolean {
  if (wanted.id !== undefined) return fleetId === wanted.id;
  const isNamed = name === wanted.name || fleetId === oldFleetIdOf(wanted.name, wanted.region);
  return isNamed && (here.has(fleetId) || isIdIn(fleetId, wanted.name, wanted));
}

/** Each cluster of any fleet once, whether it is there itself, or only a stack of it. */
async function tracesIn(clients: Clients, region: string): Promise<readonly Trace[]> {
  const [clusters, stacks] = await Promise.all([
    regionClusters(clients, ownRegion(region)),
    clients.cloudformation(ownRegion(region)).stacks(),
  ]);
  const found = [
    ...stacks.map(({ Tags }) => {
      const tags = tagsIn(Tags);
      return traceOf(region, tags, tags['alpha.eksctl.io/cluster-name'], undefined);
    }),
    ...stacks.map((stack) => traceOfVpc(region, stack)),
    ...clusters.map((each) => traceOf(region, each.tags ?? {}, each.name, each.resourcesVpcConfig?.vpcId)),
  ];
  const marked = found.flatMap((trace) => (trace?.fleetId === undefined ? [] : [trace]));
  return [...new Map(marked.map((trace) => [`${trace.fleetId} ${trace.cluster}`, trace])).values()];
}

/** Tags may contain anything, and these become names of files and hosts: what EKS and AWS do not allow is ignored. */
const clusterName = /^[0-9A-Za-z][\w-]{0,99}$/;
const regionName = /^[a-z]{2,}(-[a-z]+)+-\d$/;
const placeOfOther = /^\d{12}\/[a-z]{2,}(-[a-z]+)+-\d$/;

/** Where nothing but the VPC is there, an `up` was stopped early. */
function traceOfVpc(region: string, { StackName, Tags }: Stack): Trace | undefined {
  const tags = tagsIn(Tags);
  const ownVpc = ownVpcFrom(tags[ownVpcTag]);
  const name = tags[nameTag];
  if (ownVpc === undefined || name === undefined || StackName !== ownVpcStack(name)) return undefined;
  return {
    region,
    cluster: '',
    fleetId: tags[fleetTag],
    name,
    role: undefined,
    regions: [],
    elsewhere: [],
    vpc: undefined,
    ownVpc,
  };
}

function traceOf(
  region: string,
  tags: Readonly<Record<string, string>>,
  cluster: string | undefined,
  vpc: string | undefined,
): Trace | undefined {
  if (cluster === undefined || !clusterName.test(cluster)) return undefined;
  const listed = tags[regionsTag]?.split(' ') ?? [];
  const regions = listed.filter((each) => regionName.test(each));
  const elsewhere = listed.filter((each) => placeOfOther.test(each));
  return {
    region,
    cluster,
    fleetId: tags[fleetTag],
    name: tags[nameTag],
    role: tags[roleTag],
    regions,
    elsewhere,
    vpc,
  };
}

/** The members' names are unknown: each gets its cluster's, or one made of it where a member cannot have that. */
function requestFromTraces(wanted: FleetRef, id: string, found: readonly Trace[]): FleetRequest {
  const taken = new Set([...reservedNames, parentNameOf(wanted.name)]);
  const members = found.flatMap(({ role, region, cluster }) => {
    if (role !== 'member') return [];
    const name = isMemberName(cluster) && !taken.has(cluster) ? cluster : aliasOf(`${region}/${cluster}`);
    taken.add(name);
    return [{ name, cluster, region }];
  });
  return {
    fleet: wanted.name,
    id,
    region: wanted.region,
    ...vpcIn(wanted, found),
    members,
  };
}

/** That of the stack, or of any cluster. */
function vpcIn(
  { region }: FleetRef,
  found: readonly Trace[],
): Pick<FleetRequest, 'vpc' | 'createVpc' | 'natGatewayPerZone'> {
  const own = found.find((trace) => trace.ownVpc !== undefined && trace.region === region)?.ownVpc;
  if (own === undefined) return { vpc: found.find(({ vpc }) => vpc !== undefined)?.vpc ?? '*' };
  return { createVpc: own.cidr, ...(own.natPerZone ? { natGatewayPerZone: true } : {}) };
}
