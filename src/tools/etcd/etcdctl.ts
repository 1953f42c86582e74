/** etcdctl as the product uses it, in the pod of a member of Karmada's etcd: argv and output of etcd 3.6. */
import { z } from 'zod';
import { Problem } from '../../errors/problem.js';
import type { Kubectl } from '../kubectl/client.js';
import type { KubeAccess, PodContainer } from '../kubectl/commands.js';
import type { Call } from '../run.js';

/**
 * The program and the address at which a member listens for its own pod only, without certificates (karmada 1.18.2,
 * cmdinit/kubernetes/command.go). The image of Kubernetes' etcd contains it (kubernetes, cluster/images/etcd/Dockerfile).
 */
const etcdctl = ['/usr/local/bin/etcdctl', '--endpoints=http://127.0.0.1:2379'] as const;

export const etcdctlCommands = {
  status: [...etcdctl, 'endpoint', 'status', '--write-out=json'],
  members: [...etcdctl, 'member', 'list', '--hex', '--write-out=json'],
  remove: (id: string) => [...etcdctl, 'member', 'remove', id],
  add: (name: string, peerUrl: string) => [...etcdctl, 'member', 'add', name, `--peer-urls=${peerUrl}`],
} as const;

const statusSchema = z.tuple([
  z.object({
    Status: z.object({
      header: z.object({ member_id: z.string() }),
      leader: z.string().optional(),
      dbSize: z.number().default(0),
      dbSizeQuota: z.number().optional(),
      errors: z.array(z.string()).default([]),
    }),
  }),
]);

const membersSchema = z.object({
  members: z.array(z.object({ ID: z.string(), name: z.string(), peerURLs: z.array(z.string()) })),
});

/** What a member reports of itself. */
export interface EtcdStatus {
  readonly isLeader: boolean;
  /** Whether it knows a leader: without one there is no quorum. */
  readonly hasLeader: boolean;
  readonly sizeBytes: number;
  /** At this size etcd refuses writes; undefined before etcd 3.6. */
  readonly quotaBytes: number | undefined;
  /** Alarms of the cluster, e.g. `NOSPACE`. */
  readonly alarms: readonly string[];
}

/** A member as its cluster knows it. */
export interface EtcdMember {
  /** Hexadecimal. */
  readonly id: string;
  /** Empty until it has started. */
  readonly name: string;
  readonly peerUrls: readonly string[];
}

/** @throws Problem `tool-failed` if the member does not respond, `tool-output`, `cluster-unreachable` */
export async function etcdStatus(
  kubectl: Kubectl,
  access: KubeAccess,
  at: PodContainer,
  call: Call,
): Promise<EtcdStatus> {
  const printed = await kubectl.exec(access, at, etcdctlCommands.status, call);
  const [{ Status: found }] = understood(statusSchema, printed);
  const alarms = found.errors.flatMap((line) => /alarm:(\w+)/.exec(line)?.[1] ?? []);
  return {
    isLeader: found.leader === found.header.member_id,
    hasLeader: found.leader !== undefined && found.leader !== '0',
    sizeBytes: found.dbSize,
    quotaBytes: found.dbSizeQuota,
    alarms: [...new Set(alarms)],
  };
}

/** Asks the member in this pod. @throws Problem like `etcdStatus`; `tool-failed` also without quorum */
export async function etcdMembers(
  kubectl: Kubectl,
  access: KubeAccess,
  at: PodContainer,
  call: Call,
): Promise<readonly EtcdMember[]> {
  const printed = await kubectl.exec(access, at, etcdctlCommands.members, call);
  return understood(membersSchema, printed).members.map(({ ID, name, peerURLs }) => ({
    id: ID,
    name,
    peerUrls: peerURLs,
  }));
}

/** Ids are 64-bit numbers, which JSON.parse would round; `endpoint status` has no `--hex` for them. */
function understood<T>(schema: z.ZodType<T>, printed: string): T {
  try {
    return schema.parse(JSON.parse(printed.replace(/"(member_id|leader)":(\d+)/g, '"$1":"$2"')));
  } catch (cause) {
    throw new Problem('tool-output', {
      what: 'etcdctl printed its answer in an unexpected form',
      next: ['run the same command again'],
      cause,
    });
  }
}
