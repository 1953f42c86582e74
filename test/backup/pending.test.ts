/** What a backup was taken in the midst of: deletions, as JSON and as protobuf, and evictions. */
import { expect, it } from 'vitest';
import type { StoredKey } from '../../src/backup/etcd/etcd-file.js';
import { pendingIn } from '../../src/backup/restore/pending.js';

const bytes = (field: number, content: Buffer): Buffer =>
  Buffer.concat([Buffer.from([field * 8 + 2, content.length]), content]);

/** A Deployment as an API server stores it: only what is read of it. */
function binary(isGoing: boolean): Buffer {
  const time = isGoing ? [bytes(9, Buffer.from([8, 1]))] : [];
  const metadata = Buffer.concat([
    bytes(1, Buffer.from('web')),
    Buffer.from([7 * 8, 3]),
    bytes(8, Buffer.from([8, 1])),
    ...time,
  ]);
  return Buffer.concat([Buffer.from('k8s\0'), bytes(1, Buffer.from('apps/v1')), bytes(2, bytes(1, metadata))]);
}

const json = (object: object): Buffer => Buffer.from(JSON.stringify(object));
const stored = (key: string, value: Buffer): StoredKey => ({ key, value, leased: false });
const metadata = { name: 'web', namespace: 'shop' };
const going = { ...metadata, deletionTimestamp: '2026-11-22T12:00:00Z' };

it.each([
  ['deployments/shop/web', binary(true), ['deployments shop/web is deleted']],
  ['deployments/shop/web', binary(false), []],
  ['namespaces/shop', binary(true).subarray(0, 20), []],
  [
    'policy.karmada.io/propagationpolicies/shop/web',
    json({ metadata: going }),
    ['propagationpolicies shop/web is deleted'],
  ],
  ['policy.karmada.io/propagationpolicies/shop/web', json({ metadata }), []],
  ['work.karmada.io/works/karmada-es-one/web', json({ metadata: going }), []],
  [
    'work.karmada.io/resourcebindings/shop/web',
    json({ metadata, spec: { gracefulEvictionTasks: [{ fromCluster: 'one' }] } }),
    ['resourcebindings shop/web: its workloads leave a member'],
  ],
  ['work.karmada.io/resourcebindings/shop/web', json({ metadata, spec: { gracefulEvictionTasks: [] } }), []],
])('%s %#', (key, value, pending) => {
  expect(pendingIn([stored(`/registry/${key}`, value)])).toEqual(pending);
});
