/** How Karmada's etcd is: who responds, who leads, how full it is, and what it would lose with a node or a zone. */

import { etcdContainer, etcdPods, etcdStatefulSet } from '../access/etcd.js';
import type { Clients } from '../clients/clients.js';
import { mebibytes } from '../errors/counted.js';
import { Problem } from '../errors/problem.js';
import { fleetCommand, type NamedFleet } from '../fleet/fleet-command.js';
import { karmadaNamespace } from '../fleet/names.js';
import { type EtcdStatus, etcdStatus } from '../tools/etcd/etcdctl.js';
import type { KubeAccess } from '../tools/kubectl/commands.js';
import { isReady, type KubePod, node, pod, workload } from '../tools/kubectl/objects.js';
import type { Call } from '../tools/run.js';

/** A member of etcd. */
export interface EtcdMemberHealth {
  /** Of its pod, e.g. `etcd-0`. */
  readonly name: string;
  /** Its pod is Ready, for which it must read with a quorum (`/readyz`), or it answers etcdctl. */
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

/** The members that there should be, by ordinal; of their pods, and in etcd. */
export function memberNames({
  spec,
}: {
  readonly spec: { readonly replicas?: number | undefined };
}): readonly string[] {
  return Array.from({ length: spec.replicas ?? 1 }, (_, ordinal) => `${etcdStatefulSet.name}-${ordinal}`);
}

/**
 * Undefined without an etcd. Where programs may not be run in pods, leader and size stay unknown; a parent that does not respond is
 * Problem `cluster-unreachable`.
 */
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
  const names = memberNames(set);
  const asked = await Promise.all(
    names.map(async (name) => {
      const found = pods.find(({ metadata }) => metadata.name === name);
      const answer = isRunning(found) ? await statusOf(clients, parent, name, call) : undefined;
      return { name, node: found?.spec?.nodeName, ready: isReady(found), answer };
    }),
  );
  const answers = asked.flatMap(({ answer }) => answer ?? []);
  return {
    members: asked.map(({ name, node, ready, answer }) => ({
      name,
      responds: ready || answer !== undefined,
      isLeader: answer?.isLeader === true,
      node,
      zone: node === undefined ? undefined : zoneOf.get(node),
    })),
    hasQuorum: asked.filter(({ ready, answer }) => ready || answer?.hasLeader).length > names.length / 2,
    sizeBytes: largest(answers.map(({ sizeBytes }) => sizeBytes)),
    quotaBytes: answers.find(({ quotaBytes }) => quotaBytes !== undefined)?.quotaBytes,
    alarms: [...new Set(answers.flatMap(({ alarms }) => alarms))],
    zones: new Set([...zoneOf.values()].filter((zone) => zone !== undefined)).size,
  };
}

/** What is wrong or close to it, in one line, and what to do. */
export interface EtcdWarning {
  readonly what: string;
  readonly next: readonly string[];
}

export function etcdWarnings(health: EtcdHealth, fleet: NamedFleet): readonly EtcdWarning[] {
  const { members, hasQuorum, sizeBytes, quotaBytes, alarms, zones } = health;
  const silent = members.filter(({ responds }) => !responds).map(({ name }) => name);
  const count = `${members.length - silent.length} of ${members.length} members respond`;
  const describe = silent.map((name) => `find out why: kubectl -n ${karmadaNamespace} describe pod ${name}`);
  return [
    ...(hasQuorum
      ? silent.map((name) => ({
          what: `etcd: ${name} does not respond (${count}): the loss of another member stops Karmada`,
          next: [...describe, `if its volume is lost, replace it: ${fleetCommand('up', fleet)}`],
        }))
      : [
          {
            what: `etcd has no quorum (${count}): nothing can be written to the Karmada API`,
            next: [...describe, 'bring back the nodes or volumes of the members that do not respond'],
          },
        ]),
    ...alarms.map((alarm) => ({ what: `etcd raised the alarm ${alarm}${meanings[alarm] ?? ''}`, next: [maintenance] })),
    ...fillWarnings(sizeBytes, quotaBytes),
    ...crowded(members, 'node', fleet),
    // With fewer zones than members two must share one.
    ...(zones >= members.length ? crowded(members, 'zone', fleet) : []),
  ];
}

const maintenance = 'see Maintenance in etcd’s operations guide: compact, defragment, disarm the alarm';

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

function fillWarnings(size: number | undefined, quota: number | undefined): readonly EtcdWarning[] {
  if (size === undefined || quota === undefined || quota === 0 || size < quota * nearlyFull) return [];
  const percent = Math.round((size / quota) * 100);
  const what = `etcd’s database is ${mebibytes(size)} of ${mebibytes(quota)} (${percent} %): at its quota the Karmada API refuses writes`;
  return [{ what, next: ['delete what Karmada does not need', maintenance] }];
}

/** A place whose loss takes the quorum. */
function crowded(
  members: readonly EtcdMemberHealth[],
  place: 'node' | 'zone',
  fleet: NamedFleet,
): readonly EtcdWarning[] {
  const places = [...new Set(members.flatMap((member) => member[place] ?? []))];
  return places.flatMap((at) => {
    const there = members.filter((member) => member[place] === at).map(({ name }) => name);
    if (members.length < 3 || there.length < 2) return [];
    const where = `${place === 'node' ? 'on' : 'in'} the same ${place} (${at})`;
    const next = [
      `bring back a node for each member${place === 'zone' ? ', each in another zone' : ''}, then run ${fleetCommand('up', fleet)}`,
    ];
    return [{ what: `etcd: ${there.join(' and ')} are ${where}: its loss stops Karmada`, next }];
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
    if (thrown instanceof Problem && ['tool-failed', 'tool-timed-out'].includes(thrown.code)) return undefined;
    throw thrown;
  }
}

function isRunning(found: KubePod | undefined): boolean {
  return found?.status?.phase === 'Running';
}

function largest(sizes: readonly number[]): number | undefined {
  return sizes.length === 0 ? undefined : Math.max(...sizes);
}
