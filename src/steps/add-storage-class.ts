/** The StorageClass `ebs-sc` in the parent, for the volumes of Karmada's etcd. */
import { fleetTag } from '../fleet/names.js';
import type { Step } from '../pipeline/step.js';
import { kubectlCommands } from '../tools/kubectl/commands.js';
import { anyObject } from '../tools/kubectl/objects.js';
import { parentAccess, type Site, seconds } from './site.js';

export const storageClassName = 'ebs-sc';

export function addStorageClass(site: Site, after: readonly string[]): Step & Required<Pick<Step, 'undo'>> {
  const access = parentAccess(site);
  const { kubectl } = site.clients;
  const ref = { kind: 'storageclasses', name: storageClassName };
  const preview = () => ({
    changes: [`StorageClass ${storageClassName}: gp3, encrypted, bound when first used`],
    commands: [kubectlCommands.apply(access, [storageClass(site.fleet.id)])],
  });
  return {
    id: 'add-storage-class',
    title: `add StorageClass ${storageClassName}`,
    lane: 'parent',
    after,
    expectedMs: seconds(3),
    preview,
    check: async (context) => {
      const found = await kubectl.get(access, ref, anyObject, context);
      return found === undefined ? { state: 'absent' } : { state: 'ready' };
    },
    apply: async (context) => {
      await kubectl.apply(access, [storageClass(site.fleet.id)], context);
    },
    undo: {
      expectedMs: seconds(3),
      preview: () => ({
        changes: [`StorageClass ${storageClassName}`],
        commands: [kubectlCommands.remove(access, ref)],
      }),
      // One without our label was there before us.
      check: async (context) => {
        const found = await kubectl.get(access, ref, anyObject, context);
        return found?.metadata.labels?.[fleetTag] === site.fleet.id ? { state: 'absent' } : { state: 'ready' };
      },
      apply: async (context) => {
        await kubectl.remove(access, ref, context);
      },
    },
  };
}

/** The tags reach the volumes, so that they are found when the cluster is gone (aws-ebs-csi-driver, tagging.md). */
function storageClass(fleet: string): object {
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: storageClassName, labels: { [fleetTag]: fleet } },
    provisioner: 'ebs.csi.aws.com',
    parameters: { type: 'gp3', encrypted: 'true', tagSpecification_1: `${fleetTag}=${fleet}` },
    volumeBindingMode: 'WaitForFirstConsumer',
    reclaimPolicy: 'Delete',
    allowVolumeExpansion: true,
  };
}
