/** The EBS CSI driver: makes a volume for a claim whose pod has a node, and deletes the volume after the claim. */

import { listAt, mapAt, textAt } from '../../json.js';
import type { ApiState, ClusterState, KubeObjectState } from '../../state.js';
import { foreignFinalizers } from '../api-server/deletion.js';
import { recordAgain, recordEvent } from '../api-server/events.js';
import { builtIn, createObject, dropObject, findObject, listObjects } from '../api-server/store.js';
import { elapsed, notes, type Tick } from '../tick.js';
import { chosenNode, zoneLabel } from './scheduling.js';

const driver = 'ebs.csi.aws.com';
const bindMs = 4_000;
const releaseMs = 5_000;

export function settleVolumes(tick: Tick, api: ApiState): void {
  for (const claim of listObjects(api, 'persistentvolumeclaims')) {
    if (claim.metadata.deletionTimestamp !== undefined) removeClaim(tick, api, claim);
    else if (textAt(claim, 'status', 'phase') !== 'Bound') bindClaim(tick, api, claim);
  }
  for (const volume of listObjects(api, 'persistentvolumes', '')) releaseVolume(tick, api, volume);
}

/** Why the driver makes no volumes: `absent`, a message, or undefined where it works, as one that somebody else installed does. */
function driverProblem(api: ApiState, cluster: ClusterState | undefined): string | undefined {
  const addon = cluster?.addons['aws-ebs-csi-driver'];
  if (addon === undefined && findObject(api, 'csidrivers', '', driver) !== undefined) return undefined;
  if (addon?.status !== 'ACTIVE') return 'absent';
  if (addon.serviceAccountRoleArn !== undefined) return undefined;
  return (
    'rpc error: code = Internal desc = Could not create volume: operation error EC2: CreateVolume, get identity: ' +
    'get credentials: failed to refresh cached credentials, no EC2 IMDS role found'
  );
}

/** The customer's key that encrypts volumes of a class, the region's where the class names none. */
function keyOf({ simulation }: Tick, api: ApiState, storageClass: KubeObjectState): string | undefined {
  const { encrypted, kmsKeyId } = mapAt(storageClass, 'parameters');
  return encrypted === 'true' ? (kmsKeyId ?? simulation.region(api.region).defaultVolumeKey) : undefined;
}

/** Without leave to use the key EC2 takes the call, and the volume is gone before it is there (aws-ebs-csi-driver issue 3010). */
function keyProblem(tick: Tick, api: ApiState, storageClass: KubeObjectState): string | undefined {
  const key = keyOf(tick, api, storageClass);
  const role = clusterOf(tick, api)?.addons['aws-ebs-csi-driver']?.serviceAccountRoleArn?.split('/').at(-1);
  if (key === undefined || role === undefined) return undefined;
  const { stacks } = tick.simulation.region(api.region);
  const granted = stacks.filter(({ makes, status }) => status !== 'DELETE_COMPLETE' && makes.roles.includes(role));
  if (granted.some(({ makes }) => makes.keys?.includes(key))) return undefined;
  return (
    'rpc error: code = Internal desc = Could not create volume: failed to get an available volume in EC2: ' +
    'InvalidVolume.NotFound: The volume does not exist.'
  );
}

function bindClaim(tick: Tick, api: ApiState, claim: KubeObjectState): void {
  const storageClass = findObject(api, 'storageclasses', '', textAt(claim, 'spec', 'storageClassName'));
  if (storageClass === undefined || textAt(storageClass, 'provisioner') !== driver) return;
  const node = nodeOf(api, claim);
  if (textAt(storageClass, 'volumeBindingMode') === 'WaitForFirstConsumer' && node === undefined) return;
  const problem = driverProblem(api, clusterOf(tick, api)) ?? keyProblem(tick, api, storageClass);
  if (!elapsed(tick, claim, 'provisioningSince', problem === undefined, bindMs)) {
    if (problem === 'absent') {
      const text = `Waiting for a volume to be created either by the external provisioner '${driver}' or manually by the system administrator.`;
      recordEvent(tick, api, claim, { type: 'Normal', reason: 'ExternalProvisioning', message: text });
    } else if (problem !== undefined) {
      const text = `failed to provision volume with StorageClass "${storageClass.metadata.name}": ${problem}`;
      recordEvent(tick, api, claim, { type: 'Warning', reason: 'ProvisioningFailed', message: text });
    }
    return;
  }
  createVolume(tick, api, claim, storageClass, node);
  tick.wake(tick.at);
}

function createVolume(
  tick: Tick,
  api: ApiState,
  claim: KubeObjectState,
  storageClass: KubeObjectState,
  node: KubeObjectState | undefined,
): void {
  const { simulation } = tick;
  const zone = node === undefined ? `${api.region}a` : zoneLabel(node);
  const name = `pvc-${claim.metadata.uid}`;
  const id = simulation.id('vol');
  const parameters = mapAt(storageClass, 'parameters');
  const key = keyOf(tick, api, storageClass);
  simulation.region(api.region).volumes.push({
    id,
    sizeGiB: gibibytes(textAt(claim, 'spec', 'resources', 'requests', 'storage')),
    zone,
    encrypted: parameters['encrypted'] === 'true',
    ...(key === undefined ? {} : { key }),
    createdAt: tick.at,
    tags: volumeTags(api, claim, name, parameters),
  });
  const { namespace = '', uid } = claim.metadata;
  const volume = createObject(
    api,
    builtIn('persistentvolumes'),
    {
      metadata: { name },
      spec: {
        storageClassName: storageClass.metadata.name,
        persistentVolumeReclaimPolicy: textAt(storageClass, 'reclaimPolicy') || 'Delete',
        claimRef: { kind: 'PersistentVolumeClaim', namespace, name: claim.metadata.name, uid },
        csi: { driver, volumeHandle: id },
      },
      status: { phase: 'Bound' },
    },
    tick.at,
  );
  notes(volume)['zone'] = zone;
  claim.metadata.annotations = { ...claim.metadata.annotations, ...boundBy(node) };
  claim['spec'] = { ...(claim['spec'] as object), volumeName: name };
  claim['status'] = { phase: 'Bound' };
}

