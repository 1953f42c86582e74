/** Whether Karmada would change an object in a member: its API tells what it would make of it, and all of that counts. */
import { describe, expect, it } from 'vitest';
import { isSameInMember, retaining } from '../../src/backup/restore/same-in-member.js';

const manifest = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {
    name: 'web',
    labels: { app: 'web', 'work.karmada.io/permanent-id': 'one' },
    annotations: { 'resourcetemplate.karmada.io/generation': '2', team: 'a' },
  },
  spec: { replicas: 3, template: { spec: { containers: [{ name: 'web', image: 'nginx' }] } } },
};
const withDefaults = (spec: object) => ({ ...manifest, spec: { paused: false, ...spec } });
const replaced = withDefaults(manifest.spec);
const member = {
  ...replaced,
  metadata: {
    name: 'web',
    uid: 'u',
    labels: { app: 'web', 'work.karmada.io/permanent-id': 'two', zone: 'x' },
    annotations: { 'deployment.kubernetes.io/revision': '1', team: 'a' },
  },
  status: { replicas: 3 },
};
const templated = (template: object) => ({ ...member, spec: { ...member.spec, template } });
const [container] = manifest.spec.template.spec.containers;

describe('an object in a member', () => {
  it('is the same with what its own Kubernetes and Karmada have added', () => {
    expect(isSameInMember(manifest, member, replaced)).toBe(true);
  });

  it.each([
    ['other replicas', { ...member, spec: { ...member.spec, replicas: 4 } }],
    ['another image', templated({ spec: { containers: [{ name: 'web', image: 'nginx:2' }] } })],
    [
      'limits that the backup does not have',
      templated({ spec: { containers: [{ ...container, resources: { limits: { cpu: '1' } } }] } }),
    ],
    [
      'a restart since',
      templated({
        metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': 'now' } },
        ...manifest.spec.template,
      }),
    ],
    ['nothing in it', { metadata: member.metadata }],
    ['another label', { ...member, metadata: { ...member.metadata, labels: { app: 'other' } } }],
    ['another annotation', { ...member, metadata: { ...member.metadata, annotations: { team: 'b' } } }],
    ['no labels', { ...member, metadata: { name: 'web' } }],
  ])('differs with %s', (_, found) => {
    expect(isSameInMember(manifest, found, replaced)).toBe(false);
  });

  it('differs where data was added, which would be removed', () => {
    const map = { kind: 'ConfigMap', metadata: { name: 'c' }, data: { a: '1' } };
    expect(isSameInMember(map, { ...map, data: { a: '1', b: '2' } }, map)).toBe(false);
    expect(isSameInMember(map, { ...map, status: { x: 1 } }, map)).toBe(true);
  });
});

it('is written with what Karmada takes from the member', () => {
  const claim = { kind: 'PersistentVolumeClaim', metadata: { name: 'data' }, spec: { resources: {} } };
  const bound = { ...claim, spec: { resources: {}, volumeName: 'pvc-1' } };
  expect(retaining(claim, bound)).toEqual(bound);
  expect(retaining(claim, claim)).toEqual(claim);
  expect(retaining(manifest, member)).toBe(manifest);
});
