/** The state of a fleet: clusters, control plane, API address, members with reasons, upcoming expiry. */

import { apiHost, apiNameTrouble } from '../access/api-name.js';
import { accessFleet, type FleetAccess } from '../access/fleet-access.js';
import { karmadaCertificates, karmadaServer } from '../access/karmada-api.js';
import type { ApiLoadBalancer } from '../access/load-balancer.js';
import { membersOf } from '../access/member-list.js';
import { ruleDifference } from '../access/node-rules.js';
import { isLetIn, ownAddress } from '../access/own-address.js';
import type { Clients } from '../clients/clients.js';
import { Problem } from '../errors/problem.js';
import { clustersOf, type Fleet, withFormer } from '../fleet/fleet.js';
import { fleetCommand } from '../fleet/fleet-command.js';
import type { FleetPaths } from '../fleet/paths.js';
import { readLease, seemsAlive } from '../lease/fleet-lease.js';
import { ipv4Of } from '../model/api-access.js';
import type { TotalCost } from '../model/cost.js';
import { type Restoring, restoringNow, toResume } from '../state/restoring.js';
import type { Call } from '../tools/run.js';
import { type BackupStatus, backupStatus } from './backup-status.js';
import { type ClusterStatus, clusterStatuses } from './cluster-status.js';
import { type EtcdHealth, etcdHealth, etcdWarnings } from './etcd-health.js';
import { endsOf, expiryWarnings } from './expiry-warnings.js';
import { type FailoverState, readFailover } from './failover-state.js';
import { type ComponentHealth, karmadaHealth } from './karmada-health.js';
import { driftLine, installedVersions, toolVersion, versionDrift } from './karmada-versions.js';
import { agentVersions, type MemberStatus, memberStatuses, withAgents } from './member-status.js';
import { closing, openedByHand, ruleWarnings } from './opened-by-hand.js';
import { ownNatGateways } from './own-nat-gateways.js';
import { type KarmadaParts, runningCost } from './running-cost.js';
import { type SupportDates, supportDates } from './support-dates.js';

export interface FleetStatus {
  readonly fleet: string;
  readonly region: string;
  readonly ready: boolean;
  readonly clusters: readonly ClusterStatus[];
  readonly controlPlane: {
    /** `https://…:32443` */
    readonly server: string | undefined;
    readonly answers: boolean;
    readonly sourceRanges: readonly string[];
    /** Who was named with --allow; none: the machines that work on the fleet, with each `up`. */
    readonly allow: readonly string[];
    /** This machine as the load balancer sees it, and whether it is let in; undefined if unknown, or the load balancer is internal. */
    readonly thisMachine: { readonly address: string; readonly letIn: boolean } | undefined;
    readonly components: readonly ComponentHealth[];
    /** Undefined where there is none. */
    readonly etcd: EtcdHealth | undefined;
    /** Of the installed Karmada: one, unless an upgrade was interrupted; none if unknown. */
    readonly versions: readonly string[];
    /** ISO dates; undefined when there are no certificates. */
    readonly certificatesEnd: string | undefined;
    readonly caEnds: string | undefined;
  };
  /** Of what is there, whatever was requested. */
  readonly cost: TotalCost;
  /** Undefined where it cannot be read. */
  readonly failover: FailoverState | undefined;
  /** Undefined where none are scheduled. */
  readonly backups: BackupStatus | undefined;
  readonly members: readonly MemberStatus[];
  /** Version of kubectl-karmada on this machine; undefined if unknown. */
  readonly kubectlKarmada: string | undefined;
  /** Who is changing the fleet, since when (ISO date), and whether that run gives heartbeats; undefined: nobody. */
  readonly work: { readonly who: string; readonly since: string; readonly alive: boolean } | undefined;
  /** The backup whose restore is unfinished, and when it was taken (ISO text): Karmada is stopped; undefined: none is. */
  readonly restoring: Pick<Restoring, 'file' | 'madeAt'> | undefined;
  /** An unfinished restore, manually opened access, versions that differ, expiry within 60 days, and what could not be read; one line each. */
  readonly warnings: readonly string[];
}

/** What is read once, however often the status is. */
export interface ReadOnce {
  readonly support: SupportDates;
  /** This machine's public address, looked up when it is first asked for; undefined if unknown. */
  readonly address: () => Promise<string | undefined>;
  /** Version of kubectl-karmada; undefined if unknown. */
  readonly tool: Promise<string | undefined>;
}

