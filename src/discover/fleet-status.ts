/** The fleet as it is: clusters, control plane, the address of its API, members with reasons, and what ends soon. */
import { X509Certificate } from 'node:crypto';
import { Problem } from '../errors/problem.js';
import { clustersOf, type Fleet, type Member } from '../fleet/fleet.js';
import { karmadaNamespace } from '../fleet/names.js';
import type { FleetPaths } from '../fleet/paths.js';
import type { KubeAccess } from '../tools/kubectl/commands.js';
import type { MemberCluster } from '../tools/kubectl/objects.js';
import { pod } from '../tools/kubectl/objects.js';
import type { Call } from '../tools/run.js';
import type { Clients } from './clients.js';
import { type ClusterStatus, clusterStatuses } from './cluster-status.js';
import { comingEnds } from './coming-ends.js';
import { karmadaCertificates, karmadaServer } from './karmada-api.js';
import { type ComponentHealth, karmadaHealth, reasonOf } from './karmada-health.js';
import { membersOf, readiness } from './members.js';
import { type Reach, reachFleet } from './reach.js';
import { type SupportDates, supportDates } from './support-dates.js';

export interface MemberStatus {
  readonly name: string;
  /** `push` or `pull`. */
  readonly mode: string;
  readonly region: string;
  readonly ready: boolean;
  /** Why it is not Ready. */
  readonly why: string | undefined;
  readonly kubernetesVersion: string | undefined;
}

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
    readonly components: readonly ComponentHealth[];
    /** ISO dates; undefined when there are no certificates. */
    readonly certificatesEnd: string | undefined;
    readonly caEnds: string | undefined;
  };
  readonly members: readonly MemberStatus[];
  /** What ends within 60 days, and what could not be asked; one line each. */
  readonly warnings: readonly string[];
}

/**
 * Looks at all of it. `support` keeps what is asked once, for callers that look again and again.
 * A member that does not answer is told of; a parent that does not is Problem `cluster-unreachable`.
 */
export async function fleetStatus(
  clients: Clients,
  fleet: Fleet,
  paths: FleetPaths,
  call: Call,
  support: SupportDates = supportDates(clients),
): Promise<FleetStatus> {
  const reach = await reachFleet(clients, fleet, paths, call);
  const [clusters, controlPlane, known, unknown] = await Promise.all([
    clusterStatuses(clients, fleet, { reach, support }, call),
    controlPlaneStatus(clients, reach, call),
    reach.karmada === undefined ? [] : membersOf(clients, reach.karmada, call),
    unknownSupport(fleet, support),
  ]);
  const unknownWhy = reach.karmada === undefined ? 'Karmada cannot be asked' : 'Karmada does not know it';
  const wanted = fleet.members.map((member) => wantedStatus(member, known, unknownWhy));
  const others = known.filter(({ metadata }) => !fleet.members.some(({ name }) => name === metadata.name));
  const told = [...wanted, ...others.map((each) => memberStatus(each, each.spec.region ?? ''))];
  const members = await Promise.all(
    told.map((member) => withAgentReason(clients, member, reach.lanes.get(member.name), call)),
  );
  const healthy =
    controlPlane.components.length > 0 && controlPlane.components.every(({ ready, wanted: all }) => ready >= all);
  const ready =
    controlPlane.answers &&
    healthy &&
    clusters.every(({ status }) => status === 'ACTIVE') &&
    members.every((each) => each.ready);
  const warnings = [...comingEnds({ clusters, controlPlane }, clients.world.clock.now()), ...unknown];
  return { fleet: fleet.name, region: fleet.parent.region, ready, clusters, controlPlane, members, warnings };
}

async function unknownSupport(fleet: Fleet, support: SupportDates): Promise<readonly string[]> {
  const regions = [...new Set(clustersOf(fleet).map(({ region }) => region))];
  const answers = await Promise.all(regions.map(support));
  return answers.flatMap(({ unknown }) => (unknown === undefined ? [] : [`support dates are unknown: ${unknown}`]));
}

/** The Deployment that register makes in a pull member (1.18.2). */
const agent = 'karmada-agent';

/** Of a pull member Karmada only hears through the agent, so its pods know more than Karmada does. */
async function withAgentReason(
  clients: Clients,
  member: MemberStatus,
  access: KubeAccess | undefined,
  call: Call,
): Promise<MemberStatus> {
  if (member.ready || member.mode !== 'pull' || access === undefined) return member;
  try {
    const pods = await clients.kubectl.list(access, { kind: 'pods', namespace: karmadaNamespace }, pod, call);
    const agents = pods.filter(({ metadata }) => metadata.name.startsWith(`${agent}-`));
    const reason = agents.length === 0 ? undefined : reasonOf(agent, agents);
    return reason === undefined ? member : { ...member, why: `${member.why}; ${agent}: ${reason}` };
  } catch (thrown) {
    if (!(thrown instanceof Problem) || thrown.code === 'interrupted') throw thrown;
    return member;
  }
}

async function controlPlaneStatus(clients: Clients, reach: Reach, call: Call): Promise<FleetStatus['controlPlane']> {
  const parent = reach.lanes.get('parent');
  const [components, certificates] =
    parent === undefined
      ? [[], undefined]
      : await Promise.all([karmadaHealth(clients, parent, call), karmadaCertificates(clients, parent, call)]);
  return {
    server: reach.loadBalancer === undefined ? undefined : karmadaServer(reach.loadBalancer.hostname),
    answers: reach.karmada !== undefined,
    sourceRanges: reach.loadBalancer?.sourceRanges ?? [],
    components,
    certificatesEnd: endOf(certificates?.admin),
    caEnds: endOf(certificates?.ca),
  };
}

/** All leaf certificates of an install are made at once and for the same time; base64 of PEM in, ISO date out. */
function endOf(data: string | undefined): string | undefined {
  if (data === undefined) return undefined;
  return new Date(new X509Certificate(Buffer.from(data, 'base64')).validTo).toISOString();
}

function wantedStatus(member: Member, known: readonly MemberCluster[], unknownWhy: string): MemberStatus {
  const found = known.find(({ metadata }) => metadata.name === member.name);
  if (found !== undefined) return memberStatus(found, member.region);
  const { name, mode, region } = member;
  return { name, mode, region, ready: false, why: unknownWhy, kubernetesVersion: undefined };
}

function memberStatus(found: MemberCluster, region: string): MemberStatus {
  return {
    name: found.metadata.name,
    mode: found.spec.syncMode.toLowerCase(),
    region,
    ...readiness(found),
    kubernetesVersion: found.status?.kubernetesVersion,
  };
}
