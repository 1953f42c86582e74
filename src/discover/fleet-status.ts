/** The fleet as it is: clusters, control plane, the address of its API, members with reasons, and when certificates end. */
import { X509Certificate } from 'node:crypto';
import { clustersOf, type Fleet, type Member } from '../fleet/fleet.js';
import type { FleetPaths } from '../fleet/paths.js';
import type { MemberCluster } from '../tools/kubectl/objects.js';
import { node } from '../tools/kubectl/objects.js';
import type { Call } from '../tools/run.js';
import type { Clients } from './clients.js';
import { clusterKey } from './facts.js';
import { karmadaCertificates, karmadaServer } from './karmada-api.js';
import { type ComponentHealth, karmadaHealth } from './karmada-health.js';
import { membersOf, readiness } from './members.js';
import { type Reach, reachFleet } from './reach.js';

export interface ClusterStatus {
  readonly name: string;
  readonly region: string;
  readonly role: 'parent' | 'member';
  /** EKS's word, or `absent`. */
  readonly status: string;
  readonly kubernetesVersion: string | undefined;
  readonly nodesReady: number | undefined;
  readonly nodes: number | undefined;
}

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
}

export async function fleetStatus(clients: Clients, fleet: Fleet, paths: FleetPaths, call: Call): Promise<FleetStatus> {
  const reach = await reachFleet(clients, fleet, paths, call);
  const [clusters, controlPlane, known] = await Promise.all([
    clusterStatuses(clients, fleet, reach, call),
    controlPlaneStatus(clients, reach, call),
    reach.karmada === undefined ? [] : membersOf(clients, reach.karmada, call),
  ]);
  const wanted = fleet.members.map((member) => wantedStatus(member, known));
  const others = known.filter(({ metadata }) => !fleet.members.some(({ name }) => name === metadata.name));
  const members = [...wanted, ...others.map((each) => memberStatus(each, each.spec.region ?? ''))];
  const healthy =
    controlPlane.components.length > 0 && controlPlane.components.every(({ ready, wanted: all }) => ready >= all);
  const ready =
    controlPlane.answers &&
    healthy &&
    clusters.every(({ status }) => status === 'ACTIVE') &&
    members.every((each) => each.ready);
  return { fleet: fleet.name, region: fleet.parent.region, ready, clusters, controlPlane, members };
}

async function clusterStatuses(
  clients: Clients,
  fleet: Fleet,
  reach: Reach,
  call: Call,
): Promise<readonly ClusterStatus[]> {
  return await Promise.all(
    clustersOf(fleet).map(async (wanted) => {
      const found = reach.clusters.get(clusterKey(wanted));
      const access = reach.lanes.get(wanted.lane);
      const nodes =
        access === undefined ? undefined : await clients.kubectl.list(access, { kind: 'nodes' }, node, call);
      const isReady = ({ status }: NonNullable<typeof nodes>[number]): boolean =>
        status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true;
      return {
        name: wanted.cluster,
        region: wanted.region,
        role: wanted.role,
        status: found?.status ?? 'absent',
        kubernetesVersion: found?.version,
        nodesReady: nodes?.filter(isReady).length,
        nodes: nodes?.length,
      };
    }),
  );
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

function wantedStatus(member: Member, known: readonly MemberCluster[]): MemberStatus {
  const found = known.find(({ metadata }) => metadata.name === member.name);
  if (found !== undefined) return memberStatus(found, member.region);
  const { name, mode, region } = member;
  return { name, mode, region, ready: false, why: 'Karmada does not know it', kubernetesVersion: undefined };
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
