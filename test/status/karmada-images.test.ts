/** What is told of an installed Karmada whose images are from elsewhere. */
import { expect, it } from 'vitest';
import { imagesOf } from '../../src/fleet/settings/images.js';
import { imageDrift } from '../../src/status/karmada-images.js';
import { componentWorkload } from '../../src/tools/kubectl/objects.js';

const usual = [
  ['etcd', 'registry.k8s.io/etcd:3.6.6-0'],
  ['karmada-scheduler', 'docker.io/karmada/karmada-scheduler:v1.18.2'],
].map(([name, image]) =>
  componentWorkload.parse({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: { template: { spec: { containers: [{ name, image }] } } },
  }),
);

it('names what is not from the wanted registry', () => {
  expect(imageDrift(imagesOf({ imageRegistry: 'registry.example.com/karmada' }), usual)).toEqual([
    'images of the installed Karmada are not from registry.example.com/karmada, and are kept: registry.k8s.io/etcd:3.6.6-0 and 1 more; to change one: kubectl -n karmada-system set image',
  ]);
});

it('asks a mirror for what is of Kubernetes only', () => {
  expect(imageDrift(imagesOf({ imageMirrorCountry: 'cn' }), usual)).toEqual([
    expect.stringContaining('are kept: registry.k8s.io/etcd:3.6.6-0; to change'),
  ]);
});

it('names what lacks the logins', () => {
  expect(imageDrift(imagesOf({ pullsWithSecret: true }), usual)).toEqual([
    'of the installed Karmada these do not name Secret karmada-eks-images, and are kept: etcd, karmada-scheduler',
  ]);
});

it('says nothing where no source is wanted', () => {
  expect(imageDrift(imagesOf({ imageRegistry: 'none' }), usual)).toEqual([]);
});
