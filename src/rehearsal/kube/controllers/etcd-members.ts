/**
 * Who is a member of Karmada's etcd, and whether a pod may start as one: without its data it may not (etcd 3.6.6,
 * server/etcdserver/bootstrap.go). Kept with the headless Service, which outlives the StatefulSet.
 */

import { createHash } from 'node:crypto';
import { at, listAt, numberAt, textAt } from '../../json.js';
import type { ApiState, KubeObjectState } from '../../state.js';
import { findObject, listObjects } from '../api-server/store.js';
import { notes } from '../tick.js';
import { claimsOf } from './scheduling.js';

const namespace = 'karmada-system';

export interface EtcdMember {
  /** 16 hexadecimal digits. */
  readonly id: string;
  readonly peerUrl: string;
  /** Empty until it has started. */
  name: string;
  /** Of the PersistentVolume with its data; empty until it has started. */
  volume: string;
  /** Whether it was added to a cluster that runs: it may start only as one that joins. */
  readonly isAdded: boolean;
}

/** Empty before the cluster has formed, and once no member has its data any more: nobody knows of it then. */
export function etcdMembers(api: ApiState): readonly EtcdMember[] {
  const service = findObject(api, 'services', namespace, 'etcd');
  const kept = service === undefined ? undefined : notes(service)['members'];
  const members = Array.isArray(kept) ? (kept as EtcdMember[]) : [];
  const claims = listObjects(api, 'persistentvolumeclaims', namespace);
  const volumes = new Set(claims.map((claim) => textAt(at(claim, 'spec'), 'volumeName')));
  const hadData = members.filter(({ volume }) => volume !== '');
  return hadData.length > 0 && hadData.every(({ volume }) => !volumes.has(volume)) ? [] : members;
}

export function setEtcdMembers(api: ApiState, members: readonly EtcdMember[]): void {
  const service = findObject(api, 'services', namespace, 'etcd');
  if (service !== undefined) notes(service)['members'] = [...members];
}

export function newMember(peerUrl: string, salt: string, isAdded: boolean): EtcdMember {
  const id = createHash('sha256').update(`${peerUrl} ${salt}`).digest('hex').slice(0, 16);
  return { id: `8${id.slice(1)}`, peerUrl, name: '', volume: '', isAdded };
}

/** As `init` writes it into `--initial-cluster`. */
export function peerUrlOf(pod: string): string {
  return `http://${pod}.etcd.${namespace}.svc.cluster.local:2380`;
}

/** A member that serves has a name and data; the first one forms the cluster. */
export function joinEtcd(api: ApiState, pod: KubeObjectState): void {
  if (etcdMembers(api).length === 0) {
    const set = findObject(api, 'statefulsets', namespace, 'etcd');
    const count = numberAt(set, 'spec', 'replicas') ?? 1;
    const pods = Array.from({ length: count }, (_, ordinal) => `etcd-${ordinal}`);
    setEtcdMembers(
      api,
      pods.map((name) => ({ ...newMember(peerUrlOf(name), 'init', false), name })),
    );
  }
  const own = etcdMembers(api).find(({ peerUrl }) => peerUrl === peerUrlOf(pod.metadata.name));
  if (own === undefined) return;
  own.name = pod.metadata.name;
  own.volume = volumeOf(api, pod);
}

/** What etcd prints before it ends, where the pod may not start as a member. */
export function refusedMember(api: ApiState, pod: KubeObjectState): string | undefined {
  const members = etcdMembers(api);
  const volume = volumeOf(api, pod);
  if (members.length === 0 || volume === '') return undefined;
  const own = members.find(({ peerUrl }) => peerUrl === peerUrlOf(pod.metadata.name));
  const joins = listAt(pod, 'spec', 'containers', 0, 'command').includes('--initial-cluster-state=existing');
  if (own !== undefined && own.volume === '' && (joins || !own.isAdded)) return undefined;
  if (own !== undefined && own.volume === volume) return undefined;
  return `{"level":"fatal","msg":"discovery failed","error":"member ${own?.id ?? pod.metadata.name} has already been bootstrapped"}`;
}

function volumeOf(api: ApiState, pod: KubeObjectState): string {
  return claimsOf(api, pod)
    .map((claim) => textAt(at(claim, 'spec'), 'volumeName'))
    .join();
}
