/**
 * Substitutes for an add-on that a cluster lacks: somebody else's network, DNS, volume driver or metrics, which adding ours
 * would overwrite.
 */
import type { Cluster, Nodegroup } from '../../../aws/eks.js';
import type { CallContext } from '../../../engine/step.js';
import { Problem } from '../../../errors/problem.js';
import { ebsAddon } from '../../../fleet/ebs-driver.js';
import type { FleetMemberCluster } from '../../../fleet/fleet.js';
import type { KubeAccess } from '../../../tools/kubectl/commands.js';
import { anyObject } from '../../../tools/kubectl/objects.js';
import { placeName } from '../../../world/place.js';
import type { FleetContext } from '../../context.js';
import { accessTo, nodeGroupNeed, type ReadyNodes, readyNodes } from '../../nodes/node-health.js';
import { metricsServer, nodeAddons } from '../cluster-config.js';
import { type AddonFound, describeAddon } from './addon-health.js';

/** What EBS volumes are made and found by (aws-ebs-csi-driver). */
export const ebsProvisioner = 'ebs.csi.aws.com';

/** The driver's object, whoever installed it (aws-ebs-csi-driver, deploy/kubernetes/base/csidriver.yaml). */
export const ebsDriver = { kind: 'csidrivers', name: ebsProvisioner } as const;

/** The Service of a cluster's DNS, whatever answers behind it (Kubernetes, "Customizing DNS Service"). */
const dnsService = { kind: 'services', name: 'kube-dns', namespace: 'kube-system' } as const;

/** Through which metrics of pods are served, whatever serves them (metrics-server, manifests/base/apiservice.yaml). */
const metricsApi = { kind: 'apiservices', name: 'v1beta1.metrics.k8s.io' } as const;

/** By the names of add-ons, what shows that somebody else's does their work. */
const signs: Readonly<Record<string, typeof ebsDriver | typeof dnsService | typeof metricsApi>> = {
  [ebsAddon]: ebsDriver,
  [metricsServer]: metricsApi,
};

/** EKS's description of a cluster. */
interface Inside {
  readonly context: FleetContext;
  readonly cluster: FleetMemberCluster;
  readonly found: Cluster;
  readonly unhealthy: readonly AddonFound[];
  readonly call: CallContext;
}

/**
 * What EKS does not report, read only if something would be created: which nodes are Ready, and substitutes for
 * add-ons.
 * @throws Problem `cluster-unreachable` if the latter cannot be read
 */
export async function allowUnlessPresent(
  { context, cluster, found, unhealthy, call }: Inside,
  nodeGroup: Nodegroup | undefined,
): Promise<{ readonly seen: ReadyNodes | undefined; readonly standIns: ReadonlyMap<string, string | undefined> }> {
  const toMake = unhealthy.filter(({ addon }) => addon === undefined || addon.status === 'CREATE_FAILED');
  const need = nodeGroupNeed(nodeGroup, undefined);
  const asksNodes = need === 'making' || need === 'impaired';
  const standIns = new Map<string, string | undefined>();
  if (!asksNodes && toMake.length === 0) return { seen: undefined, standIns };
  const access = await accessTo(context, cluster, found);
  const seen = await readyNodes(context, access, call);
  for (const each of toMake) {
    if (access === undefined || seen === undefined) throw silent(cluster, toMake);
    standIns.set(each.name, await standInFor(context, each, access, seen.all, call));
  }
  return { seen: asksNodes ? seen : undefined, standIns };
}

function silent({ cluster, ...place }: FleetMemberCluster, lacking: readonly AddonFound[]): Problem {
  return new Problem('cluster-unreachable', {
    what: `EKS cluster ${cluster} in ${placeName(place)} cannot be checked for substitutes for ${lacking.map(describeAddon).join(', ')}`,
    next: ['run the same command again; what is missing is created once the cluster responds'],
  });
}

/**
 * What stands in for it, e.g. `CSIDriver ebs.csi.aws.com owned by others`; undefined if there is none. The add-ons that
 * nodes need are created before the nodes: if nodes are Ready, somebody removed the add-ons, or they work whatever EKS
 * reports.
 * @param readyNodes how many nodes of the whole cluster are Ready
 * @throws Problem when the cluster does not respond
 */
async function standInFor(
  context: Pick<FleetContext, 'clients'>,
  { name, addon }: AddonFound,
  access: KubeAccess,
  readyNodes: number,
  call: CallContext,
): Promise<string | undefined> {
  if (nodeAddons.includes(name)) return readyNodes > 0 ? `${readyNodes} Ready nodes without it` : undefined;
  const others = `CSIDriver ${ebsProvisioner} owned by others`;
  // It may have brought the object itself.
  if (addon !== undefined)
    return name === ebsAddon && (await isOthersDriver(context, access, call)) ? others : undefined;
  const ref = signs[name] ?? dnsService;
  const found = await context.clients.kubectl.get(access, ref, anyObject, call);
  return found === undefined ? undefined : `${found.kind} ${ref.name} owned by others`;
}

/** Whether the driver is there, and not by EKS, which labels its objects (EKS User Guide, add-ons). */
export async function isOthersDriver(
  { clients: { kubectl } }: Pick<FleetContext, 'clients'>,
  access: KubeAccess,
  call: CallContext,
): Promise<boolean> {
  const found = await kubectl.get(access, ebsDriver, anyObject, call);
  return found !== undefined && found.metadata.labels?.['app.kubernetes.io/managed-by'] !== 'EKS';
}
