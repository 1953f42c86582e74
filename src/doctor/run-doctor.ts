/** Runs all checks of doctor in parallel: those of `up`, and additional ones. */

import type { Caller } from '../aws/sts.js';
import type { Clients } from '../clients/clients.js';
import { unchecked } from '../errors/diagnostic.js';
import { type Diagnostic, Problem } from '../errors/problem.js';
import { clustersOf, type Fleet, type FleetCluster } from '../fleet/fleet.js';
import { clusterKey } from '../model/facts.js';
import { missingClusters } from '../ownership/name-ownership.js';
import { type PreflightChecks, readTools, startChecks } from '../preflight/checks.js';
import { type FoundNetwork, nodeSubnets } from '../preflight/network/network.js';
import type { QuotaCheck } from '../preflight/quotas.js';
import type { Call } from '../tools/run.js';
import { type AwsPlace, differentPlaces, isSamePlace, placeName } from '../world/place.js';
import { about, type Finding, inGroups, needed, optional, refusalsOnce } from './diagnosis.js';
import { checkCrds, checkRegistry } from './downloads.js';
import { checkAddresses } from './elastic-ips.js';
import { checkFailover } from './failover.js';
import {
  checkAccount,
  checkApiName,
  checkCertificates,
  checkClusterVersions,
  checkEtcd,
  checkOpenings,
  checkRestore,
  checkRuleRoom,
  checkSourceRanges,
  type DoctorSubject,
} from './fleet-checks.js';
import { checkVersions } from './karmada-versions.js';
import { checkController } from './load-balancer-controller.js';
import { checkNodeSettings } from './node-settings.js';
import { checkBackups } from './scheduled-backups.js';
import { checkStacks } from './stacks.js';
import { surveyVpcs } from './survey-vpcs.js';
import { questionVpc } from './vpc-checks.js';

/** The VPC of a fleet without a specified one: all VPCs of the region are checked. */
export const anyVpc = '*';

export interface DoctorReport {
  readonly findings: readonly Finding[];
  /** Whether any of the fleet's clusters exists: its steps then have something to check too. */
  readonly clustersExist: boolean;
}

/** All findings about creating this fleet, in the order of the groups. Changes nothing in AWS. */
export async function runDoctor(clients: Clients, subject: DoctorSubject, call: Call): Promise<DoctorReport> {
  const { fleet } = subject;
  const caller = await clients.whoCalls(fleet.parent.region).catch(asRefusal);
  if (caller instanceof Problem) {
    const findings = [...(await withoutCaller(clients, fleet, call)), ...about(credentials, caller), ...unasked];
    return { findings: inGroups(findings), clustersExist: false };
  }
  const checks = startChecks(clients, subject, call);
  const answers = await Promise.all([
    ...toolChecks(clients, fleet, checks),
    ...checksOfUp(clients, subject, checks, { caller, call }),
    ...placesOf(fleet).flatMap((place) => regionalChecks(clients, fleet, checks, place)),
    ...checksBeyond(clients, subject, checks, call),
    optional({ group: 'quotas', id: 'quotas' }, async () => quotaFindings(await checks.quotas)),
  ]);
  const clusters = await checks.clusters.catch(() => undefined);
  const clustersExist = [...(clusters?.values() ?? [])].some((cluster) => cluster !== undefined);
  return { findings: refusalsOnce(inGroups(answers.flat())), clustersExist };
}

function asRefusal(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  throw thrown;
}

const credentials = { group: 'credentials', id: 'credentials' } as const;

/** Without credentials every other answer of AWS is the same error. */
const unasked: readonly Finding[] = about(
  { group: 'network', id: 'vpc' },
  unchecked({
    what: 'network, Kubernetes versions, clusters and quotas; AWS was not asked without credentials',
    next: ['run doctor again with credentials'],
  }),
);

async function withoutCaller(clients: Clients, fleet: Fleet, call: Call): Promise<readonly Finding[]> {
  return (await Promise.all(toolChecks(clients, fleet, readTools(clients, fleet, call)))).flat();
}

type Answers = readonly Promise<readonly Finding[]>[];

/** What needs no credentials: programs, and what is downloaded in the version of one of them. */
function toolChecks(
  { world }: Clients,
  fleet: Fleet,
  { tools, karmadaVersion }: Pick<PreflightChecks, 'tools' | 'karmadaVersion'>,
): Answers {
  return [
    needed({ group: 'tools', id: 'tools' }, async () => (await tools).diagnostics),
    needed({ group: 'tools', id: 'karmada-version' }, () => karmadaVersion),
    needed({ group: 'downloads', id: 'registry' }, async () => [await checkRegistry(world, fleet)]),
    needed({ group: 'downloads', id: 'crds' }, async () => {
      const { found } = await tools;
      return [await checkCrds(world, fleet, found?.['kubectl-karmada'])];
    }),
  ];
}

