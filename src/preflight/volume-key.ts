/** Which key of KMS encrypts the volumes of Karmada's etcd: the EBS CSI driver needs leave to use a customer's. */
import { defaultVolumeKey } from '../aws/ec2/volume-key.js';
import type { Clients } from '../clients/clients.js';
import { ok, warning } from '../errors/diagnostic.js';
import { type Diagnostic, Problem } from '../errors/problem.js';
import { ebsAddon, runsWithRole } from '../fleet/ebs-driver.js';
import { clustersOf, type Fleet, type FleetCluster } from '../fleet/fleet.js';
import { volumeKeyOf } from '../fleet/settings/volume-keys.js';
import { type Checked, clusterKey, type Facts } from '../model/facts.js';
import { volumeKeyPolicy } from '../tools/eksctl/volume-key-policy.js';
import { placeKey } from '../world/place.js';

/**
 * The requested one, else the account's default, which EBS takes for every encrypted volume that names none, whether or not all
 * volumes are encrypted by default (EC2 API, ModifyEbsDefaultKmsKeyId).
 */
export async function findVolumeKey(clients: Clients, fleet: Fleet): Promise<Checked<string>> {
  const checked = await readVolumeKey(clients, fleet);
  const warnings = checked.found === undefined ? [] : await judgeDriver(clients, fleet, checked.found);
  return { ...checked, diagnostics: [...checked.diagnostics, ...warnings] };
}

/** A driver that is there with another role than the fleet makes keeps it; what that may do is not read. */
async function judgeDriver(clients: Clients, { parent }: Fleet, key: string): Promise<readonly Diagnostic[]> {
  const addon = await clients.eks(parent).addon(parent.cluster, ebsAddon);
  if (addon === undefined || runsWithRole(addon, parent)) return [];
  const role = addon.serviceAccountRoleArn === undefined ? '' : ` (${addon.serviceAccountRoleArn})`;
  const policy = JSON.stringify(volumeKeyPolicy(key));
  return [
    warning({
      what: `new volumes of ${parent.cluster} need ${key}, which the role of the EBS CSI driver there${role} may not be allowed to use; the policy for it: ${policy}`,
      why: 'this fleet did not create that role, and does not read what it may do',
      next: ['add the policy to the role, unless it has it'],
    }),
  ];
}

async function readVolumeKey(clients: Clients, fleet: Fleet): Promise<Checked<string>> {
  const { parent } = fleet;
  const asked = volumeKeyOf(fleet, parent);
  if (asked !== undefined) return { found: asked, diagnostics: [] };
  try {
    const found = await defaultVolumeKey(clients.world.aws, parent.region);
    const fact = `EBS in ${parent.region} encrypts with ${found ?? 'AWS’s own key'} by default`;
    return { found, diagnostics: [ok(fact)] };
  } catch (thrown) {
    if (!(thrown instanceof Problem) || thrown.code !== 'access-denied') throw thrown;
    const what = `could not check whether EBS in ${parent.region} encrypts with a key of the account’s by default; if it does, the EBS CSI driver needs leave to use it, which a new role and a printed policy lack (statement DriverKey)`;
    return {
      found: undefined,
      diagnostics: [warning({ what, why: thrown.why, next: [...thrown.next, 'or name the key: --kms-key'] })],
    };
  }
}

/**
 * Of clusters that are to be made, in all their regions: a customer’s key that encrypts by default is enough. EC2 Auto Scaling makes the
 * volumes of nodes, and who may use a key is in the key's policy, which is not read.
 */
export async function judgeNodeKeys(
  clients: Clients,
  fleet: Fleet,
  ownership: Facts['ownership'],
): Promise<readonly Diagnostic[]> {
  const made = clustersOf(fleet).filter((each) => ownership.get(clusterKey(each)) === 'absent');
  const places = [...new Map(made.map((each) => [placeKey(each), each])).values()];
  const found = await Promise.all(places.map((place) => keyOfNodes(clients, fleet, place)));
  const keys = [...new Set(found.flatMap((key) => key ?? []))];
  if (keys.length === 0) return [];
  const what = `no node starts unless the policy of KMS key ${keys.join(', ')} lets AWSServiceRoleForAutoScaling use it and create grants, which is not checked`;
  return [warning({ what, next: [] })];
}

async function keyOfNodes({ world }: Clients, fleet: Fleet, place: FleetCluster): Promise<string | undefined> {
  const asked = volumeKeyOf(fleet, place);
  if (asked !== undefined) return asked;
  try {
    return await defaultVolumeKey(world.aws, place);
  } catch (thrown) {
    if (thrown instanceof Problem && thrown.code === 'access-denied') return undefined;
    throw thrown;
  }
}
