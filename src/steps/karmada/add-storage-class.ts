/** The StorageClass `ebs-sc` in the parent, for the volumes of Karmada's etcd. */

import type { CallContext, Step } from '../../engine/step.js';
import { fleetTag } from '../../fleet/names.js';
import { objectVerdict } from '../../ownership/object-ownership.js';
import { kubectlCommands } from '../../tools/kubectl/commands.js';
import { type StorageClassObject, storageClassObject } from '../../tools/kubectl/objects.js';
import { inUseNote, storageUsers } from '../cluster/storage-users.js';
import { type FleetContext, parentAccess, seconds } from '../context.js';
import { isOwnParent, verdictIn, whyLeft } from './parent-parts.js';

export const storageClassName = 'ebs-sc';

const withoutTag = `StorageClass ${storageClassName} without the fleet’s tag on its volumes`;

const ref = { kind: 'storageclasses', name: storageClassName } as const;

export function addStorageClass(context: FleetContext): Step {
  const access = parentAccess(context);
  const { kubectl } = context.clients;
  const preview = () => ({
    changes: [`StorageClass ${storageClassName}: gp3, encrypted, WaitForFirstConsumer`],
    commands: [kubectlCommands.apply(access, [storageClass(context.fleet.id)])],
  });
  return {
    id: 'add-storage-class',
    title: `add StorageClass ${storageClassName}`,
    scope: 'parent',
    expectedMs: seconds(3),
    preview,
    check: async (call) => {
      const found = await kubectl.get(access, ref, storageClassObject, call);
      if (found === undefined) return { state: 'absent' };
      return tagsVolumes(context, found) ? { state: 'partial', missing: [withoutTag] } : { state: 'ready' };
    },
    apply: async (call) => {
      const found = await kubectl.get(access, ref, storageClassObject, call);
      // Its parameters cannot be changed; volumes and claims do not need the class that they were made by.
      if (found !== undefined && tagsVolumes(context, found)) await kubectl.remove(access, ref, call);
      await kubectl.apply(access, [storageClass(context.fleet.id)], call);
    },
  };
}

export function removeStorageClass(context: FleetContext): Step {
  const access = parentAccess(context);
  const { kubectl } = context.clients;
  // In a parent that is deleted nobody is left to use it.
  const usersIn = async (call: CallContext): Promise<readonly string[]> =>
    isOwnParent(context) ? [] : await storageUsers(context, access, call, storageClassName);
  return {
    id: 'undo/add-storage-class',
    title: 'delete the StorageClass',
    scope: 'parent',
    expectedMs: seconds(3),
    preview: () => ({
      changes: [`StorageClass ${storageClassName}${isOwnParent(context) ? '' : ', unless others use it'}`],
      commands: [kubectlCommands.remove(access, ref)],
    }),
    check: async (call) => {
      const verdict = await verdictIn(context, ref, call);
      const users = verdict?.whose === 'ours' ? await usersIn(call) : [];
      if (users.length > 0) return { state: 'ready', note: inUseNote(`StorageClass ${storageClassName}`, users) };
      if (verdict?.whose === 'ours') return { state: 'absent' };
      return { state: 'ready', ...whyLeft(`StorageClass ${storageClassName}`, verdict) };
    },
    apply: async (call) => {
      if ((await verdictIn(context, ref, call))?.whose !== 'ours') return;
      if ((await usersIn(call)).length === 0) await kubectl.remove(access, ref, call);
    },
  };
}

/** Of ours from before: it gave the fleet's tag to the volumes of everybody who used it. */
function tagsVolumes(context: FleetContext, found: StorageClassObject): boolean {
  const { whose } = objectVerdict(context.fleet.id, found, isOwnParent(context));
  const { parameters = {} } = found;
  return whose === 'ours' && Object.values(parameters).some((value) => value.startsWith(`${fleetTag}=`));
}

/** Anybody in the cluster may use it, so it gives its volumes no tag of the fleet: those of users are not the fleet's. */
function storageClass(fleet: string): object {
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: storageClassName, labels: { [fleetTag]: fleet } },
    provisioner: 'ebs.csi.aws.com',
    parameters: { type: 'gp3', encrypted: 'true' },
    volumeBindingMode: 'WaitForFirstConsumer',
    reclaimPolicy: 'Delete',
    allowVolumeExpansion: true,
  };
}