export function readOnce(clients: Clients, call: Call): ReadOnce {
  const tool = toolVersion(clients, call);
  // It may fail before it is awaited.
  tool.catch(() => undefined);
  let found: Promise<string | undefined> | undefined;
  const address = (): Promise<string | undefined> => {
    found ??= publicAddress(clients);
    found.catch(() => undefined);
    return found;
  };
  return { support: supportDates(clients), tool, address };
}

async function publicAddress({ world }: Clients): Promise<string | undefined> {
  const found = await ownAddress(world, 3_000);
  return typeof found === 'string' ? found : undefined;
}

/**
 * Reads everything. `ReadOnce` is for callers that refresh. A member that does not respond is
 * reported; a parent that does not is Problem `cluster-unreachable`.
 */
export async function fleetStatus(
  clients: Clients,
  fleet: Fleet,
  paths: FleetPaths,
  call: Call,
  { support, tool: asked, address }: ReadOnce = readOnce(clients, call),
): Promise<FleetStatus> {
  const all = withFormer(fleet);
  const reach = await accessFleet(clients, all, paths, call);
  const [clusters, controlPlane, known, work, unknown, tool, rules, failover, ofName, mark, backups, natGateways] =
    await Promise.all([
      clusterStatuses(clients, fleet, { reach, support }, call),
      controlPlaneStatus(clients, fleet, reach, fleet.internal ? undefined : address(), call),
      reach.karmada === undefined ? undefined : membersOf(clients, reach.karmada, call),
      workOn(clients, reach, call),
      unknownSupport(all, support),
      asked,
      differentRules(clients, fleet, reach, call),
      failoverOf(clients, reach, call),
      nameWarnings(clients, fleet, reach, call),
      restoringIn(clients, reach, call),
      backupStatus(clients, reach.apis.get('parent'), fleet, call),
      ownNatGateways(clients, fleet),
    ]);
  const members = await withAgents(clients, memberStatuses(fleet, known), reach.apis, call);
  const healthy =
    controlPlane.components.length > 0 && controlPlane.components.every(({ ready, wanted: all }) => ready >= all);
  const ready =
    mark === undefined &&
    controlPlane.answers &&
    healthy &&
    clusters.every(({ status, role }) => status === 'ACTIVE' || role === 'former') &&
    members.every((each) => each.ready || each.standing === 'former');
  const now = clients.world.clock.now();
  const ends = expiryWarnings({ clusters, controlPlane, renewal: fleetCommand('certs renew', fleet) }, now);
  const cost = runningCost(clusters, { ...partsOf(fleet, reach, controlPlane), natGateways }, now);
  const ofEtcd = controlPlane.etcd === undefined ? [] : etcdWarnings(controlPlane.etcd, fleet).map(({ what }) => what);
  const drift = versionDrift({ installed: controlPlane.versions, tool, agents: agentVersions(members) }).map(driftLine);
  const unfinished = mark === undefined ? [] : [restoreLine(fleet, mark)];
  const warnings = [
    ...unfinished,
    ...openings(fleet, reach),
    ...ofName,
    ...rules,
    ...ofEtcd,
    ...(backups?.trouble === undefined ? [] : [backups.trouble]),
    ...drift,
    ...ends,
    ...unknown,
  ];
  const { name, parent } = fleet;
  const parts = { clusters, controlPlane, cost, failover, backups, members, kubectlKarmada: tool };
  return {
    fleet: name,
    region: parent.region,
    ready,
    ...parts,
    work,
    restoring: mark && { file: mark.file, madeAt: mark.madeAt },
    warnings,
  };
}

function partsOf(
  { parent, internal }: Fleet,
  { loadBalancer }: FleetAccess,
  { etcd }: FleetStatus['controlPlane'],
): KarmadaParts {
  const addresses = loadBalancer?.addresses.length;
  return {
    region: parent.region,
    etcdMembers: etcd?.members.length ?? 0,
    loadBalancerAddresses: internal && addresses !== undefined ? 0 : addresses,
  };
}

