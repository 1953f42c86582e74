/** Checks everything that can be known before the first change, and refuses with all problems at once. */
import pMap from 'p-map';
import type { Caller } from '../aws/sts.js';
import type { Clients } from '../clients/clients.js';
import { problemsIn, warningsIn } from '../errors/diagnostic.js';
import { refuse } from '../errors/refuse.js';
import type { Fleet, Member } from '../fleet/fleet.js';
import type { FleetPaths } from '../fleet/paths.js';
import { nobody } from '../model/api-access.js';
import type { Facts } from '../model/facts.js';
import type { Call } from '../tools/run.js';
import { startChecks } from './checks.js';
import { supportOf } from './kubernetes-version.js';

/**
 * Runs all checks for a fleet. The caller is identified first: without credentials every other call fails with the same
 * error. `parentStands`: only members are to be created or joined, so the parent's requirements are not checked.
 * @throws Problem: the only one in the way, or `plan-refused` with all of them.
 */
export async function runPreflight(
  clients: Clients,
  { fleet, paths }: { readonly fleet: Fleet; readonly paths: FleetPaths },
  caller: Caller,
  call: Call,
  parentStands = false,
): Promise<Facts> {
  const checks = startChecks(clients, { fleet, paths }, call, parentStands);
  const vpcs = await Promise.all(checks.vpcs.values());
  const [tools, karmada, version, ownership, ranges, publicAccess, credentials] = await Promise.all([
    checks.tools,
    checks.karmadaVersion,
    checks.kubernetesVersion,
    checks.ownership,
    checks.sourceRanges,
    checks.publicAccess,
    checks.credentials,
  ]);
  const checked = [tools, version, ...vpcs, ownership, ranges].map(({ diagnostics }) => diagnostics);
  const diagnostics = [...checked, publicAccess, karmada, credentials].flat();
  refuse(problemsIn(diagnostics));
  return {
    caller,
    kubernetesVersion: version.found ?? '',
    kubernetesSupport: supportOf(await checks.versions, version.found, clients.world.clock.now()),
    karmadaVersion: tools.found?.['kubectl-karmada'] ?? '',
    access: ranges.found ?? nobody,
    networks: await checks.networks,
    ownership: ownership.found ?? new Map(),
    warnings: warningsIn(diagnostics),
  };
}

/**
 * The fleet with, for each member that was there before, the VPC of its cluster. One that EKS does not know is left as it
 * is: it is refused with everything else that stands in the way.
 */
export async function withExistingVpcs(clients: Pick<Clients, 'eks' | 'concurrency'>, fleet: Fleet): Promise<Fleet> {
  const { concurrency } = clients;
  const located = async (member: Member): Promise<Member> => {
    if (member.kind !== 'eks' || !member.existing) return member;
    const found = await clients.eks(member.region).cluster(member.cluster);
    return { ...member, vpc: found?.resourcesVpcConfig?.vpcId ?? member.vpc };
  };
  return { ...fleet, members: await pMap(fleet.members, located, { concurrency }) };
}
