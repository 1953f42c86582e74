/** A component whose pods would find no node is not restarted. */
import { expect, it } from 'vitest';
import { karmadaComponents } from '../../../src/fleet/karmada-components.js';
import { differencesOf, restarts } from '../../../src/steps/karmada/component-form.js';

const workload = (replicas: number) => ({
  kind: 'Deployment',
  metadata: { name: 'karmada-webhook' },
  spec: { replicas, template: { spec: { containers: [{ name: 'karmada-webhook' }] } } },
});

it.each([
  [2, true],
  [1, false],
])('with two pods and %i nodes', (nodes, expected) => {
  const component = karmadaComponents.find(({ name }) => name === 'karmada-webhook') ?? expect.unreachable('none');
  const found = differencesOf(component, workload(2), { nodes, etcdApart: true, keepsTolerations: false });
  expect(restarts(found)).toBe(expected);
  expect(found.map(({ what }) => what)).toContain('rollout strategy');
});
