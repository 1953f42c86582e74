/** `kubectl exec` of etcdctl 3.6.6 in a member of Karmada's etcd, and `kubectl logs` of one. */

import { type Arguments, unmodelled } from '../../arguments.js';
import type { ToolProcess } from '../../simulation.js';
import type { ApiState, KubeObjectState } from '../../state.js';
import { Refusal } from '../api-server/refusal.js';
import { findObject } from '../api-server/store.js';
import { etcdMembers, newMember, peerUrlOf, refusedMember, setEtcdMembers } from '../controllers/etcd-members.js';
import { isReady } from '../controllers/scheduling.js';

const program = ['/usr/local/bin/etcdctl', '--endpoints=http://127.0.0.1:2379'].join(' ');

/** What is asked of the member in the pod; `argv` is what follows `--`. */
export function execEtcdctl(process: ToolProcess, api: ApiState, args: Arguments, argv: readonly string[]): number {
  const pod = memberPod(process, api, args);
  const words = argv.join(' ');
  if (!words.startsWith(`${program} `)) throw unmodelled('kubectl', process);
  if (pod['status'] === undefined || !isRunning(pod)) {
    process.err('error: Internal error occurred: unable to upgrade connection: container not found ("etcd")');
    return 1;
  }
  const asked = words.slice(program.length + 1);
  if (asked === 'endpoint status --write-out=json') process.out(statusOf(api, pod));
  else if (asked === 'member list --hex --write-out=json') process.out(memberList(api));
  else if (!isReady(pod)) return refused(process, 'context deadline exceeded');
  else return changeMembers(process, api, asked);
  return 0;
}

/** With `--previous` the container that ended before. */
export function printLogs(process: ToolProcess, api: ApiState, args: Arguments): number {
  const line = refusedMember(api, memberPod(process, api, args));
  if (line !== undefined) process.out(line);
  return 0;
}

function changeMembers(process: ToolProcess, api: ApiState, asked: string): number {
  const members = etcdMembers(api);
  const [, verb, what = '', url] = /^member (remove|add) (\S+)(?: --peer-urls=(\S+))?$/.exec(asked) ?? [];
  if (verb === 'remove') {
    const kept = members.filter(({ id }) => id !== what);
    if (kept.length === members.length) return refused(process, 'etcdserver: member not found');
    setEtcdMembers(api, kept);
    process.out(`Member ${what} removed from cluster`);
    return 0;
  }
  if (verb !== 'add' || url !== peerUrlOf(what)) throw unmodelled('kubectl', process);
  if (members.some(({ peerUrl }) => peerUrl === url)) return refused(process, 'etcdserver: Peer URLs already exists');
  const added = newMember(url, process.simulation.id('member'), true);
  setEtcdMembers(api, [...members, added]);
  process.out(`Member ${added.id} added to cluster`);
  return 0;
}

function refused(process: ToolProcess, why: string): number {
  process.err(`Error: ${why}`);
  process.err('command terminated with exit code 1');
  return 1;
}

/** Ids are decimal numbers of 64 bits here, which JSON.stringify cannot write. */
function statusOf(api: ApiState, pod: KubeObjectState): string {
  const members = etcdMembers(api);
  const own = members.find(({ name }) => name === pod.metadata.name)?.id ?? '0';
  const leader = isReady(pod) ? leaderOf(api) : '0';
  const header = `{"cluster_id":1,"member_id":${decimal(own)},"raft_term":2}`;
  const quota = 2 ** 31;
  const errors = leader === '0' ? ',"errors":["etcdserver: no leader"]' : `,"leader":${decimal(leader)}`;
  return `[{"Endpoint":"http://127.0.0.1:2379","Status":{"header":${header},"version":"3.6.6","dbSize":${20 * 2 ** 20}${errors},"dbSizeQuota":${quota}}}]`;
}

/** Id of the first member that serves. */
export function leaderOf(api: ApiState): string {
  const serving = etcdMembers(api).find(({ name }) => {
    const pod = findObject(api, 'pods', 'karmada-system', name);
    return pod !== undefined && isReady(pod);
  });
  return serving?.id ?? '0';
}

function memberList(api: ApiState): string {
  const members = etcdMembers(api).map(({ id, name, peerUrl }) => ({ ID: id, name, peerURLs: [peerUrl] }));
  return JSON.stringify({ header: { cluster_id: '1', member_id: '1', raft_term: 2 }, members });
}

export function decimal(hex: string): string {
  return BigInt(`0x${hex}`).toString();
}

/** The pod that is named first, also as `pod/NAME`. */
export function memberPod(process: ToolProcess, api: ApiState, args: Arguments): KubeObjectState {
  const name = (args.positional[1] ?? '').replace(/^pod\//, '');
  if (args.value('namespace') !== 'karmada-system' || !/^etcd-\d+$/.test(name)) throw unmodelled('kubectl', process);
  const pod = findObject(api, 'pods', 'karmada-system', name);
  if (pod === undefined) throw new Refusal('NotFound', `pods "${name}" not found`);
  return pod;
}

export function isRunning(pod: KubeObjectState): boolean {
  return (pod['status'] as { phase?: string } | undefined)?.phase === 'Running';
}
