/** A component whose pods would find no node is not restarted, and none gets room that others' pods may have. */
import { expect, it } from 'vitest';
import { karmadaComponents } from '../../../src/fleet/karmada-components.js';
import { differencesOf, restarts } from '../../../src/steps/hardening/component-form.js';

const workload = (replicas: number) => ({
  kind: 'Deployment',
  metadata: { name: 'karmada-webhook' },
  spec: { replicas, template: { spec: { containers: [{ name: 'karmada-webhook' }] } } },
});

const webhook = () => karmadaComponents.find(({ name }) => name === 'karmada-webhook') ?? expect.unreachable('none');
const room = { nodes: 3, etcdApart: true, keepsTolerations: false, isShared: false };

it.each([
  [true, false],
  [false, true],
])('in a parent that others use (%s) it gets requests: %s', (isShared, expected) => {
  const found = differencesOf(webhook(), workload(2), { ...room, isShared });
  expect(found.some(({ what }) => what === 'no requests')).toBe(expected);
});

it.each([
  [2, true],
  [1, false],
])('with two pods and %i nodes', (nodes, expected) => {
  const found = differencesOf(webhook(), workload(2), { ...room, nodes });
  expect(restarts(found)).toBe(expected);
  expect(found.map(({ what }) => what)).toContain('rollout strategy');
});
