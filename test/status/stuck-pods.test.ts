/** What the cluster itself knows of pods that do not start, in the words of its objects and events. */
import { expect, it } from 'vitest';
import { Problem } from '../../src/errors/problem.js';
import { reasonsIn, withCauses } from '../../src/status/stuck-pods.js';
import type { KubeEvent, KubePod } from '../../src/tools/kubectl/objects.js';

function pod(name: string, more: Partial<KubePod>): KubePod {
  return { kind: 'Pod', metadata: { name }, ...more };
}

function event(kind: string, name: string, reason: string, message: string, type = 'Warning', second = 1): KubeEvent {
  const lastTimestamp = `2026-11-22T12:00:0${second}Z`;
  return {
    kind: 'Event',
    metadata: { name: `${name}.${second}` },
    type,
    reason,
    message,
    involvedObject: { kind, name },
    lastTimestamp,
  };
}

const now = Date.parse('2026-11-22T12:05:00Z');

const waiting = (reason: string, message: string, image = 'registry.k8s.io/etcd:3.6') => ({
  status: { containerStatuses: [{ image, state: { waiting: { reason, message } } }] },
});

const told = (seen: Partial<Parameters<typeof reasonsIn>[0]>): readonly string[] =>
  reasonsIn({ pods: [], claims: [], events: [], now, ...seen }).map(({ text }) => text);

it('tells of an image once, with what the registry said last', () => {
  const pods = [
    pod('etcd-0', waiting('ErrImagePull', '')),
    pod('etcd-1', waiting('ImagePullBackOff', 'Back-off pulling image "registry.k8s.io/etcd:3.6"')),
    pod('karmada-webhook-1', waiting('ContainerCreating', '')),
  ];
  const pull = (end: string, second: number): KubeEvent =>
    event('Pod', 'etcd-0', 'Failed', `Failed to pull image "registry.k8s.io/etcd:3.6": ${end}`, 'Warning', second);
  const events = [
    pull('429 Too Many Requests', 2),
    pull('timeout', 1),
    event('Pod', 'etcd-0', 'Failed', 'Error: ErrImagePull', 'Warning', 3),
  ];
  expect(told({ pods, events })).toEqual([
    'etcd-0 and 1 more pod: Failed to pull image "registry.k8s.io/etcd:3.6": 429 Too Many Requests',
  ]);
  expect(told({ pods: pods.slice(1) })).toEqual([
    'etcd-1: ImagePullBackOff: Back-off pulling image "registry.k8s.io/etcd:3.6"',
  ]);
});

it('tells of a Secret that is not there where the image cannot be pulled without', () => {
  const pods = [pod('etcd-0', waiting('ErrImagePull', ''))];
  const secret = 'Unable to retrieve some image pull secrets (logins); attempting to pull the image may not succeed.';
  const events = [
    event('Pod', 'etcd-0', 'Failed', 'Failed to pull image "etcd": no basic auth credentials'),
    event('Pod', 'etcd-0', 'FailedToRetrieveImagePullSecret', secret),
  ];
  expect(told({ pods, events })).toEqual([`etcd-0: Failed to pull image "etcd": no basic auth credentials; ${secret}`]);
});

it('tells why a claim gets no volume, before the words of the pod that waits for it', () => {
  const unscheduled = [
    { type: 'PodScheduled', status: 'False', message: 'pod has unbound immediate PersistentVolumeClaims' },
  ];
  const pods = [
    pod('etcd-0', {
      spec: { volumes: [{ persistentVolumeClaim: { claimName: 'etcd-data-etcd-0' } }] },
      status: { conditions: unscheduled },
    }),
  ];
  const claims = [
    { kind: 'PersistentVolumeClaim', metadata: { name: 'etcd-data-etcd-0' }, status: { phase: 'Pending' } },
  ];
  const about = ['PersistentVolumeClaim', 'etcd-data-etcd-0'] as const;
  const events = [
    event(...about, 'ExternalProvisioning', 'Waiting for a volume to be created', 'Normal', 3),
    event(...about, 'ProvisioningFailed', 'failed to provision volume:\n  KMS key is disabled', 'Warning', 2),
  ];
  expect(told({ pods, claims, events })).toEqual([
    'etcd-0: its claim etcd-data-etcd-0 gets no volume: ProvisioningFailed: failed to provision volume: KMS key is disabled',
  ]);
  expect(told({ pods, claims })).toEqual(['etcd-0: pod has unbound immediate PersistentVolumeClaims']);
});

