/** The StorageClass `ebs-sc` in the parent, for the volumes of Karmada's etcd. */

import { accessParent } from '../../access/cluster-access.js';
import type { CallContext, Step, StepState } from '../../engine/step.js';
import type { Problem } from '../../errors/problem.js';
import type { Fleet } from '../../fleet/fleet.js';
import { fleetTag, karmadaNamespace } from '../../fleet/names.js';
import { lackingTags, type OwnTags, tagWords } from '../../fleet/tags.js';
import { volumeKeyOf } from '../../fleet/volume-keys.js';
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
const withTags = `StorageClass ${storageClassName} with the requested tags for new volumes`;

const tagParameter = 'tagSpecification';

const ref = { kind: 'storageclasses', name: storageClassName } as const;

export function addStorageClass(context: FleetContext): Step {
  const access = parentAccess(context);
  const { kubectl } = context.clients;
  const preview = () => ({
    changes: [`StorageClass ${storageClassName}: gp3, encrypted, WaitForFirstConsumer`],
    commands: [kubectlCommands.apply(access, [storageClass(context.fleet)])],
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
      const missing = differences(context, found);
      if (missing.length > 0) return { state: 'partial', missing };
      return await asItIs(context, access, found, call);
    },
    preflight: (call) => foreseen(context, call),
    apply: async (call) => {
      const found = await kubectl.get(access, ref, storageClassObject, call);
      // Its parameters cannot be changed; volumes and claims do not need the class that they were made by.
      if (found !== undefined && differences(context, found).length > 0) await kubectl.remove(access, ref, call);
      await kubectl.apply(access, [storageClass(context.fleet)], call);
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
      ? { state: 'ready', drift: keyDrift(context.fleet, found) }
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

/** It is not replaced for its key: the role of a driver that is there may have no leave to use another. */
function keyDrift({ kmsKeys, parent }: Fleet, { parameters = {} }: StorageClassObject): readonly string[] {
  const wanted = volumeKeyOf(kmsKeys, parent.region);
  const has = parameters['kmsKeyId'];
  if (wanted === undefined || has === wanted) return [];
  return [`StorageClass ${storageClassName} has ${has ?? 'no KMS key'}, ${wanted} requested; this is not changed`];
}

/** An existing parent can be read before its kubeconfig is finally written. */
async function foreseen(context: FleetContext, call: CallContext): Promise<Problem | undefined> {
  const access = await accessParent(context.clients, context.fleet.parent, context.paths);
  const found = access && (await context.clients.kubectl.get(access, ref, storageClassObject, call));
  if (access === undefined || found === undefined || differences(context, found).length > 0) return undefined;
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

/**
 * Of ours only, and of what can be told from others' wishes: its tags. One from before gave the fleet's tag to the volumes of
 * everybody who used it.
 */
function differences(context: FleetContext, found: StorageClassObject): readonly string[] {
  if (objectVerdict(context.fleet.id, found, isOwnParent(context)).whose !== 'ours') return [];
  const { parameters = {} } = found;
  const given = Object.entries(parameters).flatMap(([key, word]) => (key.startsWith(tagParameter) ? [word] : []));
  const has = Object.fromEntries(
    given.map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]),
  );
  return [
    ...(has[fleetTag] === undefined ? [] : [withoutTag]),
    ...(lackingTags(context.fleet.tags, has).length === 0 ? [] : [withTags]),
  ];
}

/** Anybody in the cluster may use it, so it gives its volumes no tag of the fleet: those of users are not the fleet's. */
function storageClass({ id, tags, kmsKeys, parent }: Fleet): object {
  const kmsKeyId = volumeKeyOf(kmsKeys, parent.region);
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: storageClassName, labels: { [fleetTag]: id } },
    provisioner: 'ebs.csi.aws.com',
    parameters: {
      type: 'gp3',
      encrypted: 'true',
      ...(kmsKeyId === undefined ? {} : { kmsKeyId }),
      ...tagParameters(tags),
    },
    volumeBindingMode: 'WaitForFirstConsumer',
    reclaimPolicy: 'Delete',
    allowVolumeExpansion: true,
  };
}

/** `tagSpecification_N` (aws-ebs-csi-driver 1.64.0, docs/tagging.md). */
function tagParameters(tags: OwnTags): Readonly<Record<string, string>> {
  return Object.fromEntries(tagWords(tags).map((word, index) => [`${tagParameter}_${index + 1}`, word]));
}
