/** Whether Karmada would change an object in a member: what the member's own Kubernetes adds is no difference. */
import { describe, expect, it } from 'vitest';
import { isSameInMember } from '../../src/backup/same-in-member.js';

const manifest = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {
    name: 'web',
    labels: { app: 'web', 'work.karmada.io/permanent-id': 'one' },
    annotations: {
      'resourcetemplate.karmada.io/generation': '2',
      'kubectl.kubernetes.io/last-applied-configuration': '{}',
      team: 'a',
    },
  },
  spec: {
    replicas: 3,
    template: { spec: { containers: [{ name: 'web', image: 'nginx', resources: {} }], securityContext: {} } },
  },
};
const member = {
  ...manifest,
  metadata: {
    name: 'web',
    uid: 'u',
    labels: { app: 'web', 'work.karmada.io/permanent-id': 'two', zone: 'x' },
    annotations: { 'deployment.kubernetes.io/revision': '1', team: 'a' },
  },
  spec: {
    replicas: 3,
    paused: false,
    template: { spec: { containers: [{ name: 'web', image: 'nginx', terminationMessagePath: '/x' }] } },
  },
  status: { replicas: 3 },
};
const withSpec = (spec: object) => ({ ...member, spec: { ...member.spec, ...spec } });

describe('an object in a member', () => {
  it('is the same with what its own Kubernetes and Karmada have added', () => {
    expect(isSameInMember(manifest, member)).toBe(true);
  });

  it.each([
    ['other replicas', withSpec({ replicas: 4 })],
    ['no replicas', withSpec({ replicas: undefined })],
    ['another image', withSpec({ template: { spec: { containers: [{ name: 'web', image: 'nginx:2' }] } } })],
    [
      'one container more',
      withSpec({ template: { spec: { containers: [{ name: 'web', image: 'nginx' }, { name: 'b' }] } } }),
    ],
    ['a text instead of a list', withSpec({ template: { spec: { containers: 'web' } } })],
    ['nothing in it', { metadata: member.metadata }],
    ['another label', { ...member, metadata: { ...member.metadata, labels: { app: 'other' } } }],
    ['another annotation', { ...member, metadata: { ...member.metadata, annotations: { team: 'b' } } }],
    ['no labels', { ...member, metadata: { name: 'web' } }],
  ])('differs with %s', (_, found) => {
    expect(isSameInMember(manifest, found)).toBe(false);
  });

  it('compares data, too, and not the status', () => {
    const map = { kind: 'ConfigMap', metadata: { name: 'c' }, data: { a: '1' }, status: { x: 1 } };
    expect(isSameInMember(map, { metadata: { name: 'c' }, data: { a: '1', b: '2' } })).toBe(true);
    expect(isSameInMember(map, { metadata: { name: 'c' }, data: { a: '2' } })).toBe(false);
  });
});
