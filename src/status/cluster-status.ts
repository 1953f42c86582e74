/** The current state of a fleet's EKS clusters: status, version and its support, nodes. */
import pMap from 'p-map';
import type { FleetAccess } from '../access/fleet-access.js';
import type { Cluster } from '../aws/eks.js';
import type { Clients } from '../clients/clients.js';
import { Problem } from '../errors/problem.js';
import { clustersOf, type Fleet, withFormer } from '../fleet/fleet.js';
import { fleetTag } from '../fleet/names.js';
import { nodeFormOf, usualVolumeSize } from '../fleet/settings/node-form.js';
import type { Machines } from '../model/cost.js';
import { clusterKey } from '../model/facts.js';
import type { KubeAccess } from '../tools/kubectl/commands.js';
import { isReady, type KubeNode, node } from '../tools/kubectl/objects.js';
import type { Call } from '../tools/run.js';
import type { SupportDates, VersionSupport } from './support-dates.js';

export interface ClusterStatus {
  readonly name: string;
  readonly region: string;
  /** Twelve digits, where it is not the fleet's own account. */
  readonly account?: string;
  /** `former`: of a member that is no longer in the configuration; it counts for nothing but what it costs. */
  readonly role: 'parent' | 'member' | 'former';
  /** Name in Karmada, when it is a member: it may differ from that in EKS. */
  readonly member: string | undefined;
  /** EKS's word, or `absent`; `unknown` when EKS does not respond in its region. */
  readonly status: string;
  readonly kubernetesVersion: string | undefined;
  /** Undefined while the cluster's Kubernetes API cannot be read. */
  readonly nodesReady: number | undefined;
  readonly nodes: number | undefined;
  /** Its nodes by type; a type that is unknown is empty. */
  readonly machines: readonly Machines[] | undefined;
  /** How many of its nodes have a public IPv4 address. */
  readonly publicNodes: number | undefined;
  /** Whether the fleet created it: it carries the fleet's tag. */
  readonly made: boolean;
  /** Why its Kubernetes API, or EKS in its region, does not respond. */
  readonly why: string | undefined;
  /** Undefined if EKS does not report it for the cluster's version. */
  readonly support: (VersionSupport & { readonly policy: SupportPolicy }) | undefined;
}

/** As text for messages. */
export function placeOfCluster({ region, account }: Pick<ClusterStatus, 'region' | 'account'>): string {
  return account === undefined ? region : `${region} of account ${account}`;
}

/** Whether EKS upgrades the cluster when standard support ends, or keeps it for more money. */
export type SupportPolicy = 'STANDARD' | 'EXTENDED';

/** Every cluster, parent first, those of former members last. */
export async function clusterStatuses(
  clients: Clients,
  fleet: Fleet,
  { reach, support }: { readonly reach: FleetAccess; readonly support: SupportDates },
  call: Call,
): Promise<readonly ClusterStatus[]> {
  const { concurrency } = clients;
  const former = new Set(fleet.former.map(({ name }) => name));
  return await pMap(
    clustersOf(withFormer(fleet)),
    async (wanted) => {
      const found = reach.clusters.get(clusterKey(wanted));
      const trouble = reach.unreached.get(wanted.scope) ?? reach.silent.get(wanted.scope);
      const [nodes, { versions }] = await Promise.all([
        countNodes(clients, { access: reach.apis.get(wanted.scope), disk: nodeFormOf(fleet, wanted).volumeSize }, call),
        support(wanted.region),
      ]);
      return {
        name: wanted.cluster,
        region: wanted.region,
        ...(wanted.account && { account: wanted.account.id }),
        role: former.has(wanted.scope) ? 'former' : wanted.role,
        member: wanted.role === 'member' ? wanted.scope : undefined,
        status: found?.status ?? (trouble === undefined ? 'absent' : 'unknown'),
        kubernetesVersion: found?.version,
        ...nodes,
        made: found?.tags?.[fleetTag] === fleet.id,
        why: trouble === undefined ? nodes.why : sentence(trouble),
        support: supportOf(found, versions),
      };
    },
    { concurrency },
  );
}

/** One cluster that does not respond must not hide the others. */
async function countNodes(
  clients: Clients,
  { access, disk = usualVolumeSize }: { readonly access: KubeAccess | undefined; readonly disk: number | undefined },
  call: Call,
): Promise<Pick<ClusterStatus, 'nodes' | 'nodesReady' | 'machines' | 'publicNodes' | 'why'>> {
  const unread = { nodes: undefined, nodesReady: undefined, machines: undefined, publicNodes: undefined };
  if (access === undefined) return { ...unread, why: undefined };
  try {
    const nodes = await clients.kubectl.list(access, { kind: 'nodes' }, node, call);
    const open = nodes.filter(({ status }) => status?.addresses?.some(({ type }) => type === 'ExternalIP'));
    const counts = { nodes: nodes.length, nodesReady: nodes.filter(isReady).length, publicNodes: open.length };
    return { ...counts, machines: machinesIn(nodes, disk), why: undefined };
  } catch (thrown) {
    if (!(thrown instanceof Problem) || thrown.code === 'interrupted') throw thrown;
    return { ...unread, why: sentence(thrown) };
  }
}

/** Kubernetes does not tell the size of a node's disk: it is taken for the requested one. The cloud provider sets the label (Kubernetes, well-known labels). */
const typeLabel = 'node.kubernetes.io/instance-type';

/** `SPOT` or `ON_DEMAND`, set by EKS (EKS User Guide, managed node groups). */
const capacityLabel = 'eks.amazonaws.com/capacityType';

function machinesIn(nodes: readonly KubeNode[], diskGib: number): readonly Machines[] {
  const kinds = nodes.map(
    ({ metadata: { labels } }) => `${labels?.[typeLabel] ?? ''} ${labels?.[capacityLabel] ?? ''}`,
  );
  return [...new Set(kinds)].map((kind) => {
    const [instanceType = '', capacity] = kind.split(' ');
    const count = kinds.filter((each) => each === kind).length;
    return { instanceTypes: [instanceType], ...(capacity === 'SPOT' ? { spot: true } : {}), count, diskGib };
  });
}

function supportOf(
  cluster: Cluster | undefined,
  versions: ReadonlyMap<string, VersionSupport>,
): ClusterStatus['support'] {
  const dates = versions.get(cluster?.version ?? '');
  // EKS's own default is EXTENDED (API reference, UpgradePolicyRequest).
  return dates && { ...dates, policy: cluster?.upgradePolicy?.supportType === 'STANDARD' ? 'STANDARD' : 'EXTENDED' };
}

function sentence({ message, why }: Problem): string {
  return why === undefined ? message : `${message}: ${why}`;
}
