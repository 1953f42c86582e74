/** What a load balancer presents is asked so often that each API server behind it has answered. */
import { expect, it } from 'vitest';
import { makePki } from '../../../src/rehearsal/kube/karmada/pki.js';
import { presentedAt } from '../../../src/steps/certificates/await-presented.js';
import type { FleetContext } from '../../../src/steps/context.js';

const certificates = ['old', 'new'].map(
  (seed) => makePki({ seed, now: Date.UTC(2026, 0, 1), dnsNames: [], addresses: [] })['apiserver.crt'] ?? '',
);

/** The n-th connection leads to what `answer` tells. */
function contextOf(answer: (n: number) => string | undefined): Pick<FleetContext, 'clients'> {
  let n = 0;
  const presentedBy = async () => {
    n += 1;
    const certificate = answer(n);
    return certificate === undefined
      ? { kind: 'failed' as const, reason: 'connect ECONNREFUSED' }
      : { kind: 'presented' as const, certificate };
  };
  return { clients: { world: { presentedBy } } } as unknown as Pick<FleetContext, 'clients'>;
}

it('finds the one that presents another certificate', async () => {
  const { presented } = await presentedAt(
    contextOf((n) => certificates[n === 12 ? 0 : 1]),
    'lb',
  );
  expect(presented).toHaveLength(2);
});

it('tells why nothing is known', async () => {
  expect(
    await presentedAt(
      contextOf(() => undefined),
      'lb',
    ),
  ).toEqual({ presented: [], silence: 'connect ECONNREFUSED' });
});
