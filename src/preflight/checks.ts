/**
 * The checks that `up` runs before the first change, in parallel, each with its own result: `runPreflight` waits for all
 * and refuses with what they found, `runDoctor` reports them one by one.
 */

import type { ClusterVersionInformation } from '../aws/eks.js';
import type { Caller } from '../aws/sts.js';
import type { Clients } from '../clients/clients.js';
import { okUnless, problemsIn, warningsIn } from '../errors/diagnostic.js';
import { type Diagnostic, Problem } from '../errors/problem.js';
import { refuse } from '../errors/refuse.js';
import { clustersOf, type Fleet, type FleetMemberCluster } from '../fleet/fleet.js';
import type { FleetPaths } from '../fleet/paths.js';
import { ownVpcPlace } from '../fleet/settings/own-vpc.js';
import { type ApiAccess, mergedAccess, nobody } from '../model/api-access.js';
import { type Checked, clusterKey, type Facts, type Network, type Ownership } from '../model/facts.js';
import { readRememberedClusters } from '../ownership/fleet-record.js';
import { type FoundClusters, findClusters, judgeOwnership, missingClusters } from '../ownership/name-ownership.js';
import type { Call } from '../tools/run.js';

import { placeKey } from '../world/place.js';
import { checkCredentialLife, wantedLifeMs } from './credential-life.js';
import { checkEndpoints, type EndpointChecks } from './endpoints/check-endpoints.js';
import { closedAmong } from './endpoints/existing-endpoints.js';
import { judgeImages } from './images.js';

import { chooseKubernetesVersion, supportOf } from './kubernetes-version.js';
import { checkLaterReads } from './later-reads.js';
import { type FoundNetwork, findNetwork } from './network/network.js';
import type { NetworkSpec, VpcOwner } from './network/subnets.js';
import { judgeOrganisation } from './organisation.js';
import { checkAccounts } from './other-accounts.js';
import type { QuotaCheck } from './quotas.js';
import { checkRoom } from './room.js';
import { findSourceRanges, memberRanges } from './source-ranges.js';
import { findTools, judgeKarmada, type ToolVersions } from './tool-versions.js';
import { findVolumeKey, judgeNodeKeys } from './volume-key.js';

const wholeUp = { takesMs: wantedLifeMs, until: 'the fleet is up' } as const;

/** Each rejects with the Problem of a call that failed; nobody has to wait for one. */
export interface PreflightChecks extends EndpointChecks {
  readonly tools: Promise<Checked<ToolVersions>>;
  /** Whether kubectl-karmada has the required version. */
  readonly karmadaVersion: Promise<readonly Diagnostic[]>;
  /** Whether the account has enabled the regions of members. */
  readonly regions: Promise<readonly Diagnostic[]>;
  /** Whether the roles of other accounts can be assumed. */
  readonly accounts: Promise<readonly Diagnostic[]>;
  readonly versions: Promise<readonly ClusterVersionInformation[]>;
  readonly kubernetesVersion: Promise<Checked<string>>;
  /** By region, VPC as asked for, and limits: each VPC is read once, however many clusters are in it. */
  readonly vpcs: ReadonlyMap<string, Promise<FoundNetwork>>;
  /** By cluster key; a VPC that could not be read, or will not do, is a problem of its own. */
  readonly networks: Promise<ReadonlyMap<string, Network>>;
  readonly clusters: Promise<FoundClusters>;
  readonly ownership: Promise<Checked<ReadonlyMap<string, Ownership>>>;
  readonly sourceRanges: Promise<Checked<ApiAccess>>;
  /** ARN of the customer's key that encrypts etcd's volumes. */
  readonly volumeKey: Promise<Checked<string>>;
  /** Whether a customer's key encrypts the volumes of new nodes. */
  readonly nodeKeys: Promise<readonly Diagnostic[]>;
  /** Whether what the organisation asks for can be had. */
  readonly organisation: Promise<readonly Diagnostic[]>;
  /** Whether each subnet has addresses for what is to be created in it. */
  readonly addresses: Promise<readonly Diagnostic[]>;
  /** Whether what is read only later may be read. */
  readonly laterReads: Promise<readonly Diagnostic[]>;
  /** Whether the account may have so many clusters more, with all that belongs to them. */
  readonly quotas: Promise<readonly QuotaCheck[]>;
  /** Whether the nodes can get Karmada's images. */
  readonly images: Promise<readonly Diagnostic[]>;
  /** Whether the credentials last long enough. */
  readonly credentials: Promise<readonly Diagnostic[]>;
}

/** The checks that need no credentials. */
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

export interface PreflightOptions {
  /** Only members are to be created or joined, so the parent's requirements are not checked. */
  readonly parentStands?: boolean;
  /** Nothing is to be changed from this machine, so what it does not reach is no reason to stop. */
  readonly anywhere?: boolean;
  /** Members are called existing because they stand, whoever made them. */
  readonly membersStand?: boolean;
}