/** The notes of the scheduler and of the volume controller on a claim that has its volume. */
function boundBy(node: KubeObjectState | undefined): Record<string, string> {
  return {
    'pv.kubernetes.io/bind-completed': 'yes',
    'pv.kubernetes.io/bound-by-controller': 'yes',
    'volume.kubernetes.io/storage-provisioner': driver,
    ...(node === undefined ? {} : { 'volume.kubernetes.io/selected-node': node.metadata.name }),
  };
}

/** The tags of aws-ebs-csi-driver, and those of the class (`tagSpecification_N: key=value`). */
function volumeTags(api: ApiState, claim: KubeObjectState, volume: string, parameters: Record<string, string>) {
  const extra = Object.entries(parameters)
    .filter(([key]) => key.startsWith('tagSpecification_'))
    .map(([, text]) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)]);
  return {
    'ebs.csi.aws.com/cluster': 'true',
    [`kubernetes.io/cluster/${api.cluster}`]: 'owned',
    KubernetesCluster: api.cluster,
    CSIVolumeName: volume,
    Name: `${api.cluster}-dynamic-${volume}`,
    'kubernetes.io/created-for/pv/name': volume,
    'kubernetes.io/created-for/pvc/name': claim.metadata.name,
    'kubernetes.io/created-for/pvc/namespace': claim.metadata.namespace ?? '',
    ...Object.fromEntries(extra),
  };
}

/** A claim is deleted when no pod uses it any more (finalizer kubernetes.io/pvc-protection). */
function removeClaim(tick: Tick, api: ApiState, claim: KubeObjectState): void {
  if (usersOf(api, claim).length > 0 || foreignFinalizers(claim).length > 0) return;
  dropObject(api, 'persistentvolumeclaims', claim);
  tick.wake(tick.at);
}

/** Reclaim policy Delete: the volume is deleted with its claim, but only while the driver is there to do it. */
function releaseVolume(tick: Tick, api: ApiState, volume: KubeObjectState): void {
  const claim = findObject(
    api,
    'persistentvolumeclaims',
    textAt(volume, 'spec', 'claimRef', 'namespace'),
    textAt(volume, 'spec', 'claimRef', 'name'),
  );
  if (claim?.metadata.uid === textAt(volume, 'spec', 'claimRef', 'uid')) return;
  volume['status'] = { phase: 'Released' };
  const deletes = textAt(volume, 'spec', 'persistentVolumeReclaimPolicy') === 'Delete';
  const [refused] = tick.simulation.state.conditions.flatMap((each) =>
    each.kind === 'volume-delete-fails' ? [each.reason] : [],
  );
  if (refused !== undefined) {
    const message = `rpc error: code = Internal desc = Could not delete volume ID "${textAt(volume, 'spec', 'csi', 'volumeHandle')}": ${refused}`;
    recordAgain(tick, api, volume, { type: 'Warning', reason: 'VolumeFailedDelete', message });
  }
  const working = refused === undefined && driverProblem(api, clusterOf(tick, api)) === undefined;
  if (!elapsed(tick, volume, 'releasedSince', deletes && working, releaseMs)) return;
  const region = tick.simulation.region(api.region);
  region.volumes = region.volumes.filter(({ id }) => id !== textAt(volume, 'spec', 'csi', 'volumeHandle'));
  dropObject(api, 'persistentvolumes', volume);
  tick.wake(tick.at);
}

function clusterOf(tick: Tick, api: ApiState): ClusterState | undefined {
  return tick.simulation.region(api.region).clusters[api.cluster];
}

function nodeOf(api: ApiState, claim: KubeObjectState): KubeObjectState | undefined {
  const [name] = usersOf(api, claim).flatMap((pod) => chosenNode(pod) ?? []);
  return name === undefined ? undefined : findObject(api, 'nodes', '', name);
}

function usersOf(api: ApiState, claim: KubeObjectState): KubeObjectState[] {
  const uses = (volume: unknown) => textAt(volume, 'persistentVolumeClaim', 'claimName') === claim.metadata.name;
  return listObjects(api, 'pods', claim.metadata.namespace ?? '').filter((pod) =>
    listAt(pod, 'spec', 'volumes').some(uses),
  );
}

/** Gibibytes of a quantity such as `5Gi`, rounded up. */
function gibibytes(quantity: string): number {
  const units: Readonly<Record<string, number>> = { Mi: 1 / 1024, Gi: 1, Ti: 1024 };
  const [, amount = '1', unit = 'Gi'] = /^(\d+)(Mi|Gi|Ti)$/.exec(quantity) ?? [];
  return Math.ceil(Number(amount) * (units[unit] ?? 1));
}