it('tells of pods that nobody makes, of volumes that are not attached, and images first', () => {
  const pods = [
    pod('a-1', { status: { conditions: [{ type: 'Ready', status: 'True' }] } }),
    pod('b-1', waiting('ContainerCreating', '')),
    pod('c-1', waiting('CrashLoopBackOff', 'back-off 10s')),
    pod('d-1', waiting('InvalidImageName', '')),
  ];
  const events = [
    event('Pod', 'a-1', 'FailedMount', 'long ago'),
    event('Pod', 'b-1', 'FailedAttachVolume', 'Multi-Attach error'),
    event('ReplicaSet', 'karmada-scheduler-7f', 'FailedCreate', 'exceeded quota: few'),
  ];
  expect(told({ pods, events })).toEqual([
    'd-1: InvalidImageName',
    'karmada-scheduler-7f: exceeded quota: few',
    'b-1: Multi-Attach error',
    'c-1: CrashLoopBackOff: back-off 10s',
  ]);
});

it('tells of pods that nobody makes only as long as that lasts', () => {
  const failed = event('ReplicaSet', 'karmada-scheduler-7f', 'FailedCreate', 'exceeded quota: few', 'Warning', 5);
  const made = (name: string, second: number): KubePod => ({
    kind: 'Pod',
    metadata: { name, creationTimestamp: `2026-11-22T12:00:0${second}Z` },
    status: { conditions: [{ type: 'Ready', status: 'True' }] },
  });
  const lasting = ['karmada-scheduler-7f: exceeded quota: few'];
  expect(told({ events: [failed] })).toEqual(lasting);
  expect(told({ events: [failed], pods: [made('karmada-scheduler-7f-1', 4), made('etcd-0', 9)] })).toEqual(lasting);
  expect(told({ events: [failed], pods: [made('karmada-scheduler-7f-1', 5)] })).toEqual([]);
  expect(told({ events: [failed], pods: [made('karmada-scheduler-8b-1', 6)] })).toEqual([]);
  expect(told({ events: [failed], now: now + 20 * 60_000 })).toEqual([]);
});

it('leaves room for another reason beside those of several controllers', () => {
  const events = ['a', 'b', 'c'].map((name) => event('StatefulSet', name, 'FailedCreate', `${name}: exceeded quota`));
  const pods = [pod('d-1', waiting('CrashLoopBackOff', 'back-off 10s'))];
  const failed = new Problem('karmada-init-failed', { what: 'init failed' });
  expect(withCauses(failed, reasonsIn({ pods, claims: [], events, now })).why).toBe(
    'a: a: exceeded quota; d-1: CrashLoopBackOff: back-off 10s',
  );
});

it('puts the causes before the words of a failure, and none of them twice', () => {
  const causes = reasonsIn({ pods: [pod('etcd-0', waiting('ErrImagePull', 'denied'))], claims: [], events: [], now });
  const failed = new Problem('karmada-init-failed', {
    what: 'init failed',
    why: 'expected 3 replicas, got 0',
    next: ['look'],
  });
  const better = withCauses(failed, causes);
  expect(better).toMatchObject({
    code: 'karmada-init-failed',
    why: 'etcd-0: ErrImagePull: denied; expected 3 replicas, got 0',
    next: ['look'],
  });
  expect(withCauses(better, causes)).toBe(better);
  expect(withCauses(failed, [])).toBe(failed);
});