/** Whether it is a matter of where this machine stands, and would not be one elsewhere. */
export function isOfPlace({ code }: Problem): boolean {
  return code === 'outside-network' || code === 'address-shut-out' || code === 'cluster-unreachable';
}

/**
 * Runs all checks for a fleet. The caller is identified first: without credentials every other call fails with the same
 * error.
 * @throws Problem: the only one in the way, or `plan-refused` with all of them.
 */
export async function runPreflight(
  clients: Clients,
  { fleet, paths }: { readonly fleet: Fleet; readonly paths: FleetPaths },
  caller: Caller,
  call: Call,
  { parentStands = false, anywhere = false, membersStand = false }: PreflightOptions = {},
): Promise<Facts> {
  const checks = startChecks(clients, { fleet, paths }, call, parentStands, membersStand);
  // In a region that is not enabled every other call fails with words about wrong credentials.
  refuse(problemsIn([...(await checks.regions), ...(await checks.accounts)]));
  const vpcs = await Promise.all(checks.vpcs.values());
  const [[tools, version, ownership, ranges, volumeKey, quotas], others] = await Promise.all([
    Promise.all([
      checks.tools,
      checks.kubernetesVersion,
      checks.ownership,
      checks.sourceRanges,
      checks.volumeKey,
      checks.quotas,
    ]),
    Promise.all([
      checks.nodeKeys,
      checks.addresses,
      checks.laterReads,
      checks.publicAccess,
      checks.privateEndpoints,
      checks.organisation,
      checks.karmadaVersion,
      checks.images,
      checks.credentials,
    ]),
  ]);
  const checked = [tools, version, ...vpcs, ownership, ranges, volumeKey, ...quotas];
  const diagnostics = [...checked.map((each) => each.diagnostics), ...others].flat();
  refuse(problemsIn(diagnostics).filter((each) => !(anywhere && isOfPlace(each))));
  return {
    caller,
    kubernetesVersion: version.found ?? '',
    kubernetesSupport: supportOf(await checks.versions, version.found, clients.world.clock.now()),
    karmadaVersion: tools.found?.['kubectl-karmada'] ?? '',
    access: ranges.found ?? nobody,
    networks: await checks.networks,
    ownership: ownership.found ?? new Map(),
    volumeKey: volumeKey.found,
    closedEndpoints: closedAmong(await checks.clusters),
    warnings: warningsIn(diagnostics),
  };
}

/** Starts all checks. `parentStands`: only members are to be created or joined, to an existing control plane. */
export function startChecks(
  clients: Clients,
  { fleet, paths }: { readonly fleet: Fleet; readonly paths: FleetPaths },
  call: Call,
  parentStands = false,
  membersStand = false,
): PreflightChecks {
  const { clock, files } = clients.world;
  const isMade = madeBy(fleet, parentStands);
  const versions = watched(clients.eks(fleet.parent).versions());
  const clusters = watched(findClusters(clients, fleet));
  const specs = specsOf(fleet, isMade, !parentStands);
  const vpcs = new Map(
    [...specs].map(([key, spec]) => [
      key,
      watched(filled(fleet, key, clusters).then((isFilled) => findNetwork(clients, { ...spec, isFilled }))),
    ]),
  );
  const networks = networksIn(fleet, vpcs);
  const sourceRanges = watched(
    networks.then((found) =>
      parentStands ? memberRanges(fleet, found) : findSourceRanges(clients.world, fleet, found),
    ),
  );
  const ownership = watched(
    Promise.all([clusters, readRememberedClusters(files, paths, fleet)]).then(([found, memory]) =>
      judgeOwnership(clients, { fleet, memory }, found, membersStand),
    ),
  );
  const made = clustersOf(fleet).filter(isMade);
  const programs = readTools(clients, fleet, call);
  const room = checkRoom(clients, fleet, { made, networks, clusters });
  const endpoints = checkEndpoints(clients, fleet, { made, networks, clusters }, parentStands);
  return {
    ...programs,
    addresses: watched(room.addresses),
    laterReads: watched(clusters.then((found) => checkLaterReads(clients, fleet, missingClusters(fleet, found)))),
    quotas: watched(room.quotas),
    regions: watched(checkRegions(clients, fleet)),
    accounts: watched(checkAccounts(clients, { fleet, paths })),
    versions,
    kubernetesVersion: watched(
      Promise.all([versions, programs.tools]).then(([offered, { found: tools }]) =>
        clustersOf(fleet).some(isMade)
          ? chooseKubernetesVersion(offered, {
              wanted: fleet.kubernetesVersion,
              karmada: tools?.['kubectl-karmada'],
              now: clock.now(),
            })
          : { found: fleet.kubernetesVersion, diagnostics: [] },
      ),
    ),
    vpcs,
    networks,
    clusters,
    ownership,
    sourceRanges,
    publicAccess: watched(endpoints.publicAccess),
    privateEndpoints: watched(endpoints.privateEndpoints),
    nodeKeys: watched(ownership.then(({ found }) => judgeNodeKeys(clients, fleet, found ?? new Map()))),
    organisation: watched(judgeOrganisation(clients, fleet, made)),
    volumeKey: watched(
      parentStands ? Promise.resolve({ found: undefined, diagnostics: [] }) : findVolumeKey(clients, fleet),
    ),
    images: watched(judgeImages(files, fleet)),
    credentials: watched(checkCredentialLife(clients.world, wholeUp).then((found) => [found])),
  };
}

