/** `kubectl port-forward` to a member of Karmada's etcd 3.6.6, and what its gateway answers there: its status, a snapshot, keys. */
import { createHash } from 'node:crypto';
import { type Arguments, unmodelled } from '../../arguments.js';
import { at, textAt } from '../../json.js';
import type { Listener, ToolProcess } from '../../simulation.js';
import type { ApiState, KubeObjectState } from '../../state.js';
import { etcdMembers } from '../controllers/etcd-members.js';
import { type EtcdKey, revisionAfter, snapshotFile } from '../etcd/snapshot-file.js';
import { deleteKeys, deletionsIn, isInRange, putKeys, putsIn, rangeIn, storedKeys } from '../etcd/stored-keys.js';
import { decimal, isRunning, leaderOf, memberPod } from './etcdctl.js';

const hour = 3_600_000;
const firstPort = 40_000;

/** Listens until it is stopped. */
export async function forwardEtcd(process: ToolProcess, api: ApiState, args: Arguments): Promise<number> {
  const pod = memberPod(process, api, args);
  if (args.positional[2] !== ':2379') throw unmodelled('kubectl', process);
  if (!isRunning(pod)) {
    process.err('error: unable to forward port because pod is not running. Current status=Pending');
    return 1;
  }
  const { listeners } = process.simulation;
  let port = firstPort;
  while (listeners.has(port)) port += 1;
  listeners.set(port, gatewayOf(process, api, pod));
  process.out(`Forwarding from 127.0.0.1:${port} -> 2379`);
  try {
    for (;;) await process.takes(hour);
  } finally {
    listeners.delete(port);
  }
}

function gatewayOf(process: ToolProcess, api: ApiState, pod: KubeObjectState): Listener {
  return (path, text) => {
    const body: unknown = JSON.parse(text);
    const keys = storedKeys(process, api);
    switch (path) {
      case '/v3/maintenance/status':
        return { status: 200, lines: [statusOf(api, pod, keys)] };
      case '/v3/maintenance/snapshot':
        return { status: 200, lines: snapshotOf(snapshotFile(keys)) };
      case '/v3/maintenance/alarm':
        return answered({});
      case '/v3/kv/range':
        return answered(rangeOf(keys, body));
      case '/v3/kv/deleterange':
        deleteKeys(process, api, rangeIn(body));
        return answered({});
      case '/v3/kv/txn':
        putKeys(process, api, putsIn(body));
        for (const range of deletionsIn(body)) deleteKeys(process, api, range);
        return answered({ succeeded: true });
      default:
        return { status: 404, lines: ['{"code":5, "message":"Not Found"}'] };
    }
  };
}

function answered(result: object): ReturnType<Listener> {
  return { status: 200, lines: [JSON.stringify({ header: { cluster_id: '1' }, ...result })] };
}

/** The gateway leaves out what is zero. */
function rangeOf(keys: readonly EtcdKey[], body: unknown): object {
  const range = rangeIn(body);
  const found = keys.filter(({ key }) => isInRange(range, key));
  const count = found.length === 0 ? {} : { count: `${found.length}` };
  if (at(body, 'count_only') === true) return count;
  const shown = found.slice(0, Number(textAt(body, 'limit') || found.length));
  const isWhole = at(body, 'keys_only') !== true;
  const kvs = shown.map(({ key, value }) => ({ key: base64(key), ...(isWhole && { value: base64(value) }) }));
  return { ...count, kvs, ...(shown.length < found.length && { more: true }) };
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

/** The gateway writes numbers of 64 bits as strings. */
function statusOf(api: ApiState, pod: KubeObjectState, keys: readonly EtcdKey[]): string {
  const own = etcdMembers(api).find(({ name }) => name === pod.metadata.name)?.id ?? '0';
  const header = { cluster_id: '1', member_id: decimal(own), revision: `${revisionAfter(keys)}`, raft_term: '2' };
  return JSON.stringify({ header, version: '3.6.6', leader: decimal(leaderOf(api)), dbSize: '20480' });
}

const pieceBytes = 32_768;

/** Pieces of 32 KiB, each with how much follows; then the SHA-256 of all of them. */
function snapshotOf(bytes: Buffer): readonly string[] {
  const lines: string[] = [];
  for (let start = 0; start < bytes.length; start += pieceBytes) {
    const blob = bytes.subarray(start, start + pieceBytes);
    const remaining = bytes.length - start - blob.length;
    lines.push(
      line({ ...(remaining === 0 ? {} : { remaining_bytes: `${remaining}` }), blob: blob.toString('base64') }),
    );
  }
  return [...lines, line({ blob: createHash('sha256').update(bytes).digest('base64') })];
}

function line(result: object): string {
  return JSON.stringify({ result: { ...result, version: '3.6.0' } });
}
