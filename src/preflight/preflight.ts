/** Looks at everything that can be known before the first change, and refuses with all that stands in the way. */
import { type Caller, dnsSuffixOf } from '../aws/sts.js';
import type { Clients } from '../clients/clients.js';
import { refuse } from '../errors/refuse.js';
import { clustersOf, type Fleet } from '../fleet/fleet.js';
import type { FleetPaths } from '../fleet/paths.js';
import { nobody } from '../model/api-access.js';
import { clusterKey, type Facts, type Judgement, type Network } from '../model/facts.js';
import type { Call } from '../tools/run.js';
import { startChecks } from './checks.js';
import { supportOf } from './kubernetes-version.js';

/**
 * Reads the world for a fleet. The caller is asked for before: without credentials every other answer is the same error.
 * `parentStands`: only members are to be made or joined, so nothing that the parent needs is judged.
 * @throws Problem: the only one in the way, or `plan-refused` with all of them.
 */
export async function discover(
  clients: Clients,
  { fleet, paths }: { readonly fleet: Fleet; readonly paths: FleetPaths },
  caller: Caller,
  call: Call,
  parentStands = false,
): Promise<Facts> {
  const looks = startChecks(clients, { fleet, paths }, call, parentStands);
  const vpcs = await Promise.all([...looks.vpcs].map(async ([key, look]) => [key, await look] as const));
  const [tools, karmada, version, ownership, ranges, publicAccess, credentials] = await Promise.all([
    looks.tools,
    looks.karmadaVersion,
    looks.kubernetesVersion,
    looks.ownership,
    looks.sourceRanges,
    looks.publicAccess,
    looks.credentials,
  ]);
  const networks = vpcs.map(([, { finding }]) => finding);
  const judged: readonly Judgement[] = [
    tools,
    version,
    ...networks,
    ownership,
    ranges,
    publicAccess,
    karmada,
    credentials,
  ];
  refuse(judged.flatMap(({ problems }) => problems));
  return {
    caller,
    kubernetesVersion: version.found ?? '',
    kubernetesSupport: supportOf(await looks.versions, version.found, clients.world.clock.now()),
    karmadaVersion: tools.found?.['kubectl-karmada'] ?? '',
    access: ranges.found ?? nobody,
    networks: byCluster(fleet, new Map(vpcs.map(([key, { finding }]) => [key, finding.found]))),
    ownership: ownership.found ?? new Map(),
    warnings: judged.flatMap(({ warnings }) => warnings.map(({ what }) => what)),
  };
}

/** The wildcard that every load balancer's name of a region matches; it goes into the API server's certificate. */
export function loadBalancerNames(facts: Pick<Facts, 'caller'>, region: string): string {
  return `*.elb.${region}.${dnsSuffixOf(facts.caller.partition)}`;
}

function byCluster(fleet: Fleet, networks: ReadonlyMap<string, Network | undefined>): ReadonlyMap<string, Network> {
  const found = new Map<string, Network>();
  for (const cluster of clustersOf(fleet)) {
    const network = networks.get(`${cluster.region}/${cluster.vpc}`);
    if (network !== undefined) found.set(clusterKey(cluster), network);
  }
  return found;
}