/** A check may fail before it is awaited; without a listener that would end the process. */
function watched<T>(check: Promise<T>): Promise<T> {
  check.catch(() => undefined);
  return check;
}

/** Which clusters are to be made; the others are there and stay as they are. */
function madeBy(fleet: Fleet, parentStands: boolean): (cluster: FleetMemberCluster) => boolean {
  const standing = new Set(fleet.members.flatMap((each) => (each.kind === 'eks' && each.existing ? [each.name] : [])));
  return ({ scope, role }) => (role === 'parent' ? !parentStands : !standing.has(scope));
}

/** `mayMake`: whether the run makes the fleet's own VPC where it is not there. */
function specsOf(
  fleet: Fleet,
  isMade: (cluster: FleetMemberCluster) => boolean,
  mayMake: boolean,
): ReadonlyMap<string, NetworkSpec> {
  const specs = new Map<string, NetworkSpec>();
  const { instanceTypes } = fleet;
  for (const cluster of clustersOf(fleet)) {
    const { region, account, vpc, zones, subnets } = cluster;
    const key = networkKey(cluster);
    const before = specs.get(key);
    const isParents = cluster.role === 'parent' && isMade(cluster);
    const needsPublicSubnet = before?.needsPublicSubnet === true || (isParents && !fleet.internal);
    const holdsNew = before?.holdsNew === true || isMade(cluster);
    const limits = { ...(zones && { zones }), ...(subnets && { subnets }) };
    const own = vpc === ownVpcPlace && ownerOf(fleet, mayMake);
    specs.set(key, {
      region,
      account,
      vpc,
      ...limits,
      ...(own && { own }),
      instanceTypes,
      needsPublicSubnet,
      holdsNew,
    });
  }
  return specs;
}

function ownerOf({ ownVpc, name, id, parent }: Fleet, mayBeMade: boolean): VpcOwner | undefined {
  return ownVpc && { ...ownVpc, name, id, wantedZones: parent.zones, mayBeMade };
}

/** The facts of a fleet once the VPC that was only planned is there. @throws Problem where it will not do */
export async function settledFacts(clients: Clients, fleet: Fleet, facts: Facts): Promise<Facts> {
  const specs = [...specsOf(fleet, () => true, false)].filter(([, { own }]) => own !== undefined);
  const vpcs = new Map(specs.map(([key, spec]) => [key, findNetwork(clients, spec)]));
  const found = await Promise.all(vpcs.values());
  refuse(found.flatMap(({ diagnostics }) => problemsIn(diagnostics)));
  const networks = new Map([...facts.networks, ...(await networksIn(fleet, vpcs))]);
  const { found: access = nobody } = memberRanges(fleet, networks);
  return { ...facts, networks, access: mergedAccess({ ...access, base: [] }, facts.access) };
}

/** Clusters with other limits in the same VPC have another network. */
function networkKey({ vpc, zones = [], subnets = [], ...place }: FleetMemberCluster): string {
  return [placeKey(place), vpc, ...zones, ...subnets].join('/');
}

/** Whether all clusters of a network are there; what cannot be read is reported by the check that reads it. */
async function filled(fleet: Fleet, network: string, clusters: Promise<FoundClusters>): Promise<boolean> {
  const there = await clusters.catch(() => undefined);
  if (there === undefined) return false;
  return clustersOf(fleet)
    .filter((each) => networkKey(each) === network)
    .every((each) => there.get(clusterKey(each)) !== undefined);
}

async function networksIn(fleet: Fleet, vpcs: PreflightChecks['vpcs']): Promise<ReadonlyMap<string, Network>> {
  const networks = new Map<string, Network>();
  await Promise.allSettled(vpcs.values());
  for (const cluster of clustersOf(fleet)) {
    const check = await vpcs.get(networkKey(cluster))?.catch(() => undefined);
    if (check?.found !== undefined) networks.set(clusterKey(cluster), check.found);
  }
  return networks;
}

/** The parent's is known already: the caller was identified there. */
async function checkRegions({ whoCalls }: Clients, fleet: Fleet): Promise<readonly Diagnostic[]> {
  const others = new Set(clustersOf(fleet).flatMap(({ region, account }) => (account === undefined ? region : [])));
  others.delete(fleet.parent.region);
  if (others.size === 0) return [];
  const asked = await Promise.all(
    [...others].map(async (region) => {
      const answer = await whoCalls(region).catch((thrown: unknown) => thrown);
      return answer instanceof Problem && answer.code === 'region-not-enabled' ? [answer] : [];
    }),
  );
  return okUnless(asked.flat(), 'the account has enabled all regions of the fleet');
}
