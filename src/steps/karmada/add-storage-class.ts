/** The StorageClass `ebs-sc` in the parent, for the volumes of Karmada's etcd. */

import { accessParent } from '../../access/cluster-access.js';
import type { CallContext, Step, StepState } from '../../engine/step.js';
import type { Problem } from '../../errors/problem.js';
import { fleetTag, karmadaNamespace } from '../../fleet/names.js';
import { isEtcdClaim } from '../../leftovers/volume-claims.js';
import { objectVerdict } from '../../ownership/object-ownership.js';
import type { KubeAccess } from '../../tools/kubectl/commands.js';
import { kubectlCommands } from '../../tools/kubectl/commands.js';
import { claim, type StorageClassObject, storageClassObject } from '../../tools/kubectl/objects.js';
import { inUseNote, storageUsers } from '../cluster/storage-users.js';
import { type FleetContext, parentAccess, seconds } from '../context.js';
import { isOwnParent, verdictIn, whyLeft } from './parent-parts.js';
import { storageClassForeign, unsuitableIn } from './unsuitable-class.js';

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
      if (tagsVolumes(context, found)) return { state: 'partial', missing: [withoutTag] };
      return await asItIs(context, access, found, call);
    },
    preflight: (call) => foreseen(context, call),
    apply: async (call) => {
      const found = await kubectl.get(access, ref, storageClassObject, call);
      // Its parameters cannot be changed; volumes and claims do not need the class that they were made by.
      if (found !== undefined && tagsVolumes(context, found)) await kubectl.remove(access, ref, call);
      await kubectl.apply(access, [storageClass(context.fleet.id)], call);
    },
  };
}

/** Of a class that is not replaced. Where etcd has its volumes already, another class would change nothing. */
async function asItIs(
  context: FleetContext,
  access: KubeAccess,
  found: StorageClassObject,
  call: CallContext,
): Promise<StepState> {
  const unsuitable = unsuitableIn(found);
  const { whose } = objectVerdict(context.fleet.id, found, isOwnParent(context));
  if (unsuitable.length === 0)
    return whose === 'ours'
      ? { state: 'ready' }
      : { state: 'ready', note: `the existing StorageClass ${storageClassName} is used` };
  const claims = { kind: 'persistentvolumeclaims', namespace: karmadaNamespace };
  const isUsed = (await context.clients.kubectl.list(access, claims, claim, call)).some(({ metadata }) =>
    isEtcdClaim({ name: metadata.name, namespace: metadata.namespace ?? '' }),
  );
  if (isUsed)
    return {
      state: 'ready',
      drift: [`etcd’s volumes are of StorageClass ${storageClassName} of somebody else: ${unsuitable.join('; ')}`],
    };
  return { state: 'blocked', problem: storageClassForeign(storageClassName, context.fleet.parent, unsuitable) };
}

/** An existing parent can be read before its kubeconfig is finally written. */
async function foreseen(context: FleetContext, call: CallContext): Promise<Problem | undefined> {
  const access = await accessParent(context.clients, context.fleet.parent, context.paths);
  const found = access && (await context.clients.kubectl.get(access, ref, storageClassObject, call));
  if (access === undefined || found === undefined || tagsVolumes(context, found)) return undefined;
  const state = await asItIs(context, access, found, call);
  return state.state === 'blocked' ? state.problem : undefined;
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
