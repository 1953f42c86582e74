/** The sum at the end of a snapshot of etcd: its last 32 bytes are the SHA-256 of all before them (etcd 3.6, server/etcdserver/api/v3rpc/maintenance.go). */
import { createHash } from 'node:crypto';

const sumBytes = 32;

/** Takes a snapshot piece by piece. */
export class SnapshotSum {
  readonly #hash = createHash('sha256');
  #last: Buffer = Buffer.alloc(0);

  update(piece: Uint8Array): void {
    const held = Buffer.concat([this.#last, piece]);
    const end = Math.max(0, held.length - sumBytes);
    this.#hash.update(held.subarray(0, end));
    this.#last = held.subarray(end);
  }

  /** Once all of it is there; false also of one that is shorter than a sum. */
  isRight(): boolean {
    return this.#last.length === sumBytes && this.#hash.digest().equals(this.#last);
  }
}
