/** Tells what the looks of `up` found, look by look: tools, credentials, networks, versions, names, who may come in. */

import { findLoadBalancer } from '../access/load-balancer.js';
import { accessParent } from '../access/parent-access.js';
import type { Caller } from '../aws/sts.js';
import type { Clients } from '../clients/clients.js';
import { Problem } from '../errors/problem.js';
import { clustersOf, type Fleet } from '../fleet/fleet.js';
import type { FleetPaths } from '../fleet/paths.js';
import { nobody, rangesOf } from '../model/api-access.js';
import { clusterKey } from '../model/facts.js';
import { readRecord, refuseOtherAccount } from '../ownership/fleet-record.js';
import { type FoundClusters, missingClusters } from '../ownership/name-ownership.js';
import type { PreflightChecks, VpcCheck } from '../preflight/checks.js';
import { supportWarnings } from '../preflight/kubernetes-version.js';
import { accountsElsewhere } from '../state/known-fleets.js';
import { closing, openedByHand } from '../status/opened-by-hand.js';
import type { Call } from '../tools/run.js';
import { type Diagnosis, diagnosisOf, needed, optionalDiagnoses, problemDiagnosis, type Topic } from './diagnosis.js';
import { surveyDiagnoses } from './survey-vpcs.js';
import { vpcDiagnoses } from './vpc-checks.js';

const minute = 60_000;

/** The VPC of a fleet for which none was named: all VPCs of the region are looked at. */
export const anyVpc = '*';

/** What is examined. */
export interface DoctorSubject {
  readonly clients: Clients;
  readonly fleet: Fleet;
  readonly paths: FleetPaths;
  readonly looks: PreflightChecks;
  readonly call: Call;
}

/** What can be looked at without credentials. */
export type ToolChecks = Pick<PreflightChecks, 'tools' | 'karmadaVersion'>;

/** Programs with their versions, and whether Karmada will be of the version wanted. */
export async function toolDiagnoses(looks: ToolChecks): Promise<readonly Diagnosis[]> {
  const tools = await looks.tools;
  const versions = Object.entries(tools.found ?? {}).map(([tool, version]) => `${tool} ${version}`);
  const karmada = tools.found?.['kubectl-karmada'];
  return [
    ...diagnosisOf({ group: 'tools', id: 'tools' }, tools, versions.join(', ')),
    ...(karmada === undefined
      ? []
      : diagnosisOf(
          { group: 'tools', id: 'karmada-version' },
          await looks.karmadaVersion,
          `Karmada ${karmada} will be installed`,
        )),
  ];
}

/** Who calls, whether it is the account of the fleet, and how long the credentials last. */
export async function credentialDiagnoses(patient: DoctorSubject, caller: Caller): Promise<readonly Diagnosis[]> {
  const { clients, fleet, paths, looks } = patient;
  const account: Topic = { group: 'credentials', id: 'account' };
  const life: Topic = { group: 'credentials', id: 'credentials' };
  const [first, second] = await Promise.all([
    needed(account, async () => {
      refuseOtherAccount(await readRecord(clients.world.files, paths), caller.account, fleet.name);
      const { name, parent } = fleet;
      const folder = { name, region: parent.region, account: caller.account };
      const others = await accountsElsewhere(clients.world, folder);
      const warnings = others.map((other) => ({
        what: `this machine knows a fleet ${name} in ${parent.region} of account ${other}; the credentials are of account ${caller.account}`,
        next: [`for that one use credentials of account ${other} (AWS_PROFILE)`],
      }));
      return diagnosisOf(account, { problems: [], warnings }, `account ${caller.account}, ${caller.arn}`);
    }),
    needed(life, async () => {
      const finding = await looks.credentials;
      const left = finding.found === undefined ? undefined : finding.found - clients.world.clock.now();
      const fact =
        left === undefined ? 'they do not say when they end' : `they last ${Math.round(left / minute)} minutes`;
      return diagnosisOf(life, finding, fact);
    }),
  ]);
  return [...first, ...second];
}

/** One VPC of the fleet; without one named, all of the region. */
export function networkDiagnoses(
  { clients, fleet }: DoctorSubject,
  look: Promise<VpcCheck>,
): Promise<readonly Diagnosis[]> {
  const topic: Topic = { group: 'network', id: 'vpc' };
  return needed(topic, async () => {
    const { spec, reading, finding, holdsNew } = await look;
    if (spec.vpc === anyVpc) return await surveyDiagnoses(clients, spec);
    if (reading instanceof Problem || !holdsNew)
      return diagnosisOf(topic, finding, `VPC ${spec.vpc}: its clusters are there`);
    const inside = clustersOf(fleet).filter(({ region, vpc }) => region === spec.region && vpc === spec.vpc);
    return vpcDiagnoses(
      reading,
      spec,
      inside.map(({ cluster }) => cluster),
    );
  });
}

