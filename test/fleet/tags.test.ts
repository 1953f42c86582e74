/** Which tags of the user's own are taken: those that AWS, eksctl, the cloud controller and the EBS CSI driver all take, and nobody else's. */
import { expect, it } from 'vitest';
import { lackingTags, sortedTags, wrongTags } from '../../src/fleet/settings/tags.js';

it('takes what every service takes', () => {
  expect(wrongTags({ team: 'shop', 'Kosten stelle': 'Zürich 4.2/x', 'a:b_c+d-e.f@g': 'mail@example.com' })).toEqual([]);
  expect(wrongTags({ ['k'.repeat(128)]: 'v'.repeat(256) })).toEqual([]);
  expect(wrongTags(Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`key${index}`, 'x'])))).toEqual([]);
});

it.each([
  'aws:team',
  'AWS:team',
  'eks:cluster-name',
  'karmada-eks/fleet',
  'Name',
  'KubernetesCluster',
  'CSIVolumeName',
  'kubernetes.io/cluster/shop',
  'kubernetes.io-x',
  'k8s.io/cluster-autoscaler/enabled',
  'service.k8s.aws/stack',
  'alpha.eksctl.io/cluster-name',
  'node.k8s.amazonaws.com/instance_id',
  'ebs.csi.aws.com/cluster',
])('refuses %s, which others set or which marks what is theirs', (key) => {
  expect(wrongTags({ [key]: 'x' })).toEqual([`${key}: the key is reserved for AWS, Kubernetes, eksctl or karmada-eks`]);
});

it.each(['karmada', 'names', 'example.com/team', 'eksctl', 'my-aws:team'])(
  'takes %s, which only resembles one',
  (key) => {
    expect(wrongTags({ [key]: 'x' })).toEqual([]);
  },
);

const characters = 'use letters, digits, spaces and _ . : / + - @, without a space at either end';

it.each([
  [{ ['k'.repeat(129)]: 'x' }, 'expected a key of at most 128 characters'],
  [{ 'a=b': 'x' }, `invalid key: ${characters}`],
  [{ ' a': 'x' }, `invalid key: ${characters}`],
  [{ a: '' }, 'expected a value'],
  [{ a: 'v'.repeat(257) }, 'expected a value of at most 256 characters'],
  [{ a: 'x,b=y' }, `invalid value: ${characters}`],
  [{ a: 'x=y' }, `invalid value: ${characters}`],
  [{ a: '{{ .PVCName }}' }, `invalid value: ${characters}`],
  [{ a: 'x\ny' }, `invalid value: ${characters}`],
])('refuses %j', (tags, what) => {
  expect(wrongTags(tags)).toEqual([`${Object.keys(tags)[0]}: ${what}`]);
});

it('refuses keys that IAM takes for one, and more than fit beside what others set', () => {
  expect(wrongTags({ Team: 'a', team: 'b' })).toEqual([
    'Team: IAM takes Team and team for the same key',
    'team: IAM takes team and Team for the same key',
  ]);
  expect(wrongTags(Object.fromEntries(Array.from({ length: 31 }, (_, index) => [`key${index}`, 'x'])))).toEqual([
    'expected at most 30 tags, got 31',
  ]);
});

it('tells which are not there, whatever else is', () => {
  expect(lackingTags({ a: '1', b: '2', c: '3' }, { a: '1', b: '3', other: 'x' })).toEqual(['b=2', 'c=3']);
  expect(Object.keys(sortedTags({ b: '1', a: '2' }))).toEqual(['a', 'b']);
});
