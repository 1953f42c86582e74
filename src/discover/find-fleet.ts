/** Finds a fleet that is there: by this machine's record, else by the tags in AWS and the description in the parent. */
import type { Cluster } from '../aws/eks.js';
import { Problem } from '../errors/problem.js';
import { type Fleet, withFormer } from '../fleet/fleet.js';
import { fleetIdOf, fleetTag, parentNameOf, roleTag } from '../fleet/names.js';
import type { FleetPaths } from '../fleet/paths.js';
import { resolveFleet } from '../fleet/resolve.js';
import { type FleetRequest, requestSchema } from '../fleet/schema.js';
import type { Call } from '../tools/run.js';
import type { Clients } from './clients.js';
import { eksKubeconfig } from './cluster-access.js';
import { readMark } from './fleet-mark.js';
import { readRecord, refuseOtherAccount } from './fleet-record.js';

/** Tag of the fleet's clusters that lists its regions. */
export const regionsTag = 'karmada-eks/regions';

/** Which fleet is meant. */
export interface FleetWanted {
  readonly name: string;
  readonly region: string;
  /** Of the credentials in use. */
  readonly account: string;
}

/** @throws Problem `fleet-not-found`, `wrong-account`, `record-malformed` */
export async function findFleet(clients: Clients, wanted: FleetWanted, paths: FleetPaths, call: Call): Promise<Fleet> {
  const record = await readRecord(clients.world.files, paths);
  refuseOtherAccount(record, wanted.account, wanted.name);
  if (record !== undefined) return withFormer(resolveFleet(record.request));
  const parent = await clients.eks(wanted.region).cluster(parentNameOf(wanted.name));
  const request = parent === undefined ? undefined : await description(clients, wanted, paths, parent, call);
  if (request !== undefined) return withFormer(resolveFleet(request));
  const tagged = await taggedClusters(clients, wanted, parent);
  if (tagged.length > 0) return resolveFleet(requestFromTags(wanted, tagged));
  throw new Problem('fleet-not-found', {
    what: `no fleet ${wanted.name} in ${wanted.region}`,
    why: `this machine has no record of it, and no EKS cluster carries its tag ${fleetTag}`,
    next: ['name another fleet or region: --fleet, --region', 'or make it: karmada-eks up'],
  });
}

async function description(
  clients: Clients,
  wanted: FleetWanted,
  paths: FleetPaths,
  parent: Cluster,
  call: Call,
): Promise<FleetRequest | undefined> {
  const context = parentNameOf(wanted.name);
  const text = eksKubeconfig(clients.world, context, wanted.region, parent);
  if (text === undefined || parent.status !== 'ACTIVE') return undefined;
  const access = { kubeconfig: paths.kubeconfig(context), context };
  await clients.world.files.write(access.kubeconfig, text);
  const found = (await readMark(clients, access, call))?.description;
  if (found === undefined) return undefined;
  return described(found, wanted.name);
}

/** A description that cannot be read counts for nothing: the tags tell the rest. */
function described(text: string, name: string): FleetRequest | undefined {
  try {
    const request = requestSchema.safeParse(JSON.parse(text));
    return request.success && request.data.fleet === name ? request.data : undefined;
  } catch {
    return undefined;
  }
}

interface TaggedCluster {
  readonly region: string;
  readonly cluster: Cluster;
}

/** The fleet's clusters in its regions; without a parent to name these, in the wanted region. */
async function taggedClusters(
  clients: Clients,
  wanted: FleetWanted,
  parent: Cluster | undefined,
): Promise<readonly TaggedCluster[]> {
  const regions = new Set([wanted.region, ...(parent?.tags?.[regionsTag]?.split(' ') ?? [])]);
  const perRegion = await Promise.all(
    [...regions].map(async (region) => {
      const eks = clients.eks(region);
      const clusters = await Promise.all((await eks.clusters()).map((name) => eks.cluster(name)));
      return clusters.flatMap((cluster) => (cluster === undefined ? [] : [{ region, cluster }]));
    }),
  );
  return perRegion.flat().filter(({ cluster }) => cluster.tags?.[fleetTag] === fleetIdOf(wanted.name, wanted.region));
}

function requestFromTags(wanted: FleetWanted, tagged: readonly TaggedCluster[]): FleetRequest {
  const members = tagged.filter(({ cluster }) => cluster.tags?.[roleTag] === 'member');
  const vpc = tagged.map(({ cluster }) => cluster.resourcesVpcConfig?.vpcId).find((id) => id !== undefined);
  return {
    fleet: wanted.name,
    region: wanted.region,
    vpc: vpc ?? '*',
    members: members.map(({ region, cluster }) => ({ name: cluster.name ?? '', cluster: cluster.name, region })),
  };
}
