/** Whose an object in a cluster is, by its label and by what proves that the fleet made it. */
import { expect, it } from 'vitest';
import { configMapVerdict, objectVerdict } from '../../src/ownership/object-ownership.js';

const id = 'abcdefabcdef.111122223333.us-west-2';
const labels = { 'karmada-eks/fleet': id };

function appliedWith(applied: unknown): Record<string, string> {
  return { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(applied) };
}

it.each([
  [
    'label and what was applied',
    labels,
    appliedWith({ metadata: { labels } }),
    false,
    'this fleet (tag and what was applied)',
  ],
  ['label in a cluster of the fleet', labels, {}, true, 'this fleet (tag and its cluster)'],
  ['label alone', labels, {}, false, 'perhaps this fleet (tag only)'],
  [
    'label put on what others applied',
    labels,
    appliedWith({ metadata: { labels: { app: 'x' } } }),
    false,
    'perhaps this fleet (tag only)',
  ],
  ['label on what was applied with nothing', labels, appliedWith(null), false, 'perhaps this fleet (tag only)'],
  [
    'what was applied alone',
    {},
    appliedWith({ metadata: { labels } }),
    false,
    'perhaps this fleet (what was applied only)',
  ],
  [
    'another fleet’s label',
    { 'karmada-eks/fleet': 'other' },
    appliedWith({ metadata: { labels } }),
    true,
    'not ours: tag of fleet other',
  ],
  ['nothing', {}, {}, false, 'not ours: no mark of this fleet'],
])('%s', (_, given, annotations, inOwnCluster, evidence) => {
  expect(objectVerdict(id, { metadata: { labels: given, annotations } }, inOwnCluster).evidence).toBe(evidence);
});

it('counts for nothing what is no JSON', () => {
  const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': '{' };
  expect(objectVerdict(id, { metadata: { labels, annotations } }, false).whose).toBe('perhaps');
});

it('what existed before is never the fleet’s, whatever proves it', () => {
  expect(configMapVerdict(id, id, { proof: 'its cluster', existed: true }).evidence).toBe('not ours: existed before');
});
