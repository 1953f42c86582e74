/** Puts a user's workload with a volume into a rehearsed cluster, through the StorageClass that the fleet made. */

import { settle } from '../../src/rehearsal/account/settle.js';
import type { Account } from '../../src/rehearsal/account.js';
import { textAt } from '../../src/rehearsal/json.js';
import {
  builtIn,
  createObject,
  ensureNamespace,
  findObject,
  upsert,
} from '../../src/rehearsal/kube/api-server/store.js';
import { region } from './fleet.js';

export interface UsersVolume {
  readonly cluster?: string;
  readonly namespace?: string;
  /** Name of the StatefulSet; the claim is `data-<name>-0`. */
  readonly name?: string;
  readonly gib?: number;
  /** `Delete` when not given, as the class has it. */
  readonly policy?: 'Delete' | 'Retain';
}

/** Answers with the volume's id in EC2. */
export async function useVolume(account: Account, wanted: UsersVolume = {}): Promise<string> {
  const { cluster = 'karmada-parent', namespace = 'default', name = 'postgres', gib = 100, policy } = wanted;
  const api = account.state.apis[`eks/${region}/${cluster}`];
  if (api === undefined) throw new TypeError(`no cluster ${cluster}`);
  if (cluster !== 'karmada-parent') addDriver(account, cluster);
  ensureNamespace(api, namespace, account.now());
  const storage = `${gib}Gi`;
  createObject(
    api,
    builtIn('statefulsets'),
    {
      metadata: { name, namespace },
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: name } },
        template: { metadata: { labels: { app: name } }, spec: { containers: [{ name, image: name }] } },
        volumeClaimTemplates: [
          { metadata: { name: 'data' }, spec: { storageClassName: 'ebs-sc', resources: { requests: { storage } } } },
        ],
      },
    },
    account.now(),
  );
  for (let round = 0; round < 30; round += 1) {
    await account.clock.sleep(2_000);
    settle(account);
  }
  const claim = findObject(api, 'persistentvolumeclaims', namespace, `data-${name}-0`);
  const volume = claim && findObject(api, 'persistentvolumes', '', textAt(claim, 'spec', 'volumeName'));
  if (volume === undefined) throw new TypeError(`claim data-${name}-0 has no volume`);
  if (policy !== undefined) {
    const spec = { ...(volume['spec'] as object), persistentVolumeReclaimPolicy: policy };
    upsert(api, 'persistentvolumes', { ...volume, spec }, account.now());
  }
  return textAt(volume, 'spec', 'csi', 'volumeHandle');
}

/** In a member users have brought the driver and the class themselves. */
function addDriver(account: Account, cluster: string): void {
  const addons = account.region(region).clusters[cluster]?.addons;
  const parent = account.region(region).clusters['karmada-parent']?.addons['aws-ebs-csi-driver'];
  const name = 'aws-ebs-csi-driver';
  const role = { serviceAccountRoleArn: `arn:aws:iam::111122223333:role/storage-${cluster}` };
  if (addons !== undefined && parent !== undefined) addons[name] = { ...parent, ...role };
  const [from, to] = ['karmada-parent', cluster].map((each) => account.state.apis[`eks/${region}/${each}`]);
  const found = from && findObject(from, 'storageclasses', '', 'ebs-sc');
  if (found === undefined || to === undefined) return;
  upsert(to, 'storageclasses', { ...found, metadata: { name: 'ebs-sc' } }, account.now());
}

/** Ids of all volumes that EC2 has in the region. */
export function volumeIds(account: Account): readonly string[] {
  return account.region(region).volumes.map(({ id }) => id);
}

/** Gives all volumes of a cluster the reclaim policy `Retain`, as its users do to keep them. */
export function retainAll(account: Account, cluster: string): void {
  for (const object of Object.values(account.state.apis[`eks/${region}/${cluster}`]?.objects ?? {})) {
    if (object.kind !== 'PersistentVolume') continue;
    object['spec'] = { ...(object['spec'] as object), persistentVolumeReclaimPolicy: 'Retain' };
  }
}
