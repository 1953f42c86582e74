/** How Karmada's etcd is: who responds, who leads, how full it is, and what it would lose with a node or a zone. */

import type { Clients } from '../clients/clients.js';
import { Problem } from '../errors/problem.js';
import { karmadaNamespace } from '../fleet/names.js';
import { type EtcdStatus, etcdStatus } from '../tools/etcd/etcdctl.js';
import type { KubeAccess, PodContainer } from '../tools/kubectl/commands.js';
import { type KubePod, node, pod, workload } from '../tools/kubectl/objects.js';
import type { Call } from '../tools/run.js';

/** A member of etcd. */
export interface EtcdMemberHealth {
  /** Of its pod, e.g. `etcd-0`. */
  readonly name: string;
  readonly responds: boolean;
  readonly isLeader: boolean;
  /** Undefined while it has none. */
  readonly node: string | undefined;
  readonly zone: string | undefined;
}

export interface EtcdHealth {
  /** By ordinal, as many as there should be. */
  readonly members: readonly EtcdMemberHealth[];
  readonly hasQuorum: boolean;
  /** Of the largest database; undefined if no member responds. */
  readonly sizeBytes: number | undefined;
  /** At this size etcd refuses writes. */
  readonly quotaBytes: number | undefined;
  /** e.g. `NOSPACE`. */
  readonly alarms: readonly string[];
  /** In how many zones the parent has nodes. */
  readonly zones: number;
}

/** The container of a member. */
export function etcdContainer(name: string): PodContainer {
  return { pod: name, namespace: karmadaNamespace, container: 'etcd' };
}

export const etcdPods = { kind: 'pods', namespace: karmadaNamespace, selector: 'app=etcd' } as const;
export const etcdStatefulSet = { kind: 'statefulsets', name: 'etcd', namespace: karmadaNamespace } as const;

/** Undefined without an etcd. A member that cannot be asked does not respond; a parent that cannot is a Problem. */
export async function etcdHealth(clients: Clients, parent: KubeAccess, call: Call): Promise<EtcdHealth | undefined> {
  const { kubectl } = clients;
  const set = await kubectl.get(parent, etcdStatefulSet, workload, call);
  if (set === undefined) return undefined;
  const [pods, nodes] = await Promise.all([
    kubectl.list(parent, etcdPods, pod, call),
    kubectl.list(parent, { kind: 'nodes' }, node, call),
  ]);
  const zoneOf = new Map(
    nodes.map(({ metadata: { name, labels } }) => [name, labels?.['topology.kubernetes.io/zone']]),
  );
  const names = Array.from({ length: set.spec.replicas ?? 1 }, (_, ordinal) => `etcd-${ordinal}`);
  const asked = await Promise.all(
    names.map(async (name) => {
      const found = pods.find(({ metadata }) => metadata.name === name);
      const answer = isRunning(found) ? await statusOf(clients, parent, name, call) : undefined;
      return { name, node: found?.spec?.nodeName, answer };
    }),
  );
  const answers = asked.flatMap(({ answer }) => answer ?? []);
  return {
    members: asked.map(({ name, node, answer }) => ({
      name,
      responds: answer !== undefined,
      isLeader: answer?.isLeader === true,
      node,
      zone: node === undefined ? undefined : zoneOf.get(node),
    })),
    hasQuorum: answers.filter(({ hasLeader }) => hasLeader).length > names.length / 2,
    sizeBytes: largest(answers.map(({ sizeBytes }) => sizeBytes)),
    quotaBytes: answers.find(({ quotaBytes }) => quotaBytes !== undefined)?.quotaBytes,
    alarms: [...new Set(answers.flatMap(({ alarms }) => alarms))],
    zones: new Set([...zoneOf.values()].filter((zone) => zone !== undefined)).size,
  };
}

/** What is wrong or close to it, one line each. */
export function etcdWarnings({
  members,
  hasQuorum,
  sizeBytes,
  quotaBytes,
  alarms,
  zones,
}: EtcdHealth): readonly string[] {
  const silent = members.filter(({ responds }) => !responds).map(({ name }) => name);
  const count = `${members.length - silent.length} of ${members.length} members respond`;
  return [
    ...(hasQuorum ? [] : [`etcd has no quorum (${count}): nothing can be written to the Karmada API`]),
    ...(hasQuorum && silent.length > 0
      ? [`etcd: ${silent.join(', ')} does not respond (${count}): the loss of another member stops Karmada`]
      : []),
    ...alarms.map((alarm) => `etcd raised the alarm ${alarm}${meanings[alarm] ?? ''}`),
    ...fillWarnings(sizeBytes, quotaBytes),
    ...crowded(members, 'node'),
    // With fewer zones than members two must share one.
    ...(zones >= members.length ? crowded(members, 'zone') : []),
  ];
}

/** e.g. `3 of 3 members, leader etcd-1, 12 MiB of 2048 MiB`. */
export function etcdSummary({ members, sizeBytes, quotaBytes }: EtcdHealth): string {
  const leader = members.find(({ isLeader }) => isLeader)?.name;
  const responding = members.filter(({ responds }) => responds).length;
  return [
    `${responding} of ${members.length} members`,
    leader === undefined ? 'no leader' : `leader ${leader}`,
    ...(sizeBytes === undefined ? [] : [mebibytes(sizeBytes) + (quotaBytes ? ` of ${mebibytes(quotaBytes)}` : '')]),
  ].join(', ');
}

const meanings: Readonly<Record<string, string>> = {
  NOSPACE: ': the database has reached its quota, and the Karmada API refuses writes',
  CORRUPT: ': a member’s data differs from that of the others',
};

/** From this part of the quota on. */
const nearlyFull = 0.8;

function fillWarnings(size: number | undefined, quota: number | undefined): readonly string[] {
  if (size === undefined || quota === undefined || quota === 0 || size < quota * nearlyFull) return [];
  const percent = Math.round((size / quota) * 100);
  return [
    `etcd’s database is ${mebibytes(size)} of ${mebibytes(quota)} (${percent} %): at its quota the Karmada API refuses writes`,
  ];
}

/** A place whose loss takes the quorum. */
function crowded(members: readonly EtcdMemberHealth[], place: 'node' | 'zone'): readonly string[] {
  const places = [...new Set(members.flatMap((member) => member[place] ?? []))];
  return places.flatMap((at) => {
    const there = members.filter((member) => member[place] === at).map(({ name }) => name);
    if (members.length < 3 || there.length < 2) return [];
    return [
      `etcd: ${there.join(' and ')} are ${place === 'node' ? 'on' : 'in'} the same ${place} (${at}): its loss stops Karmada`,
    ];
  });
}

async function statusOf(
  { kubectl }: Clients,
  parent: KubeAccess,
  name: string,
  call: Call,
): Promise<EtcdStatus | undefined> {
  try {
    return await etcdStatus(kubectl, parent, etcdContainer(name), call);
  } catch (thrown) {
    if (thrown instanceof Problem && thrown.code === 'tool-failed') return undefined;
    throw thrown;
  }
}

function isRunning(found: KubePod | undefined): boolean {
  return found?.status?.phase === 'Running';
}

function largest(sizes: readonly number[]): number | undefined {
  return sizes.length === 0 ? undefined : Math.max(...sizes);
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`;
}
