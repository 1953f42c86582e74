/** Looks at everything that can be known before the first change, and refuses with all that stands in the way. */
import { type Caller, dnsSuffixOf } from '../aws/sts.js';
import { Problem } from '../errors/problem.js';
import { clustersOf, type Fleet } from '../fleet/fleet.js';
import type { Call } from '../tools/run.js';
import type { Clients } from './clients.js';
import { clusterKey, type Facts, type Finding, type Network } from './facts.js';
import { chooseKubernetesVersion } from './kubernetes-version.js';
import { findNetwork, type NetworkWish } from './network.js';
import { findOwnership } from './ownership.js';
import { findSourceRanges } from './source-ranges.js';
import { findTools } from './tool-versions.js';

const minute = 60_000;

/** A whole `up` takes about half an hour; with less time left than this the credentials may end before it does. */
const wantedCredentialLifeMs = 60 * minute;

/**
 * Reads the world for a fleet. The caller is asked for before: without credentials every other answer is the same error.
 * @throws Problem: the only one in the way, or `plan-refused` with all of them.
 */
export async function discover(clients: Clients, fleet: Fleet, caller: Caller, call: Call): Promise<Facts> {
  const [toolsFound, versions, networks, ownership, expireAt] = await Promise.all([
    findTools(clients, call),
    clients.eks(fleet.parent.region).versions(),
    findNetworks(clients, fleet),
    findOwnership(clients, fleet),
    clients.world.aws.credentialsExpireAt(),
  ]);
  const now = clients.world.clock.now();
  const version = chooseKubernetesVersion(versions, fleet.kubernetesVersion, now);
  const byCluster = networks.found ?? new Map<string, Network>();
  const ranges = await findSourceRanges(clients.world, fleet, byCluster);
  const findings = [toolsFound, version, networks, ownership, ranges];
  const karmadaVersion = toolsFound.found?.['kubectl-karmada'] ?? '';
  refuse([...findings.flatMap(({ problems }) => problems), ...karmadaProblems(fleet, karmadaVersion)]);
  return {
    caller,
    kubernetesVersion: version.found ?? '',
    karmadaVersion,
    sourceRanges: ranges.found ?? [],
    networks: byCluster,
    ownership: ownership.found ?? new Map(),
    warnings: [...findings.flatMap(({ warnings }) => warnings), ...credentialWarnings(expireAt, now)],
  };
}

/** The wildcard that every load balancer's name of a region matches; it goes into the API server's certificate. */
export function loadBalancerNames(facts: Pick<Facts, 'caller'>, region: string): string {
  return `*.elb.${region}.${dnsSuffixOf(facts.caller.partition)}`;
}

/** Each VPC is read once, however many clusters lie in it. */
async function findNetworks(clients: Clients, fleet: Fleet): Promise<Finding<ReadonlyMap<string, Network>>> {
  const read = new Map<string, Promise<Finding<Network>>>();
  const found = new Map<string, Network>();
  const clusters = clustersOf(fleet);
  for (const { region, vpc } of clusters) {
    const key = `${region}/${vpc}`;
    if (read.has(key)) continue;
    const holdsLoadBalancer = region === fleet.parent.region && vpc === fleet.parent.vpc;
    const wish: NetworkWish = { region, vpc, instanceType: fleet.instanceType, holdsLoadBalancer };
    read.set(key, findNetwork(clients, wish));
  }
  const findings = await Promise.all(read.values());
  for (const cluster of clusters) {
    const finding = await read.get(`${cluster.region}/${cluster.vpc}`);
    if (finding?.found !== undefined) found.set(clusterKey(cluster), finding.found);
  }
  return {
    found,
    problems: findings.flatMap(({ problems }) => problems),
    warnings: findings.flatMap(({ warnings }) => warnings),
  };
}

function karmadaProblems(fleet: Fleet, installed: string): readonly Problem[] {
  if (fleet.karmadaVersion === undefined || installed === '' || installed === fleet.karmadaVersion) return [];
  return [
    new Problem('tool-version', {
      what: `kubectl-karmada is ${installed}, but Karmada ${fleet.karmadaVersion} is wanted`,
      why: 'kubectl-karmada installs the Karmada of its own version',
      next: [`install kubectl-karmada ${fleet.karmadaVersion}`, `or say --karmada-version ${installed}`],
    }),
  ];
}

function credentialWarnings(expireAt: number | undefined, now: number): readonly string[] {
  if (expireAt === undefined || expireAt - now >= wantedCredentialLifeMs) return [];
  const left = Math.max(0, Math.round((expireAt - now) / minute));
  return [`the AWS credentials end in ${left} minutes, perhaps before the fleet is up: renew them first`];
}

function refuse(problems: readonly Problem[]): void {
  const [first] = problems;
  if (first === undefined) return;
  if (problems.length === 1) throw first;
  const what = `${problems.length} things stand in the way; nothing was changed`;
  throw new Problem('plan-refused', { what, parts: problems });
}
