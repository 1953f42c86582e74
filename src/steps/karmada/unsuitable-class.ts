/** Whether a StorageClass that is there already will do for the volumes of Karmada's etcd. */
import { Problem } from '../../errors/problem.js';
import type { FleetCluster } from '../../fleet/fleet.js';
import type { StorageClassObject } from '../../tools/kubectl/objects.js';
import { ebsProvisioner } from '../cluster/addons/addon-alternatives.js';

/** What will not do, one part of a sentence each; empty if all will. What a class leaves out has Kubernetes' default (storage.k8s.io/v1). */
export function unsuitableIn(found: StorageClassObject): readonly string[] {
  const { provisioner = 'none', parameters = {}, reclaimPolicy = 'Delete', volumeBindingMode = 'Immediate' } = found;
  if (provisioner !== ebsProvisioner) return [`its volumes are made by ${provisioner}, not ${ebsProvisioner}`];
  return [
    ...(parameters['encrypted'] === 'true' ? [] : ['its volumes are not encrypted']),
    ...(reclaimPolicy === 'Delete' ? [] : [`its volumes stay when their claims are deleted (${reclaimPolicy})`]),
    ...(volumeBindingMode === 'WaitForFirstConsumer'
      ? []
      : [`its volumes may be made in a zone without nodes (${volumeBindingMode})`]),
  ];
}

/** What else a requested KMS key (ARN) rules out in a class of somebody else; the driver takes an id as well (aws-ebs-csi-driver, docs/parameters.md). */
export function otherKeyIn(
  { parameters = {} }: Pick<StorageClassObject, 'parameters'>,
  wanted: string | undefined,
): readonly string[] {
  const has = parameters['kmsKeyId'];
  if (wanted === undefined || (has !== undefined && (has === wanted || wanted.endsWith(`/${has}`)))) return [];
  return [`its volumes are encrypted with ${has ?? 'the account’s default key'}, not ${wanted}`];
}

/** Its parameters cannot be changed (Kubernetes, "Storage Classes"), and it is not ours to delete. */
export function storageClassForeign(
  name: string,
  { cluster }: Pick<FleetCluster, 'cluster'>,
  unsuitable: readonly string[],
): Problem {
  return new Problem('storage-class-foreign', {
    what: `${cluster} already has a StorageClass ${name} that cannot hold the data of Karmada’s etcd`,
    why: unsuitable.join('; '),
    next: [
      'use another cluster as parent',
      `or have its owner delete it if no new claim needs it; volumes and claims that exist stay: kubectl delete storageclass ${name}`,
      'then run the same command again',
    ],
  });
}
