/**
 * The looks at the world that `up` takes before the first change. They run side by side, each with an answer of its own:
 * `discover` waits for all and refuses with what they found, `doctor` tells them one by one.
 */
import type { ClusterVersionInformation } from '../aws/eks.js';
import { Problem } from '../errors/problem.js';
import { clustersOf, type Fleet } from '../fleet/fleet.js';
import type { Call } from '../tools/run.js';
import type { Clients } from './clients.js';
import { clusterKey, type Finding, type Judgement, type Network, type Ownership, type Remark } from './facts.js';
import { chooseKubernetesVersion } from './kubernetes-version.js';
import { judgeReading, type NetworkWish } from './network.js';
import { type FoundClusters, findClusters, judgeOwnership } from './ownership.js';
import { findSourceRanges } from './source-ranges.js';
import { findTools, type ToolVersions } from './tool-versions.js';
import { readVpc, type VpcReading } from './vpc-reading.js';

const minute = 60_000;

/** A whole `up` takes about half an hour; with less time left than this the credentials may end before it does. */
const wantedCredentialLifeMs = 60 * minute;

/** A VPC that clusters of the fleet lie in: what was asked for, what was read, and what that came to. */
export interface VpcLook {
  readonly wish: NetworkWish;
  readonly reading: VpcReading | Problem;
  readonly finding: Finding<Network>;
}

/** Each rejects with the Problem of a call that failed; nobody has to wait for one. */
export interface Looks {
  readonly tools: Promise<Finding<ToolVersions>>;
  /** Whether kubectl-karmada is of the version that is wanted. */
  readonly karmadaVersion: Promise<Judgement>;
  readonly versions: Promise<readonly ClusterVersionInformation[]>;
  readonly kubernetesVersion: Promise<Finding<string>>;
  /** By `<region>/<vpc as asked for>`: each VPC is read once, however many clusters lie in it. */
  readonly vpcs: ReadonlyMap<string, Promise<VpcLook>>;
  readonly clusters: Promise<FoundClusters>;
  readonly ownership: Promise<Finding<ReadonlyMap<string, Ownership>>>;
  readonly sourceRanges: Promise<Finding<readonly string[]>>;
  /** When the credentials end, in ms since the epoch; nothing found: they do not, or do not say. */
  readonly credentials: Promise<Finding<number>>;
}

/** The looks that need no credentials. */
export function lookAtTools(clients: Clients, fleet: Fleet, call: Call): Pick<Looks, 'tools' | 'karmadaVersion'> {
  const tools = watched(findTools(clients, call));
  return {
    tools,
    karmadaVersion: watched(tools.then(({ found }) => judgeKarmada(fleet, found?.['kubectl-karmada']))),
  };
}

/** Starts all looks. */
export function startLooks(clients: Clients, fleet: Fleet, call: Call): Looks {
  const { clock } = clients.world;
  const versions = watched(clients.eks(fleet.parent.region).versions());
  const clusters = watched(findClusters(clients, fleet));
  const vpcs = new Map([...wishesOf(fleet)].map(([key, wish]) => [key, watched(lookAtVpc(clients, wish))]));
  return {
    ...lookAtTools(clients, fleet, call),
    versions,
    kubernetesVersion: watched(
      versions.then((offered) => chooseKubernetesVersion(offered, fleet.kubernetesVersion, clock.now())),
    ),
    vpcs,
    clusters,
    ownership: watched(clusters.then((found) => judgeOwnership(fleet, found))),
    sourceRanges: watched(rangesFor(clients, fleet, vpcs)),
    credentials: watched(lookAtCredentials(clients)),
  };
}

/** A look may fail before anybody waits for it; without a listener that would end the process. */
function watched<T>(look: Promise<T>): Promise<T> {
  look.catch(() => undefined);
  return look;
}

function wishesOf(fleet: Fleet): ReadonlyMap<string, NetworkWish> {
  const wishes = new Map<string, NetworkWish>();
  for (const { region, vpc } of clustersOf(fleet)) {
    const isParents = region === fleet.parent.region && vpc === fleet.parent.vpc;
    const needsPublicSubnet = isParents && !fleet.internal;
    wishes.set(`${region}/${vpc}`, { region, vpc, instanceType: fleet.instanceType, needsPublicSubnet });
  }
  return wishes;
}

async function lookAtVpc(clients: Clients, wish: NetworkWish): Promise<VpcLook> {
  const reading = await readVpc(clients, wish);
  return { wish, reading, finding: judgeReading(reading, wish) };
}

/** A VPC that could not be read only hides the addresses of its members. */
async function rangesFor(clients: Clients, fleet: Fleet, vpcs: Looks['vpcs']): Promise<Finding<readonly string[]>> {
  const networks = new Map<string, Network>();
  await Promise.allSettled(vpcs.values());
  for (const cluster of clustersOf(fleet)) {
    const look = await vpcs.get(`${cluster.region}/${cluster.vpc}`)?.catch(() => undefined);
    if (look?.finding.found !== undefined) networks.set(clusterKey(cluster), look.finding.found);
  }
  return await findSourceRanges(clients.world, fleet, networks);
}

function judgeKarmada(fleet: Fleet, installed: string | undefined): Judgement {
  const wanted = fleet.karmadaVersion;
  if (wanted === undefined || installed === undefined || installed === wanted) return { problems: [], warnings: [] };
  const problem = new Problem('tool-version', {
    what: `kubectl-karmada is ${installed}, but Karmada ${wanted} is wanted`,
    why: 'kubectl-karmada installs the Karmada of its own version',
    next: [`install kubectl-karmada ${wanted}`, `or say --karmada-version ${installed}`],
  });
  return { problems: [problem], warnings: [] };
}

async function lookAtCredentials({ world }: Clients): Promise<Finding<number>> {
  const found = await world.aws.credentialsExpireAt();
  return { found, problems: [], warnings: credentialWarnings(found, world.clock.now()) };
}

function credentialWarnings(expireAt: number | undefined, now: number): readonly Remark[] {
  if (expireAt === undefined || expireAt - now >= wantedCredentialLifeMs) return [];
  const left = Math.max(0, Math.round((expireAt - now) / minute));
  const what = `the AWS credentials end in ${left} minutes, perhaps before the fleet is up: renew them first`;
  return [{ what, next: ['renew them: aws sso login, or new session keys'] }];
}