/** The Kubernetes of new clusters, and of those that are there. */
export async function versionDiagnoses({ clients, fleet, looks }: DoctorSubject): Promise<readonly Diagnosis[]> {
  const chosen: Topic = { group: 'kubernetes', id: 'kubernetes-version' };
  const running: Topic = { group: 'kubernetes', id: 'cluster-versions' };
  const [first, second] = await Promise.all([
    needed(chosen, async () => {
      const finding = await looks.kubernetesVersion;
      return diagnosisOf(chosen, finding, `new clusters get Kubernetes ${finding.found}`);
    }),
    optionalDiagnoses(running, async () => {
      const [clusters, versions] = await Promise.all([looks.clusters, looks.versions]);
      const now = clients.world.clock.now();
      return clustersOf(fleet).flatMap((wanted) => {
        const version = clusters.get(clusterKey(wanted))?.version;
        const info = versions.find(({ clusterVersion }) => clusterVersion === version);
        if (version === undefined || info === undefined) return [];
        const warnings = supportWarnings(info, now).map((each) => ({
          ...each,
          what: `${wanted.cluster}: ${each.what}`,
          next: [`upgrade it: eksctl upgrade cluster --name ${wanted.cluster} --region ${wanted.region}`],
        }));
        return diagnosisOf({ ...running, about: wanted.cluster }, { problems: [], warnings }, `Kubernetes ${version}`);
      });
    }),
  ]);
  return [...first, ...second];
}

function ownershipFact(fleet: Fleet, clusters: FoundClusters): string {
  const missing = missingClusters(fleet, clusters).map(({ cluster }) => cluster);
  const there = clustersOf(fleet)
    .map(({ cluster }) => cluster)
    .filter((cluster) => !missing.includes(cluster));
  return [
    ...(missing.length === 0 ? [] : [`free names: ${missing.join(', ')}`]),
    ...(there.length === 0 ? [] : [`clusters that are there: ${there.join(', ')}`]),
  ].join('; ');
}

/** Whether the names of the clusters are free or ours. */
export async function nameDiagnoses({ fleet, looks }: DoctorSubject): Promise<readonly Diagnosis[]> {
  const topic: Topic = { group: 'clusters', id: 'cluster-names' };
  return await needed(topic, async () => {
    const clusters = await looks.clusters;
    return diagnosisOf(topic, await looks.ownership, ownershipFact(fleet, clusters));
  });
}

/** Who may reach the Karmada API, and the endpoints of new clusters where that is limited. */
export async function accessDiagnoses(patient: DoctorSubject): Promise<readonly Diagnosis[]> {
  const { fleet, looks } = patient;
  const api: Topic = { group: 'access', id: 'source-ranges' };
  const endpoints: Topic = { group: 'access', id: 'public-access' };
  const { publicAccess } = fleet;
  const [first, second, third] = await Promise.all([
    needed(api, async () => {
      const finding = await looks.sourceRanges;
      return diagnosisOf(api, finding, `the Karmada API admits ${rangesOf(finding.found ?? nobody).join(', ')}`);
    }),
    needed(endpoints, async () => {
      const fact = `new clusters admit ${publicAccess.join(', ')}, their nodes and Karmada`;
      return publicAccess.length === 0 ? [] : diagnosisOf(endpoints, await looks.publicAccess, fact);
    }),
    openingDiagnoses(patient),
  ]);
  return [...first, ...second, ...third];
}

/** Whom somebody let in by hand, where the load balancer is there. */
async function openingDiagnoses({ clients, fleet, paths, call }: DoctorSubject): Promise<readonly Diagnosis[]> {
  const topic: Topic = { group: 'access', id: 'opened-by-hand' };
  return await optionalDiagnoses(topic, async () => {
    const parent = await accessParent(clients, fleet.parent, paths);
    if (parent === undefined) return [];
    const balancer = await findLoadBalancer(clients, parent, fleet.parent.region, call);
    const what = balancer === undefined ? undefined : openedByHand(balancer);
    return what === undefined ? [] : [problemDiagnosis(topic, 'warning', { what, next: [closing] })];
  });
}
