/** Which volumes are Karmada's own and which hold users' data: by namespace and name of the claim, both. */
import { expect, it } from 'vitest';
import { claimIn, isEtcdClaim } from '../../src/leftovers/volume-claims.js';

it.each([
  ['karmada-system', 'etcd-data-etcd-0', true],
  ['karmada-system', 'etcd-data-etcd-12', true],
  ['karmada-system', 'etcd-data-etcd-backup', false],
  ['karmada-system', 'data-prometheus-0', false],
  ['shop', 'etcd-data-etcd-0', false],
])('of %s/%s: etcd’s is %s', (namespace, name, isEtcds) => {
  const tags = { 'kubernetes.io/created-for/pvc/namespace': namespace, 'kubernetes.io/created-for/pvc/name': name };
  expect(isEtcdClaim({ namespace, name })).toBe(isEtcds);
  expect(claimIn(tags)).toEqual({ namespace, name });
});

it('finds none where the driver named none', () => {
  expect(claimIn({ 'kubernetes.io/cluster/one': 'owned' })).toBeUndefined();
});
