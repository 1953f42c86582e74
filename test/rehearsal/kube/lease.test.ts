/** A Lease in a simulated API: made once, replaced and deleted only by whoever knows its version. Words of Kubernetes 1.34. */
import { expect, it } from 'vitest';
import { kubectlCommands as kubectl } from '../../../src/tools/kubectl/commands.js';
import { Lab } from './harness.js';

const time = '2026-11-22T12:00:00.123000Z';
const path = '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/karmada-eks';
const conflict =
  'Error from server (Conflict): error when replacing "STDIN": Operation cannot be fulfilled on leases.coordination.k8s.io "karmada-eks": ';

function lease(holderIdentity: string, metadata: object = {}, renewTime = time) {
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: 'karmada-eks', namespace: 'kube-system', ...metadata },
    spec: { holderIdentity, leaseDurationSeconds: 180, acquireTime: time, renewTime },
  };
}

async function made() {
  const lab = new Lab();
  const access = lab.addCluster('one');
  const { out } = await lab.run(kubectl.createNew(access, lease('a')));
  const { uid, resourceVersion } = JSON.parse(out).metadata;
  return { lab, access, uid, resourceVersion };
}

it('is made once', async () => {
  const { lab, access } = await made();
  expect(await lab.run(kubectl.createNew(access, lease('b')))).toMatchObject({
    code: 1,
    err: 'Error from server (AlreadyExists): error when creating "STDIN": leases.coordination.k8s.io "karmada-eks" already exists',
  });
});

it('has times with six digits after the second', async () => {
  const lab = new Lab();
  const access = lab.addCluster('one');
  const { code, err } = await lab.run(kubectl.createNew(access, lease('a', {}, '2026-11-22T12:00:00.123Z')));
  expect(code).toBe(1);
  expect(err).toBe(
    'Error from server (BadRequest): error when creating "STDIN": Lease in version "v1" cannot be handled as a Lease: ' +
      'parsing time "2026-11-22T12:00:00.123Z" as "2006-01-02T15:04:05.000000Z07:00": cannot parse ".123Z" as ".000000"',
  );
});

it('is replaced by whoever knows its version, and by nobody else', async () => {
  const { lab, access, uid, resourceVersion } = await made();
  const replaced = await lab.run(kubectl.replace(access, lease('b', { uid, resourceVersion })));
  const { metadata, spec } = JSON.parse(replaced.out);
  expect(spec.holderIdentity).toBe('b');
  expect(metadata.uid).toBe(uid);
  expect(metadata.resourceVersion).not.toBe(resourceVersion);
  expect(await lab.run(kubectl.replace(access, lease('c', { uid, resourceVersion })))).toMatchObject({
    code: 1,
    err: `${conflict}the object has been modified; please apply your changes to the latest version and try again`,
  });
});

it('is deleted by whoever knows its version, and not made anew by who knew the old one', async () => {
  const { lab, access, uid, resourceVersion } = await made();
  expect(await lab.run(kubectl.removeVersion(access, path, '1'))).toMatchObject({
    code: 1,
    err: `Error from server (Conflict): Operation cannot be fulfilled on Lease.coordination.k8s.io "karmada-eks": the ResourceVersion in the precondition (1) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`,
  });
  expect(await lab.run(kubectl.removeVersion(access, path, resourceVersion))).toMatchObject({
    code: 0,
    out: `{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Success","details":{"name":"karmada-eks","group":"coordination.k8s.io","kind":"leases","uid":"${uid}"}}`,
  });
  expect(await lab.run(kubectl.removeVersion(access, path, resourceVersion))).toMatchObject({
    code: 1,
    err: 'Error from server (NotFound): leases.coordination.k8s.io "karmada-eks" not found',
  });
  expect(await lab.run(kubectl.replace(access, lease('b', { uid, resourceVersion })))).toMatchObject({
    code: 1,
    err: `${conflict}StorageError: invalid object, Code: 4, Key: /registry/leases/kube-system/karmada-eks, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${uid}, UID in object meta: `,
  });
});
