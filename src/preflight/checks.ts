/**
 * The looks at the world that `up` takes before the first change. They run side by side, each with an answer of its own:
 * `discover` waits for all and refuses with what they found, `doctor` tells them one by one.
 */
import type { ClusterVersionInformation } from '../aws/eks.js';
import type { Clients } from '../clients/clients.js';
import { Problem } from '../errors/problem.js';
import { clustersOf, type Fleet, type FleetMemberCluster } from '../fleet/fleet.js';
import type { FleetPaths } from '../fleet/paths.js';
import type { ApiAccess } from '../model/api-access.js';
import { clusterKey, type Finding, type Judgement, type Network, type Ownership, type Remark } from '../model/facts.js';
import { readRememberedClusters } from '../ownership/fleet-record.js';
import { type FoundClusters, findClusters, judgeOwnership } from '../ownership/name-ownership.js';
import type { Call } from '../tools/run.js';
import { chooseKubernetesVersion } from './kubernetes-version.js';
import { judgeReading, type NetworkSpec, networkAsRead } from './network/network.js';
import { readVpc, type VpcReading } from './network/read-vpc.js';
import { judgePublicAccess } from './public-access.js';
import { findSourceRanges, memberRanges } from './source-ranges.js';
import { findTools, type ToolVersions } from './tool-versions.js';

const minute = 60_000;

/** A whole `up` takes about half an hour; with less time left than this the credentials may end before it does. */
const wantedCredentialLifeMs = 60 * minute;

/** A VPC that clusters of the fleet lie in: what was asked for, what was read, and what that came to. */
export interface VpcCheck {
  readonly spec: NetworkSpec;
  readonly reading: VpcReading | Problem;
  readonly finding: Finding<Network>;
  /** Whether a cluster is to be made in it; where all are there already, it need not be good for anything. */
  readonly holdsNew: boolean;
}

/** Each rejects with the Problem of a call that failed; nobody has to wait for one. */
export interface PreflightChecks {
  readonly tools: Promise<Finding<ToolVersions>>;
  /** Whether kubectl-karmada is of the version that is wanted. */
  readonly karmadaVersion: Promise<Judgement>;
  readonly versions: Promise<readonly ClusterVersionInformation[]>;
  readonly kubernetesVersion: Promise<Finding<string>>;
  /** By `<region>/<vpc as asked for>`: each VPC is read once, however many clusters lie in it. */
  readonly vpcs: ReadonlyMap<string, Promise<VpcCheck>>;
  readonly clusters: Promise<FoundClusters>;
  readonly ownership: Promise<Finding<ReadonlyMap<string, Ownership>>>;
  readonly sourceRanges: Promise<Finding<ApiAccess>>;
  /** Whether the endpoints of new clusters can be limited as is wanted. */
  readonly publicAccess: Promise<Judgement>;
  /** When the credentials end, in ms since the epoch; nothing found: they do not, or do not say. */
  readonly credentials: Promise<Finding<number>>;
}

/** The looks that need no credentials. */
export function readTools(
  clients: Clients,
  fleet: Fleet,
  call: Call,
): Pick<PreflightChecks, 'tools' | 'karmadaVersion'> {
  const tools = watched(findTools(clients, call));
  return {
    tools,
    karmadaVersion: watched(tools.then(({ found }) => judgeKarmada(fleet, found?.['kubectl-karmada']))),
  };
}

