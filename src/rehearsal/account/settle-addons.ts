/** Brings the add-ons of a region's clusters up to now. */

import { never } from '../durations.js';
import { dropObject, findObject, hasLabels, upsert } from '../kube/api-server/store.js';
import { unsettle } from '../kube/settle.js';
import type { Simulation } from '../simulation.js';
import type { AddonState, ClusterState } from '../state.js';
import { takeCondition } from './conditions.js';
import { apiKey, hasNodes } from './nodes.js';

/** Add-ons whose pods need a node to run on: without one EKS reports them DEGRADED. */
const needNodes: readonly string[] = ['coredns', 'metrics-server', 'aws-ebs-csi-driver'];

const noReplicas = 'InsufficientNumberOfReplicas';

/** Ends the creations and deletions of add-ons whose moment has come, and follows the coming and going of nodes. */
export function settleAddons(simulation: Simulation, regionName: string): void {
  const region = simulation.region(regionName);
  for (const cluster of Object.values(region.clusters)) {
    const isRunnable = Object.values(cluster.nodeGroups).some(({ status }) => hasNodes(status));
    for (const addon of Object.values(cluster.addons)) {
      if (addon.settlesAt <= simulation.now()) settleAddon(simulation, regionName, cluster, addon);
      followNodes(addon, isRunnable);
    }
  }
}

function settleAddon(simulation: Simulation, regionName: string, cluster: ClusterState, addon: AddonState): void {
  addon.settlesAt = never;
  unsettle(simulation.state);
  if (addon.status === 'DELETING') {
    delete cluster.addons[addon.name];
    if (addon.name === 'aws-ebs-csi-driver') dropDriver(simulation, apiKey(regionName, cluster.name), addon);
    return;
  }
  if (addon.status !== 'CREATING') return;
  const broken = takeCondition(
    simulation.state,
    'addon-fails',
    (condition) => condition.cluster === cluster.name && condition.addon === addon.name,
  );
  const conflict = conflictOf(simulation, regionName, cluster, addon);
  if (conflict !== undefined) {
    addon.status = 'CREATE_FAILED';
    addon.issues = [{ code: 'ConfigurationConflict', message: conflict }];
    return;
  }
  addon.status = broken?.status ?? 'ACTIVE';
  addon.issues = broken === undefined ? [] : [{ code: 'ConfigurationConflict', message: broken.reason }];
  if (addon.name === 'aws-ebs-csi-driver') putDriver(simulation, regionName, cluster.name);
}

const driver = 'ebs.csi.aws.com';
const byEks = { 'app.kubernetes.io/managed-by': 'EKS' };

/** EKS makes no add-on over the objects of somebody else unless it is told to (EKS API, ResolveConflicts). */
function conflictOf(
  simulation: Simulation,
  region: string,
  cluster: ClusterState,
  addon: AddonState,
): string | undefined {
  if (addon.keepsOthers !== true || addon.name !== 'aws-ebs-csi-driver') return undefined;
  const api = simulation.state.apis[apiKey(region, cluster.name)];
  const there = api && findObject(api, 'csidrivers', '', driver);
  if (there === undefined || hasLabels(there, byEks)) return undefined;
  return `Conflicts found when trying to apply. Will not continue due to resolve conflicts mode. Conflicts: CSIDriver.storage.k8s.io ${driver} - .metadata.labels.app.kubernetes.io/managed-by`;
}

/** eksctl overwrites what somebody else installed (create addon --force). */
function putDriver(simulation: Simulation, region: string, cluster: string): void {
  const api = simulation.state.apis[apiKey(region, cluster)];
  if (api === undefined) return;
  upsert(api, 'csidrivers', { metadata: { name: driver, labels: byEks } }, simulation.now());
}

/** Of an add-on that could not be made EKS may take what has its names, whosever: the worst is assumed. */
function dropDriver(simulation: Simulation, key: string, { deletesObjects }: AddonState): void {
  const api = simulation.state.apis[key];
  const found = api && findObject(api, 'csidrivers', '', driver);
  if (api === undefined || found === undefined || deletesObjects === 'none') return;
  if (deletesObjects === 'all' || hasLabels(found, byEks)) dropObject(api, 'csidrivers', found);
}

function followNodes(addon: AddonState, isRunnable: boolean): void {
  if (!needNodes.includes(addon.name)) return;
  if (addon.status === 'ACTIVE' && !isRunnable) {
    addon.status = 'DEGRADED';
    addon.issues = [
      { code: noReplicas, message: "The add-on is unhealthy because it doesn't have the desired number of replicas." },
    ];
  } else if (addon.status === 'DEGRADED' && isRunnable && addon.issues[0]?.code === noReplicas) {
    addon.status = 'ACTIVE';
    addon.issues = [];
  }
}