async function failoverOf(clients: Clients, reach: FleetAccess, call: Call): Promise<FailoverState | undefined> {
  const { karmada } = reach;
  const parent = reach.apis.get('parent');
  if (parent === undefined || karmada === undefined) return undefined;
  return await readFailover(clients, { parent, karmada }, undefined, call);
}

async function restoringIn(clients: Clients, { apis }: FleetAccess, call: Call): Promise<Restoring | undefined> {
  const parent = apis.get('parent');
  return parent === undefined ? undefined : await restoringNow(clients, parent, call);
}

function restoreLine(fleet: Fleet, mark: Restoring): string {
  const { what, next } = toResume(fleet, mark);
  return `${what}; ${next}`;
}

function openings(fleet: Fleet, { loadBalancer }: FleetAccess): readonly string[] {
  const opened = loadBalancer === undefined ? undefined : openedByHand(loadBalancer);
  return opened === undefined ? [] : [`${opened}; ${closing(fleet)}`];
}

/** Whether the user's name for the API leads to it, seen from here. */
async function nameWarnings(
  clients: Clients,
  fleet: Fleet,
  { apis, loadBalancer }: FleetAccess,
  call: Call,
): Promise<readonly string[]> {
  const parent = apis.get('parent');
  if (parent === undefined || loadBalancer === undefined) return [];
  const found = await apiNameTrouble(clients, fleet, { parent, loadBalancer }, call);
  return found === undefined ? [] : [`${found.what}; ${found.next}`];
}

/** Status is also for those who may not read security groups. */
async function differentRules(
  clients: Clients,
  fleet: Fleet,
  { apis, loadBalancer }: FleetAccess,
  call: Call,
): Promise<readonly string[]> {
  const parent = apis.get('parent');
  if (parent === undefined || loadBalancer === undefined) return [];
  try {
    const found = await ruleDifference(clients, parent, fleet.parent.region, loadBalancer, call);
    return ruleWarnings(found, loadBalancer, fleet).map(({ what, next }) => `${what}; ${next}`);
  } catch (thrown) {
    if (!(thrown instanceof Problem) || thrown.code !== 'access-denied') throw thrown;
    return [`whom the security groups of the parent let in is unknown: ${thrown.message}`];
  }
}

async function workOn(clients: Clients, { apis }: FleetAccess, call: Call): Promise<FleetStatus['work']> {
  const parent = apis.get('parent');
  const found = parent === undefined ? undefined : await readLease(clients, parent, call);
  if (found === undefined) return undefined;
  const { who, since } = found;
  return { who, since: new Date(since).toISOString(), alive: seemsAlive(found, clients.world.clock.now()) };
}

async function unknownSupport(fleet: Fleet, support: SupportDates): Promise<readonly string[]> {
  const regions = [...new Set(clustersOf(fleet).map(({ region }) => region))];
  const answers = await Promise.all(regions.map(support));
  return answers.flatMap(({ unknown }) => (unknown === undefined ? [] : [`support dates are unknown: ${unknown}`]));
}

async function controlPlaneStatus(
  clients: Clients,
  fleet: Fleet,
  reach: FleetAccess,
  address: Promise<string | undefined> | undefined,
  call: Call,
): Promise<FleetStatus['controlPlane']> {
  const parent = reach.apis.get('parent');
  const [components, etcd, certificates, versions] =
    parent === undefined
      ? [[], undefined, undefined, []]
      : await Promise.all([
          karmadaHealth(clients, parent, call),
          etcdHealth(clients, parent, call),
          karmadaCertificates(clients, parent, call),
          installedVersions(clients, parent, call),
        ]);
  return {
    server: reach.loadBalancer === undefined ? undefined : karmadaServer(apiHost(fleet, reach.loadBalancer)),
    answers: reach.karmada !== undefined,
    sourceRanges: ipv4Of(reach.loadBalancer?.sourceRanges ?? []),
    allow: fleet.allow,
    thisMachine: reach.loadBalancer && seenFrom(await address, reach.loadBalancer),
    components,
    etcd,
    versions,
    ...endsOf(certificates),
  };
}

function seenFrom(
  address: string | undefined,
  { sourceRanges }: Pick<ApiLoadBalancer, 'sourceRanges'>,
): FleetStatus['controlPlane']['thisMachine'] {
  if (address === undefined) return undefined;
  return { address, letIn: isLetIn(sourceRanges, address) };
}
