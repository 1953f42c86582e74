/** Checks of doctor beyond those of `up`: other accounts, versions of the fleet's clusters, manually opened access. */

import { apiNameTrouble } from '../access/api-name.js';
import { accessParent } from '../access/cluster-access.js';
import { karmadaCertificates } from '../access/karmada-api.js';
import { findLoadBalancer, loadBalancerName } from '../access/load-balancer.js';
import { nodeRules, ruleDifference } from '../access/node-rules.js';
import { shutOut } from '../access/own-address.js';
import { tooManyRanges } from '../access/rule-room.js';
import type { ClusterVersionInformation } from '../aws/eks.js';
import type { Caller } from '../aws/sts.js';
import type { Clients } from '../clients/clients.js';
import { okUnless, warning } from '../errors/diagnostic.js';
import type { Diagnostic } from '../errors/problem.js';
import { clustersOf, type Fleet } from '../fleet/fleet.js';
import { fleetCommand } from '../fleet/fleet-command.js';
import type { FleetPaths } from '../fleet/paths.js';
import { type ApiAccess, rangesOf } from '../model/api-access.js';
import { clusterKey, type Network } from '../model/facts.js';
import { readRecord, refuseOtherAccount } from '../ownership/fleet-record.js';
import type { FoundClusters } from '../ownership/name-ownership.js';
import { supportWarnings } from '../preflight/kubernetes-version.js';
import { loadBalancerSubnets } from '../preflight/network/network.js';
import { accountsElsewhere } from '../state/known-fleets.js';
import { restoringNow, toResume } from '../state/restoring.js';
import { etcdHealth, etcdSummary, etcdWarnings } from '../status/etcd-health.js';
import { endsOf, expiryWarnings } from '../status/expiry-warnings.js';
import { closing, openedByHand, ruleWarnings } from '../status/opened-by-hand.js';
import type { Call } from '../tools/run.js';
import { asWhom } from '../world/place.js';
import type { Finding, Topic } from './diagnosis.js';

export interface DoctorSubject {
  readonly fleet: Fleet;
  readonly paths: FleetPaths;
}

/** Whether the credentials are of the account of the fleet. @throws Problem `wrong-account`, `record-malformed` */
export async function checkAccount(
  { world }: Clients,
  { fleet, paths }: DoctorSubject,
  caller: Caller,
): Promise<readonly Diagnostic[]> {
  refuseOtherAccount(await readRecord(world.files, paths), caller.account, fleet.name);
  const { name, parent } = fleet;
  const others = await accountsElsewhere(world, { name, region: parent.region, account: caller.account });
  const warnings = others.map((other) =>
    warning({
      what: `this machine knows a fleet ${name} in ${parent.region} in account ${other}; the credentials are for account ${caller.account}`,
      next: [`for that fleet use credentials for account ${other} (--profile)`],
    }),
  );
  return okUnless(warnings, `account ${caller.account}, ${caller.arn}`);
}

/** How long the Kubernetes of the existing clusters is supported; `now` is in ms since the epoch. */
export function checkClusterVersions(
  fleet: Fleet,
  clusters: FoundClusters,
  versions: readonly ClusterVersionInformation[],
  now: number,
): readonly Finding[] {
  return clustersOf(fleet).flatMap((wanted): readonly Finding[] => {
    const version = clusters.get(clusterKey(wanted))?.version;
    const info = versions.find(({ clusterVersion }) => clusterVersion === version);
    if (version === undefined || info === undefined) return [];
    const topic: Topic = { group: 'kubernetes', id: 'cluster-versions', about: wanted.cluster };
    const warnings = supportWarnings(info, now).map((each) => ({
      ...each,
      what: `${wanted.cluster}: ${each.what}`,
      next: [`upgrade it: eksctl upgrade cluster --name ${wanted.cluster} --region ${wanted.region}${asWhom(wanted)}`],
    }));
    return okUnless(warnings, `Kubernetes ${version}`).map((each) => ({ ...topic, ...each }));
  });
}

/** Who gets in, or does not, otherwise than the fleet asked for, where the load balancer is there. */
export async function checkOpenings(
  clients: Clients,
  { fleet, paths }: DoctorSubject,
  call: Call,
): Promise<readonly Diagnostic[]> {
  const parent = await accessParent(clients, fleet.parent, paths);
  const balancer = parent && (await findLoadBalancer(clients, parent, fleet.parent.region, call));
  if (parent === undefined || balancer === undefined) return [];
  const { region } = fleet.parent;
  const what = openedByHand(balancer);
  const different = ruleWarnings(await ruleDifference(clients, parent, region, balancer, call), balancer, fleet);
  return [
    ...(what === undefined ? [] : [warning({ what, next: [closing(fleet)] })]),
    ...different.map((each) => warning({ what: each.what, next: [each.next] })),
  ];
}

