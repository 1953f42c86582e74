/** Asks everything that doctor tells, side by side: the looks of `up`, and what goes beyond them. */
import type { Caller } from '../aws/sts.js';
import type { Clients } from '../clients/clients.js';
import { Problem } from '../errors/problem.js';
import { clustersOf, type Fleet } from '../fleet/fleet.js';
import type { FleetPaths } from '../fleet/paths.js';
import { clusterKey } from '../model/facts.js';
import { missingClusters } from '../ownership/name-ownership.js';
import { type PreflightChecks, readTools, startChecks } from '../preflight/checks.js';
import { nodeSubnets } from '../preflight/network/network.js';
import type { Call } from '../tools/run.js';
import { type Diagnosis, diagnosisOf, inGroups, optionalDiagnoses, problemDiagnosis, type Topic } from './diagnosis.js';
import { crdsDiagnosis, registryDiagnosis } from './downloads.js';
import {
  accessDiagnoses,
  credentialDiagnoses,
  type DoctorSubject,
  nameDiagnoses,
  networkDiagnoses,
  type ToolChecks,
  toolDiagnoses,
  versionDiagnoses,
} from './from-checks.js';
import { controllerDiagnoses } from './load-balancer-controller.js';
import { oidcDiagnoses, quotaDiagnoses } from './quotas.js';
import { stackDiagnoses } from './stacks.js';

/** What came of it. */
export interface DoctorReport {
  readonly findings: readonly Diagnosis[];
  /** Whether any of the fleet's clusters is there: then its steps have something to look at too. */
  readonly clustersExist: boolean;
}

/** Everything that can be said about making this fleet, in the order of the groups. Changes nothing in AWS. */
export async function runDoctor(
  clients: Clients,
  { fleet, paths }: { readonly fleet: Fleet; readonly paths: FleetPaths },
  call: Call,
): Promise<DoctorReport> {
  const caller = await clients.whoCalls(fleet.parent.region).catch(asRefusal);
  const looks = caller instanceof Problem ? undefined : startChecks(clients, { fleet, paths }, call);
  const tools = looks ?? readTools(clients, fleet, call);
  const answers = await Promise.all([
    toolDiagnoses(tools),
    ...(caller instanceof Problem ? [withoutCaller(caller)] : []),
    ...(looks === undefined || caller instanceof Problem
      ? []
      : withCaller({ clients, fleet, paths, looks, call }, caller)),
    downloadDiagnoses(clients, fleet, tools),
  ]);
  const clusters = await looks?.clusters.catch(() => undefined);
  const clustersExist = [...(clusters?.values() ?? [])].some((cluster) => cluster !== undefined);
  return { findings: inGroups(answers.flat()), clustersExist };
}

function asRefusal(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  throw thrown;
}

/** Without credentials every other answer of AWS is the same error. */
async function withoutCaller(problem: Problem): Promise<readonly Diagnosis[]> {
  const topic: Topic = { group: 'credentials', id: 'credentials' };
  const what =
    'could not check: network, Kubernetes versions, clusters and quotas; AWS was not asked without credentials';
  return [
    ...diagnosisOf(topic, { problems: [problem], warnings: [] }, ''),
    problemDiagnosis({ group: 'network', id: 'vpc' }, 'unknown', { what, next: ['run it again with credentials'] }),
  ];
}

function withCaller(patient: DoctorSubject, caller: Caller): readonly Promise<readonly Diagnosis[]>[] {
  return [
    credentialDiagnoses(patient, caller),
    ...[...patient.looks.vpcs.values()].map((look) => networkDiagnoses(patient, look)),
    versionDiagnoses(patient),
    ...clusterDiagnoses(patient),
    accessDiagnoses(patient),
    ...quotas(patient, caller),
  ];
}

function clusterDiagnoses(patient: DoctorSubject): readonly Promise<readonly Diagnosis[]>[] {
  const { clients, fleet, paths, looks, call } = patient;
  const stacks: Topic = { group: 'clusters', id: 'stacks' };
  const controller: Topic = { group: 'clusters', id: 'load-balancer-controller' };
  return [
    nameDiagnoses(patient),
    ...regionsOf(fleet).map((region) =>
      optionalDiagnoses(stacks, async () => {
        const missing = missingClusters(fleet, await looks.clusters).filter((each) => each.region === region);
        return await stackDiagnoses(clients, fleet, region, missing);
      }),
    ),
    optionalDiagnoses(controller, async () => {
      const parent = (await looks.clusters).get(clusterKey(fleet.parent));
      return await controllerDiagnoses(clients, fleet, paths, parent, call);
    }),
  ];
}

function quotas({ clients, fleet, looks }: DoctorSubject, caller: Caller): readonly Promise<readonly Diagnosis[]>[] {
  const topic: Topic = { group: 'quotas', id: 'quotas' };
  return [
    ...regionsOf(fleet).map((region) =>
      optionalDiagnoses(topic, async () => {
        const missing = missingClusters(fleet, await looks.clusters).filter((each) => each.region === region);
        return await quotaDiagnoses(clients, { fleet, region, missing, lacksNat: await lacksNat(looks, region) });
      }),
    ),
    optionalDiagnoses(topic, async () => {
      return await oidcDiagnoses(clients, caller.partition, missingClusters(fleet, await looks.clusters).length);
    }),
  ];
}

/** Whether nodes of the region would lie in public subnets, or nowhere. */
async function lacksNat(looks: PreflightChecks, region: string): Promise<boolean> {
  const found = await Promise.allSettled(looks.vpcs.values());
  return found.some((look) => {
    if (look.status === 'rejected' || look.value.spec.region !== region) return false;
    const network = look.value.finding.found;
    return network === undefined || nodeSubnets(network) === network.public;
  });
}

async function downloadDiagnoses({ world }: Clients, fleet: Fleet, looks: ToolChecks): Promise<readonly Diagnosis[]> {
  const crds = looks.tools.then(({ found }) => crdsDiagnosis(world, fleet, found?.['kubectl-karmada']));
  return await Promise.all([registryDiagnosis(world), crds]);
}

function regionsOf(fleet: Fleet): readonly string[] {
  return [...new Set(clustersOf(fleet).map(({ region }) => region))];
}
