/** Saves a snapshot of Karmada's etcd into a file: from a member that serves, rather one that does not lead. */
import type { z } from 'zod';
import { etcdPods, etcdStatefulSet } from '../../access/etcd.js';
import type { Clients } from '../../clients/clients.js';
import { Problem } from '../../errors/problem.js';
import { karmadaNamespace } from '../../fleet/names.js';
import { forwardedGateway, gatewayStatus } from '../../tools/etcd/gateway.js';
import type { KubeAccess } from '../../tools/kubectl/commands.js';
import { isReady, pod, workload } from '../../tools/kubectl/objects.js';
import type { Call } from '../../tools/run.js';
import { notedPort, warnOfLeftPort } from './left-forward.js';
import { type SavedSnapshot, type SnapshotTarget, saveMemberSnapshot } from './member-snapshot.js';

const clientPort = 2379;

/** Whether there is an etcd at all; whether it serves shows when it is asked. */
export async function hasEtcd({ kubectl }: Clients, parent: KubeAccess, call: Call): Promise<boolean> {
  return (await kubectl.get(parent, etcdStatefulSet, workload, call)) !== undefined;
}

type Pod = z.infer<typeof pod>;

/** The last one first: each has read with a quorum. */
function readyOf(found: readonly Pod[]): readonly string[] {
  const names = found.filter(isReady).map(({ metadata }) => metadata.name);
  return names.sort().reverse();
}

/** A Ready pod of a member; undefined where there is none. */
export async function readyMember({ kubectl }: Clients, parent: KubeAccess, call: Call): Promise<string | undefined> {
  return readyOf(await kubectl.list(parent, etcdPods, pod, call))[0];
}

/** All Ready pods of members. @throws Problem `backup-failed` if there is none */
export async function servingMembers({ kubectl }: Clients, parent: KubeAccess, call: Call): Promise<readonly string[]> {
  const found = await kubectl.list(parent, etcdPods, pod, call);
  const names = readyOf(found);
  if (names.length > 0) return names;
  throw new Problem('backup-failed', {
    what: `Karmada’s etcd in ${parent.context} has no quorum: none of its members is Ready`,
    why: found.length === 0 ? 'it has no pods' : `${found.length} of its pods exist, and none is Ready`,
    next: [`find out why: kubectl -n ${karmadaNamespace} describe pods -l app=etcd`],
  });
}

/** @throws Problem `backup-failed`, `file-failed`, `network-unreachable`, `tool-output`, `interrupted` */
export async function saveSnapshot(
  clients: Clients,
  parent: KubeAccess,
  into: SnapshotTarget,
  call: Call,
): Promise<SavedSnapshot> {
  await warnOfLeftPort(clients.world, parent, call);
  const names = await servingMembers(clients, parent, call);
  for (const [index, name] of names.entries()) {
    const isLast = index === names.length - 1;
    const at = { pod: name, namespace: karmadaNamespace, port: clientPort };
    const saved = await clients.kubectl.withPort(parent, at, call, (port) =>
      notedPort(clients.world, parent, port, async () => {
        const etcd = forwardedGateway(clients.world.httpPost, port);
        const status = await gatewayStatus(etcd, call);
        // The leader has more to do than the others.
        return status.isLeader && !isLast
          ? undefined
          : await saveMemberSnapshot(clients.world.files, etcd, status, into, call);
      }),
    );
    if (saved !== undefined) return saved;
  }
  throw new Problem('internal', { what: 'no member of etcd was asked for a snapshot' });
}