/** Who gets in now, where the load balancer is there: `wanted` is about what `up` would write. */
export async function checkSourceRanges(
  clients: Clients,
  { fleet, paths }: DoctorSubject,
  wanted: readonly Diagnostic[],
  call: Call,
): Promise<readonly Diagnostic[]> {
  const parent = await accessParent(clients, fleet.parent, paths);
  const balancer = parent && (await findLoadBalancer(clients, parent, fleet.parent.region, call));
  if (balancer === undefined) return wanted;
  const wrong = wanted.filter(({ severity }) => severity !== 'ok');
  const isRefused = wrong.some(({ severity }) => severity === 'error');
  const shut = isRefused ? undefined : await shutOut(clients.world, fleet, balancer.sourceRanges);
  const what = 'the Karmada API does not respond to this machine';
  const warnings = shut === undefined ? [] : [warning({ what, why: shut.why, next: [shut.next] })];
  return okUnless([...wrong, ...warnings], `the Karmada API admits ${balancer.sourceRanges.join(', ')}`);
}

/** Whether the rules for these source ranges fit into the security group of the parent's nodes. */
export async function checkRuleRoom(
  clients: Clients,
  { fleet, paths }: DoctorSubject,
  { access, network }: { readonly access: ApiAccess | undefined; readonly network: Network | undefined },
  call: Call,
): Promise<readonly Diagnostic[]> {
  if (access === undefined || network === undefined) return [];
  const { region } = fleet.parent;
  const parent = await accessParent(clients, fleet.parent, paths);
  const balancer = parent && (await findLoadBalancer(clients, parent, region, call));
  const problem = await tooManyRanges(clients, {
    parent: fleet.parent,
    ranges: rangesOf(access),
    subnets: loadBalancerSubnets(network, fleet.internal).length,
    balancer: balancer && loadBalancerName(balancer.hostname),
    rules: parent && (await nodeRules(clients, parent, region, call)),
  });
  return problem === undefined ? [] : [problem];
}

/** Whether the user's name for the Karmada API leads to it, where there are both. */
export async function checkApiName(
  clients: Clients,
  { fleet, paths }: DoctorSubject,
  call: Call,
): Promise<readonly Diagnostic[]> {
  const parent = fleet.apiName === undefined ? undefined : await accessParent(clients, fleet.parent, paths);
  const loadBalancer = parent && (await findLoadBalancer(clients, parent, fleet.parent.region, call));
  if (parent === undefined || loadBalancer === undefined) return [];
  const found = await apiNameTrouble(clients, fleet, { parent, loadBalancer }, call);
  const warnings = found === undefined ? [] : [warning({ what: found.what, next: [found.next] })];
  return okUnless(warnings, `${fleet.apiName} leads to the Karmada API`);
}

/** Karmada's etcd, where the parent has one. */
export async function checkEtcd(
  clients: Clients,
  { fleet, paths }: DoctorSubject,
  call: Call,
): Promise<readonly Diagnostic[]> {
  const parent = await accessParent(clients, fleet.parent, paths);
  const health = parent && (await etcdHealth(clients, parent, call));
  if (health === undefined) return [];
  return okUnless(etcdWarnings(health, fleet).map(warning), `etcd: ${etcdSummary(health)}`);
}

/** Nothing of Karmada runs while a restore is unfinished. */
export async function checkRestore(
  clients: Clients,
  { fleet, paths }: DoctorSubject,
  call: Call,
): Promise<readonly Diagnostic[]> {
  const parent = await accessParent(clients, fleet.parent, paths);
  const mark = parent && (await restoringNow(clients, parent, call));
  if (mark === undefined) return [];
  const { what, next } = toResume(fleet, mark);
  return [warning({ what, next: [next] })];
}

/** Karmada's certificates, where there are any. */
export async function checkCertificates(
  clients: Clients,
  { fleet, paths }: DoctorSubject,
  call: Call,
): Promise<readonly Diagnostic[]> {
  const parent = await accessParent(clients, fleet.parent, paths);
  const found = parent && (await karmadaCertificates(clients, parent, call));
  if (found === undefined) return [];
  const controlPlane = endsOf(found);
  const renewal = fleetCommand('certs renew', fleet);
  const lines = expiryWarnings({ clusters: [], controlPlane, renewal }, clients.world.clock.now());
  const warnings = lines.map((what) => warning({ what, next: [renewal, fleetCommand('certs check', fleet)] }));
  return okUnless(warnings, `Karmada’s certificates expire on ${controlPlane.certificatesEnd?.slice(0, 10)}`);
}
