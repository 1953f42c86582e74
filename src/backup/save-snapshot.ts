/** Saves a snapshot of Karmada's etcd into a file: from a member that serves, rather one that does not lead. */
import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { etcdPods, etcdStatefulSet } from '../access/etcd.js';
import type { Clients } from '../clients/clients.js';
import { Problem } from '../errors/problem.js';
import { karmadaNamespace } from '../fleet/names.js';
import { type GatewayStatus, gatewaySnapshot, gatewayStatus } from '../tools/etcd/gateway.js';
import type { KubeAccess } from '../tools/kubectl/commands.js';
import { isReady, pod, workload } from '../tools/kubectl/objects.js';
import type { Call } from '../tools/run.js';
import type { Stage } from './encryption/seal.js';
import { notedPort, warnOfLeftPort } from './left-forward.js';
import { SnapshotSum } from './snapshot-sum.js';
import { tenths } from './tenths.js';

export interface SavedSnapshot extends Pick<GatewayStatus, 'version' | 'revision'> {
  readonly sizeBytes: number;
  readonly sha256: string;
}

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

interface Target {
  readonly path: string;
  /** What the bytes pass on their way into the file; all sums are of what comes from etcd. */
  readonly seal: Stage;
}

/** @throws Problem `backup-failed`, `file-failed`, `network-unreachable`, `tool-output`, `interrupted` */
export async function saveSnapshot(
  clients: Clients,
  parent: KubeAccess,
  into: Target,
  call: Call,
): Promise<SavedSnapshot> {
  await warnOfLeftPort(clients.world, parent, call);
  const names = await servingMembers(clients, parent, call);
  for (const [index, name] of names.entries()) {
    const isLast = index === names.length - 1;
    const at = { pod: name, namespace: karmadaNamespace, port: clientPort };
    const saved = await clients.kubectl.withPort(parent, at, call, (port) =>
      notedPort(clients.world, parent, port, async () => {
        const status = await gatewayStatus(clients.world.httpPost, port, call);
        // The leader has more to do than the others.
        return status.isLeader && !isLast ? undefined : await savedFrom(clients, port, status, into, call);
      }),
    );
    if (saved !== undefined) return saved;
  }
  throw new Problem('internal', { what: 'no member of etcd was asked for a snapshot' });
}

async function savedFrom(
  { world }: Clients,
  port: number,
  { version, revision }: GatewayStatus,
  { path, seal }: Target,
  call: Call,
): Promise<SavedSnapshot> {
  const sum = createHash('sha256');
  const own = new SnapshotSum();
  let sizeBytes = 0;
  const bytes = async function* (): AsyncGenerator<Uint8Array> {
    const tell = tenths(call, 'received');
    for await (const piece of gatewaySnapshot(world.httpPost, port, call)) {
      sum.update(piece.bytes);
      own.update(piece.bytes);
      sizeBytes += piece.bytes.length;
      tell(sizeBytes, sizeBytes + piece.remaining);
      yield piece.bytes;
    }
    if (!own.isRight())
      throw new Problem('backup-failed', {
        what: 'the snapshot of etcd is not whole: it does not match its SHA-256',
        next: ['run the same command again'],
      });
  };
  await world.files.writeStream(path, seal(bytes()));
  return { version, revision, sizeBytes, sha256: sum.digest('hex') };
}
