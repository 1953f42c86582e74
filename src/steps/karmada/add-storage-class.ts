/** The StorageClass `ebs-sc` in the parent, for the volumes of Karmada's etcd. */

import { isDeepStrictEqual } from 'node:util';
import { accessParent } from '../../access/cluster-access.js';
import type { CallContext, Step, StepState } from '../../engine/step.js';
import type { Problem } from '../../errors/problem.js';
import type { Fleet } from '../../fleet/fleet.js';
import { fleetTag, karmadaNamespace } from '../../fleet/names.js';
import { lackingTags, type OwnTags, tagWords } from '../../fleet/settings/tags.js';
import { volumeKeyOf } from '../../fleet/settings/volume-keys.js';
import { isEtcdClaim } from '../../leftovers/volume-claims.js';
import { lastApplied, objectVerdict } from '../../ownership/object-ownership.js';
import type { KubeAccess } from '../../tools/kubectl/commands.js';
import { kubectlCommands } from '../../tools/kubectl/commands.js';
import { claim, type StorageClassObject, storageClassObject } from '../../tools/kubectl/objects.js';
import { inUseNote, storageUsers } from '../cluster/addons/storage-users.js';
import { type FleetContext, parentAccess, seconds } from '../context.js';
import { isOwnParent, verdictIn, whyLeft } from './parent-parts.js';
import { otherKeyIn, storageClassForeign, unsuitableIn } from './unsuitable-class.js';

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
      if (isReplaced(context, found)) return { state: 'partial', missing: differences(context, found) };
      return await asItIs(context, access, found, call);
    },
    preflight: (call) => foreseen(context, call),
    apply: async (call) => {
      const found = await kubectl.get(access, ref, storageClassObject, call);
      // Its parameters cannot be changed; volumes and claims do not need the class that they were made by.
      if (found !== undefined && isReplaced(context, found)) await kubectl.remove(access, ref, call);
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
  const { fleet } = context;
  const { whose } = objectVerdict(fleet.id, found, isOwnParent(context));
  const otherKey = whose === 'ours' ? [] : otherKeyIn(found, volumeKeyOf(fleet, fleet.parent));
  const unsuitable = [...unsuitableIn(found), ...otherKey];
  if (unsuitable.length === 0)
    return whose === 'ours'
      ? { state: 'ready', drift: [...keyDrift(fleet, found), ...keptDrift(context, found)] }
      : { state: 'ready', note: usedNote(fleet, found) };
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

/** Of a class of somebody else, whose tags are not ours to add to. */
function usedNote({ tags }: Fleet, found: StorageClassObject): string {
  const lacking = lackingTags(tags, tagsOf(found));
  const without = lacking.length === 0 ? '' : `; etcd’s volumes do not get ${lacking.join(', ')}`;
  return `the existing StorageClass ${storageClassName} is used${without}`;
}

/** It is not replaced for its key: the role of a driver that is there may have no leave to use another. */
function keyDrift(fleet: Fleet, { parameters = {} }: StorageClassObject): readonly string[] {
  const wanted = volumeKeyOf(fleet, fleet.parent);
  const has = parameters['kmsKeyId'];
  if (wanted === undefined || has === wanted) return [];
  const how = `allow the role of the EBS CSI driver to use that key, then kubectl delete storageclass ${storageClassName}, then up`;
  return [
    `StorageClass ${storageClassName} has ${has ?? 'no KMS key'}, ${wanted} requested; this is not changed: ${how}`,
  ];
}

function keptDrift(context: FleetContext, found: StorageClassObject): readonly string[] {
  const kept = lostByReplacement(context.fleet, found);
  const how = `not replaced, to keep ${kept.join(', ')}; to have it created anew: kubectl delete storageclass ${storageClassName}, then up`;
  return differences(context, found).map((missing) => `${missing} is requested; ${how}`);
}

/** An existing parent can be read before its kubeconfig is finally written. */
async function foreseen(context: FleetContext, call: CallContext): Promise<Problem | undefined> {
  const access = await accessParent(context.clients, context.fleet.parent, context.paths);
  const found = access && (await context.clients.kubectl.get(access, ref, storageClassObject, call));
  if (access === undefined || found === undefined || isReplaced(context, found)) return undefined;
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
  const has = tagsOf(found);
  return [
    ...(has[fleetTag] === undefined ? [] : [withoutTag]),
    ...(lackingTags(context.fleet.tags, has).length === 0 ? [] : [withTags]),
  ];
}

/** Those that it gives its volumes. */
function tagsOf({ parameters = {} }: StorageClassObject): OwnTags {
  const given = Object.entries(parameters).flatMap(([key, word]) => (key.startsWith(tagParameter) ? [word] : []));
  return Object.fromEntries(given.map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]));
}

/** Only where a run that dies in between leaves nothing that the next one could not create. */
function isReplaced(context: FleetContext, found: StorageClassObject): boolean {
  return differences(context, found).length > 0 && lostByReplacement(context.fleet, found).length === 0;
}

/** Labels and annotations that Kubernetes' tools write, and the fleet's own. */
const ownMetadata: readonly string[] = [fleetTag, lastApplied];

/** What somebody put on a class of the fleet's, or made otherwise; its KMS key too, which the driver may be allowed to use and no other. */
function lostByReplacement(
  fleet: Fleet,
  { metadata, parameters = {}, ...found }: StorageClassObject,
): readonly string[] {
  const wanted = storageClass(fleet);
  const added = (kind: string, given: Readonly<Record<string, string>> = {}) =>
    Object.keys(given).flatMap((key) => (ownMetadata.includes(key) ? [] : [`${kind} ${key}`]));
  const ownTags: readonly string[] = [fleetTag, ...Object.keys(fleet.tags)];
  const keys = new Set([...Object.keys(parameters), ...Object.keys(wanted.parameters)]);
  const changed = [...keys].filter((key) => {
    const value = parameters[key];
    if (!key.startsWith(tagParameter)) return value !== wanted.parameters[key];
    return value !== undefined && !ownTags.includes(value.slice(0, value.indexOf('=')));
  });
  const fields = Object.entries(found).filter(([key, value]) => !isDeepStrictEqual(value, Reflect.get(wanted, key)));
  return [
    ...added('label', metadata.labels),
    ...added('annotation', metadata.annotations),
    ...changed.map((key) => `parameter ${key}`),
    ...fields.map(([key]) => key),
  ];
}

/** Anybody in the cluster may use it, so it gives its volumes no tag of the fleet: those of users are not the fleet's. */
function storageClass(fleet: Fleet) {
  const { id, tags } = fleet;
  const kmsKeyId = volumeKeyOf(fleet, fleet.parent);
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
    } as Readonly<Record<string, string>>,
    volumeBindingMode: 'WaitForFirstConsumer',
    reclaimPolicy: 'Delete',
    allowVolumeExpansion: true,
  };
}

/** `tagSpecification_N` (aws-ebs-csi-driver 1.64.0, docs/tagging.md). */
function tagParameters(tags: OwnTags): Readonly<Record<string, string>> {
  return Object.fromEntries(tagWords(tags).map((word, index) => [`${tagParameter}_${index + 1}`, word]));
}
