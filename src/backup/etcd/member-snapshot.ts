/** Saves the snapshot of one member of etcd into a file, as it comes. */
import { createHash } from 'node:crypto';
import { Problem } from '../../errors/problem.js';
import { type Gateway, type GatewayStatus, gatewaySnapshot } from '../../tools/etcd/gateway.js';
import type { Call } from '../../tools/run.js';
import type { Files } from '../../world/files.js';
import type { Stage } from '../encryption/seal.js';
import { tenths } from '../tenths.js';
import { SnapshotSum } from './snapshot-sum.js';

export interface SavedSnapshot extends Pick<GatewayStatus, 'version' | 'revision'> {
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** Where a snapshot goes. */
export interface SnapshotTarget {
  readonly path: string;
  /** What the bytes pass on their way into the file; all sums are of what comes from etcd. */
  readonly seal: Stage;
}

/** @throws Problem `backup-failed`, `file-failed`, `network-unreachable`, `tool-output`, `interrupted` */
export async function saveMemberSnapshot(
  files: Pick<Files, 'writeStream'>,
  etcd: Gateway,
  { version, revision }: GatewayStatus,
  { path, seal }: SnapshotTarget,
  call: Call,
): Promise<SavedSnapshot> {
  const sum = createHash('sha256');
  const own = new SnapshotSum();
  let sizeBytes = 0;
  const bytes = async function* (): AsyncGenerator<Uint8Array> {
    const tell = tenths(call, 'received');
    for await (const piece of gatewaySnapshot(etcd, call)) {
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
  await files.writeStream(path, seal(bytes()));
  return { version, revision, sizeBytes, sha256: sum.digest('hex') };
}
