/** `kubectl port-forward` to a member of Karmada's etcd 3.6.6, and what its gateway answers there: its status, a snapshot. */
import { createHash } from 'node:crypto';
import { type Arguments, unmodelled } from '../../arguments.js';
import { canonical } from '../../json.js';
import type { Listener, ToolProcess } from '../../simulation.js';
import type { ApiState, KubeObjectState } from '../../state.js';
import { karmadaKey } from '../controllers/control-plane.js';
import { etcdMembers } from '../controllers/etcd-members.js';
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

function gatewayOf({ simulation }: ToolProcess, api: ApiState, pod: KubeObjectState): Listener {
  return (path) => {
    const store = canonical(simulation.state.apis[karmadaKey(api)] ?? null);
    if (path === '/v3/maintenance/status') return { status: 200, lines: [statusOf(api, pod, store)] };
    if (path === '/v3/maintenance/snapshot') return { status: 200, lines: snapshotOf(store) };
    return { status: 404, lines: ['{"code":5, "message":"Not Found"}'] };
  };
}

/** The gateway writes numbers of 64 bits as strings. The revision grows with the store here. */
function statusOf(api: ApiState, pod: KubeObjectState, store: string): string {
  const own = etcdMembers(api).find(({ name }) => name === pod.metadata.name)?.id ?? '0';
  const header = { cluster_id: '1', member_id: decimal(own), revision: `${store.length}`, raft_term: '2' };
  return JSON.stringify({ header, version: '3.6.6', leader: decimal(leaderOf(api)), dbSize: `${store.length}` });
}

const pieceBytes = 32_768;

/** Pieces of 32 KiB, each with how much follows; then the SHA-256 of all of them. */
function snapshotOf(store: string): readonly string[] {
  const bytes = Buffer.from(store);
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