function checksOfUp(
  clients: Clients,
  subject: DoctorSubject,
  checks: PreflightChecks,
  { caller, call }: { readonly caller: Caller; readonly call: Call },
): Answers {
  const { fleet } = subject;
  return [
    needed({ group: 'credentials', id: 'account' }, () => checkAccount(clients, subject, caller)),
    needed(credentials, () => checks.credentials),
    needed({ group: 'credentials', id: 'regions' }, () => checks.regions),
    needed({ group: 'credentials', id: 'later-reads' }, () => checks.laterReads),
    needed({ group: 'credentials', id: 'accounts' }, () => checks.accounts),
    ...[...checks.vpcs.values()].map((check) =>
      needed({ group: 'network', id: 'vpc' }, async () => networkFindings(clients, fleet, await check)),
    ),
    needed({ group: 'network', id: 'free-addresses' }, () => checks.addresses),
    needed({ group: 'kubernetes', id: 'kubernetes-version' }, async () => (await checks.kubernetesVersion).diagnostics),
    needed({ group: 'clusters', id: 'cluster-names' }, async () => (await checks.ownership).diagnostics),
    needed({ group: 'access', id: 'source-ranges' }, async () =>
      checkSourceRanges(clients, subject, (await checks.sourceRanges).diagnostics, call),
    ),
    needed({ group: 'access', id: 'public-access' }, () => checks.publicAccess),
    needed({ group: 'access', id: 'private-endpoints' }, () => checks.privateEndpoints),
    needed({ group: 'downloads', id: 'images' }, () => checks.images),
    needed({ group: 'access', id: 'organisation' }, () => checks.organisation),
    needed({ group: 'access', id: 'node-keys' }, () => checks.nodeKeys),
    needed({ group: 'access', id: 'volume-key' }, async () => (await checks.volumeKey).diagnostics),
  ];
}

/** One VPC of the fleet; without one named, all of the region. */
async function networkFindings(clients: Clients, fleet: Fleet, check: FoundNetwork): Promise<readonly Diagnostic[]> {
  const { spec, reading, diagnostics } = check;
  if (spec.vpc === anyVpc) return await surveyVpcs(clients, spec);
  if (reading === undefined || reading instanceof Problem || !spec.holdsNew) return diagnostics;
  const inside = clustersOf(fleet).filter(({ region, vpc }) => region === spec.region && vpc === spec.vpc);
  return questionVpc(
    reading,
    spec,
    inside.map(({ cluster }) => cluster),
  );
}

function checksBeyond(clients: Clients, subject: DoctorSubject, checks: PreflightChecks, call: Call): Answers {
  const { fleet, paths } = subject;
  return [
    optional({ group: 'kubernetes', id: 'cluster-versions' }, async () => {
      const [clusters, versions] = await Promise.all([checks.clusters, checks.versions]);
      return checkClusterVersions(fleet, clusters, versions, clients.world.clock.now());
    }),
    optional({ group: 'clusters', id: 'load-balancer-controller' }, async () => {
      const parent = (await checks.clusters).get(clusterKey(fleet.parent));
      return await checkController(clients, fleet, paths, parent, call);
    }),
    optional({ group: 'clusters', id: 'etcd' }, () => checkEtcd(clients, subject, call)),
    optional({ group: 'clusters', id: 'backups' }, () => checkBackups(clients, subject, call)),
    optional({ group: 'clusters', id: 'restore' }, () => checkRestore(clients, subject, call)),
    optional({ group: 'clusters', id: 'certificates' }, () => checkCertificates(clients, subject, call)),
    optional({ group: 'clusters', id: 'node-settings' }, async () =>
      checkNodeSettings(clients, fleet, await checks.clusters, (await checks.ownership).found),
    ),
    optional({ group: 'clusters', id: 'karmada-installed' }, async () => {
      const tool = (await checks.tools).found?.['kubectl-karmada'];
      return await checkVersions(clients, subject, tool, call);
    }),
    needed({ group: 'access', id: 'rule-room' }, async () => {
      const [{ found: access }, networks] = await Promise.all([checks.sourceRanges, checks.networks]);
      return await checkRuleRoom(clients, subject, { access, network: networks.get(clusterKey(fleet.parent)) }, call);
    }),
    optional({ group: 'clusters', id: 'failover' }, () => checkFailover(clients, subject, call)),
    optional({ group: 'access', id: 'api-name' }, () => checkApiName(clients, subject, call)),
    optional({ group: 'access', id: 'opened-by-hand' }, () => checkOpenings(clients, subject, call)),
  ];
}

function regionalChecks(clients: Clients, fleet: Fleet, checks: PreflightChecks, place: AwsPlace): Answers {
  const about = placeName(place);
  const missing = async (): Promise<readonly FleetCluster[]> =>
    missingClusters(fleet, await checks.clusters).filter((each) => isSamePlace(each, place));
  return [
    optional({ group: 'clusters', id: 'stacks', about }, async () =>
      checkStacks(clients, fleet, place, await missing()),
    ),
    optional({ group: 'quotas', id: 'quota-eip', about }, async () =>
      (await missing()).length === 0 || fleet.ownVpc !== undefined
        ? []
        : checkAddresses(clients, place, await lacksNat(checks, place)),
    ),
  ];
}

function quotaFindings(checks: readonly QuotaCheck[]): readonly Finding[] {
  return checks.flatMap(({ id, about: place, diagnostics }) =>
    diagnostics.flatMap((each) => about({ group: 'quotas', id, about: place }, each)),
  );
}

/** Whether nodes of the region would lie in public subnets, or nowhere. */
async function lacksNat({ vpcs }: PreflightChecks, place: AwsPlace): Promise<boolean> {
  const found = await Promise.allSettled(vpcs.values());
  return found.some((check) => {
    if (check.status === 'rejected' || !isSamePlace(check.value.spec, place)) return false;
    const network = check.value.found;
    return network === undefined || nodeSubnets(network) === network.public;
  });
}

/** In other accounts only where a cluster is made: of one that exists the role may read no more than that. */
function placesOf(fleet: Fleet): readonly AwsPlace[] {
  const standing = new Set(fleet.members.flatMap((each) => (each.kind === 'eks' && each.existing ? [each.name] : [])));
  return differentPlaces(
    clustersOf(fleet).filter(({ scope, account }) => account === undefined || !standing.has(scope)),
  );
}
