/** Finds a fleet that is there: by this machine's record, else by the tags in AWS and the description in the parent. */
import { tagsIn } from '../aws/tags.js';
import { Problem } from '../errors/problem.js';
import { aliasOf } from '../fleet/alias.js';
import type { Fleet } from '../fleet/fleet.js';
import { fleetIdOf, fleetTag, memberNamePattern, parentNameOf, roleTag } from '../fleet/names.js';
import type { FleetPaths } from '../fleet/paths.js';
import { reservedNames, resolveFleet } from '../fleet/resolve.js';
import type { FleetRequest } from '../fleet/schema.js';
import type { Call } from '../tools/run.js';
import type { Clients } from './clients.js';
import { type FleetWanted, newestRequest } from './newest-request.js';
import { regionClusters } from './region-clusters.js';

/** Tag of the fleet's clusters that lists its regions. */
export const regionsTag = 'karmada-eks/regions';

/** @throws Problem `fleet-not-found`, `wrong-account`, `record-malformed` */
export async function findFleet(clients: Clients, wanted: FleetWanted, paths: FleetPaths, call: Call): Promise<Fleet> {
  const request = await newestRequest(clients, wanted, paths, call);
  if (request !== undefined) return resolveFleet(request);
  const found = await traces(clients, wanted);
  if (found.length > 0) return resolveFleet(requestFromTraces(wanted, found));
  throw new Problem('fleet-not-found', {
    what: `no fleet ${wanted.name} in ${wanted.region}`,
    why: `this machine has no record of it, and no EKS cluster or stack carries its tag ${fleetTag}`,
    next: ['name another fleet or region: --fleet, --region', 'or make it: karmada-eks up'],
  });
}

/** A cluster that carries the fleet's tag, or a stack of one: a control plane that failed leaves only its stack. */
interface Trace {
  readonly region: string;
  readonly cluster: string;
  readonly fleetId: string | undefined;
  readonly role: string | undefined;
  /** The fleet's regions, as its tags list them. */
  readonly regions: readonly string[];
  readonly vpc: string | undefined;
}

/** The fleet's traces in the wanted region, and in the regions that these name. */
async function traces(clients: Clients, wanted: FleetWanted): Promise<readonly Trace[]> {
  const id = fleetIdOf(wanted.name, wanted.region);
  const near = await tracesIn(clients, wanted.region, id);
  const regions = new Set(near.flatMap((trace) => trace.regions));
  regions.delete(wanted.region);
  const far = await Promise.all([...regions].map((region) => tracesIn(clients, region, id)));
  return [...near, ...far.flat()];
}

/** Each cluster once, whether it is there itself, or only a stack of it. */
async function tracesIn(clients: Clients, region: string, id: string): Promise<readonly Trace[]> {
  const [clusters, stacks] = await Promise.all([
    regionClusters(clients, region),
    clients.cloudformation(region).stacks(),
  ]);
  const found = [
    ...stacks.map(({ Tags }) => {
      const tags = tagsIn(Tags);
      return traceOf(region, tags, tags['alpha.eksctl.io/cluster-name'], undefined);
    }),
    ...clusters.map((each) => traceOf(region, each.tags ?? {}, each.name, each.resourcesVpcConfig?.vpcId)),
  ];
  const ours = found.flatMap((trace) => (trace?.fleetId === id ? [trace] : []));
  return [...new Map(ours.map((trace) => [trace.cluster, trace])).values()];
}

/** Tags may say anything, and these become names of files and hosts: what EKS and AWS do not allow counts for nothing. */
const clusterName = /^[0-9A-Za-z][\w-]{0,99}$/;
const regionName = /^[a-z]{2,}(-[a-z]+)+-\d$/;

function traceOf(
  region: string,
  tags: Readonly<Record<string, string>>,
  cluster: string | undefined,
  vpc: string | undefined,
): Trace | undefined {
  if (cluster === undefined || !clusterName.test(cluster)) return undefined;
  const regions = (tags[regionsTag]?.split(' ') ?? []).filter((each) => regionName.test(each));
  return { region, cluster, fleetId: tags[fleetTag], role: tags[roleTag], regions, vpc };
}

/**
 * What the members were called is not known any more: each gets the name of its cluster, or one made of it where a member
 * cannot have that.
 */
function requestFromTraces(wanted: FleetWanted, found: readonly Trace[]): FleetRequest {
  const taken = new Set([...reservedNames, parentNameOf(wanted.name)]);
  const members = found.flatMap(({ role, region, cluster }) => {
    if (role !== 'member') return [];
    const name = memberNamePattern.test(cluster) && !taken.has(cluster) ? cluster : aliasOf(`${region}/${cluster}`);
    taken.add(name);
    return [{ name, cluster, region }];
  });
  return {
    fleet: wanted.name,
    region: wanted.region,
    vpc: found.find(({ vpc }) => vpc !== undefined)?.vpc ?? '*',
    members,
  };
}