/** Starts all looks. `parentStands`: only members are to be made or joined, to a control plane that is there. */
export function startChecks(
  clients: Clients,
  { fleet, paths }: { readonly fleet: Fleet; readonly paths: FleetPaths },
  call: Call,
  parentStands = false,
): PreflightChecks {
  const { clock, files } = clients.world;
  const isMade = madeBy(fleet, parentStands);
  const versions = watched(clients.eks(fleet.parent.region).versions());
  const clusters = watched(findClusters(clients, fleet));
  const specs = specsOf(fleet, isMade);
  const vpcs = new Map([...specs].map(([key, spec]) => [key, watched(checkVpc(clients, spec))]));
  const networks = networksIn(fleet, vpcs);
  const sourceRanges = watched(
    networks.then((found) =>
      parentStands ? memberRanges(fleet, found) : findSourceRanges(clients.world, fleet, found),
    ),
  );
  const made = clustersOf(fleet).filter(isMade);
  return {
    ...readTools(clients, fleet, call),
    versions,
    kubernetesVersion: watched(
      versions.then((offered) =>
        clustersOf(fleet).some(isMade)
          ? chooseKubernetesVersion(offered, fleet.kubernetesVersion, clock.now())
          : { found: fleet.kubernetesVersion, problems: [], warnings: [] },
      ),
    ),
    vpcs,
    clusters,
    ownership: watched(
      Promise.all([clusters, readRememberedClusters(files, paths, fleet)]).then(([found, memory]) =>
        judgeOwnership(clients, { fleet, memory }, found),
      ),
    ),
    sourceRanges,
    publicAccess: watched(
      Promise.all([networks, sourceRanges]).then(([found, { found: access }]) =>
        judgePublicAccess(fleet, made, found, access),
      ),
    ),
    credentials: watched(checkCredentials(clients)),
  };
}

/** A look may fail before anybody waits for it; without a listener that would end the process. */
function watched<T>(look: Promise<T>): Promise<T> {
  look.catch(() => undefined);
  return look;
}

/** Which clusters are to be made; the others are there and stay as they are. */
function madeBy(fleet: Fleet, parentStands: boolean): (cluster: FleetMemberCluster) => boolean {
  const standing = new Set(fleet.members.flatMap((each) => (each.kind === 'eks' && each.existing ? [each.name] : [])));
  return ({ scope, role }) => (role === 'parent' ? !parentStands : !standing.has(scope));
}

type VpcSpec = NetworkSpec & Pick<VpcCheck, 'holdsNew'>;

function specsOf(fleet: Fleet, isMade: (cluster: FleetMemberCluster) => boolean): ReadonlyMap<string, VpcSpec> {
  const specs = new Map<string, VpcSpec>();
  const { instanceType } = fleet;
  for (const cluster of clustersOf(fleet)) {
    const { region, vpc } = cluster;
    const key = `${region}/${vpc}`;
    const before = specs.get(key);
    const isParents = cluster.role === 'parent' && isMade(cluster);
    const needsPublicSubnet = before?.needsPublicSubnet === true || (isParents && !fleet.internal);
    const holdsNew = before?.holdsNew === true || isMade(cluster);
    specs.set(key, { region, vpc, instanceType, needsPublicSubnet, holdsNew });
  }
  return specs;
}

async function checkVpc(clients: Clients, { holdsNew, ...spec }: VpcSpec): Promise<VpcCheck> {
  const reading = await readVpc(clients, spec);
  const finding = holdsNew ? judgeReading(reading, spec) : networkAsRead(reading, spec);
  return { spec, reading, finding, holdsNew };
}

/** By cluster key; a VPC that could not be read, or will not do, is a problem of its own. */
async function networksIn(fleet: Fleet, vpcs: PreflightChecks['vpcs']): Promise<ReadonlyMap<string, Network>> {
  const networks = new Map<string, Network>();
  await Promise.allSettled(vpcs.values());
  for (const cluster of clustersOf(fleet)) {
    const look = await vpcs.get(`${cluster.region}/${cluster.vpc}`)?.catch(() => undefined);
    if (look?.finding.found !== undefined) networks.set(clusterKey(cluster), look.finding.found);
  }
  return networks;
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

async function checkCredentials({ world }: Clients): Promise<Finding<number>> {
  const found = await world.aws.credentialsExpireAt();
  return { found, problems: [], warnings: credentialWarnings(found, world.clock.now()) };
}

function credentialWarnings(expireAt: number | undefined, now: number): readonly Remark[] {
  if (expireAt === undefined || expireAt - now >= wantedCredentialLifeMs) return [];
  const left = Math.max(0, Math.round((expireAt - now) / minute));
  const what = `the AWS credentials end in ${left} minutes, perhaps before the fleet is up: renew them first`;
  return [{ what, next: ['renew them: aws sso login, or new session keys'] }];
}
