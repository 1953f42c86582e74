/** Why what is being deleted is still there, in the words of the cluster itself. */
import { expect, it } from 'vitest';
import { Problem } from '../../src/errors/problem.js';
import { holdersIn, withReason } from '../../src/status/held-deletions.js';
import type { KubeClaim, KubeEvent, KubeNode, KubePod } from '../../src/tools/kubectl/objects.js';

const going = '2026-11-22T12:00:00Z';
const hold = ['example.com/audit'];

function pod(name: string, more: object = {}, nodeName?: string, claimName?: string): KubePod {
  const volumes = claimName === undefined ? [] : [{ persistentVolumeClaim: { claimName } }];
  return { kind: 'Pod', metadata: { name, ...more }, spec: { ...(nodeName ? { nodeName } : {}), volumes } };
}

function claim(name: string, finalizers: string[] = []): KubeClaim {
  const all = ['kubernetes.io/pvc-protection', ...finalizers];
  return { kind: 'PersistentVolumeClaim', metadata: { name, deletionTimestamp: going, finalizers: all } };
}

function node(name: string, status: string, more: object = {}): KubeNode {
  return { kind: 'Node', metadata: { name }, status: { conditions: [{ type: 'Ready', status, ...more }] } };
}

const told = (seen: Partial<Parameters<typeof holdersIn>[0]>): string | undefined =>
  holdersIn({ pods: [], claims: [], workloads: [], nodes: [], events: [], ...seen });

it('names the node that does not respond, once for all its pods', () => {
  const silent = { reason: 'NodeStatusUnknown', message: 'Kubelet stopped posting node status.' };
  const pods = ['etcd-0', 'etcd-1'].map((name) => pod(name, { deletionTimestamp: going }, 'ip-10-0-1-5'));
  expect(told({ pods, nodes: [node('ip-10-0-1-5', 'Unknown', silent)] })).toBe(
    'pod etcd-0 and 1 more: node ip-10-0-1-5 does not respond (NodeStatusUnknown: Kubelet stopped posting node status.)',
  );
  expect(told({ pods, nodes: [node('ip-10-0-1-5', 'True')] })).toBeUndefined();
});

it('names the finalizers of pods, claims and workloads, and what a kubelet cannot end', () => {
  const metadata = { name: 'etcd', deletionTimestamp: going, finalizers: hold };
  const message = 'error killing pod: failed to "KillContainer": context deadline exceeded';
  const killing: KubeEvent = {
    kind: 'Event',
    metadata: { name: 'x' },
    reason: 'FailedKillPod',
    message,
    involvedObject: { kind: 'Pod', name: 'etcd-1' },
  };
  expect(told({ pods: [pod('etcd-0', { deletionTimestamp: going, finalizers: hold })] })).toBe(
    'pod etcd-0: held by finalizer example.com/audit',
  );
  expect(told({ workloads: [{ kind: 'StatefulSet', metadata }], claims: [claim('data-etcd-0', hold)] })).toBe(
    'statefulset etcd and 1 more: held by finalizer example.com/audit',
  );
  expect(told({ pods: [pod('etcd-1', { deletionTimestamp: going })], events: [killing] })).toBe(
    `pod etcd-1: ${message}`,
  );
});

it('names the pod that uses a claim, unless that is going itself', () => {
  const claims = [claim('data-etcd-0')];
  expect(told({ claims, pods: [pod('debug', {}, 'n', 'data-etcd-0')] })).toBe('claim data-etcd-0: in use by pod debug');
  const ending = pod('etcd-0', { deletionTimestamp: going, finalizers: hold }, 'n', 'data-etcd-0');
  expect(told({ claims, pods: [ending] })).toBe('pod etcd-0: held by finalizer example.com/audit');
  expect(told({ claims })).toBeUndefined();
});

it('says nothing of what stays, and stands before the failure’s own words', () => {
  expect(told({ pods: [pod('etcd-0', { finalizers: hold }, 'n')], nodes: [node('n', 'False')] })).toBeUndefined();
  const problem = new Problem('unjoin-failed', { what: 'x', why: 'context deadline exceeded', next: ['y'] });
  expect(withReason(problem, 'z').why).toBe('z; context deadline exceeded');
  expect(withReason(problem, undefined)).toBe(problem);
});
