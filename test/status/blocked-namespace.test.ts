/** What a namespace says of itself while it is not deleted. */
import { expect, it } from 'vitest';
import { blockersIn } from '../../src/status/blocked-namespace.js';

const going = (...conditions: readonly [type: string, message: string, status?: string][]) => ({
  kind: 'Namespace',
  metadata: { name: 'karmada-system' },
  status: { conditions: conditions.map(([type, message, status = 'True']) => ({ type, message, status })) },
});

it('is told with the cause before what remains, and without what is well', () => {
  const finalizers =
    'Some content in the namespace has finalizers remaining: service.kubernetes.io/load-balancer-cleanup in 1 resource instances';
  const remaining = 'Some resources are remaining: services. has 1 resource instances';
  const found = going(
    ['NamespaceContentRemaining', remaining],
    ['NamespaceDeletionDiscoveryFailure', 'All resources successfully discovered', 'False'],
    ['NamespaceFinalizersRemaining', finalizers],
  );
  expect(blockersIn(found)).toBe(`${finalizers}; ${remaining}`);
});

it('is nothing where there are no conditions, or all is well', () => {
  expect(blockersIn({ kind: 'Namespace', metadata: { name: 'x' } })).toBe(undefined);
  expect(blockersIn(going(['NamespaceContentRemaining', 'All content successfully removed', 'False']))).toBe(undefined);
});
