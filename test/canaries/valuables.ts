/** What of an account works or holds data, read from its state alone: nothing of the program's own judgement is in it. */

import { accountOfRegion, nameOfRegion } from '../../src/rehearsal/account/other-accounts.js';
import type { Account } from '../../src/rehearsal/account.js';
import { hasLabels, listObjects } from '../../src/rehearsal/kube/api-server/store.js';
import type {
  AccountState,
  ApiState,
  ClusterState,
  KubeObjectState,
  NodeGroupState,
} from '../../src/rehearsal/state.js';

/** The kinds of things whose loss has to be agreed to. */
export type ValuableKind =
  | 'EKS cluster'
  | 'nodes'
  | 'Karmada control plane'
  | 'volume'
  | 'claim'
  | 'workload'
  | 'namespace'
  | 'object in Karmada';

/** One thing; another one of the same name has another identity. */
export interface Valuable {
  readonly kind: ValuableKind;
  /** As a declared destruction begins its own name. */
  readonly name: string;
  readonly identity: string;
  /** What it goes with: where that is lost, it is not lost by itself. */
  readonly within?: string;
}

/** By kind, name and identity. */
export type Valuables = ReadonlyMap<string, Valuable>;

export function valuablesOf({ state }: Account): Valuables {
  const all = [
    ...Object.entries(state.regions).flatMap(([region, { clusters, volumes }]) => [
      ...Object.values(clusters).flatMap((cluster) => clusterValuables(state, region, cluster)),
      ...volumes.filter(({ tags }) => isUsers(tags)).map(({ id }) => valuable('volume', id, id)),
    ]),
    ...Object.values(state.apis).flatMap((api) =>
      api.kind === 'karmada' ? inKarmada(state, api) : inCluster(state, api),
    ),
  ];
  return new Map(all.map((each) => [keyOf(each), each]));
}

export function keyOf({ kind, name, identity }: Valuable): string {
  return `${kind} ${name} ${identity}`;
}

/** As people call a region of an account, by its key. */
function placeOf(region: string): string {
  const account = accountOfRegion(region);
  return account === undefined ? region : `${nameOfRegion(region)} of account ${account}`;
}

function valuable(kind: ValuableKind, name: string, identity: string, within?: string): Valuable {
  return { kind, name, identity, ...(within === undefined ? {} : { within }) };
}

/** A cluster that is ACTIVE, and each of its node groups as long as one of its machines is left. */
function clusterValuables(state: AccountState, region: string, cluster: ClusterState): readonly Valuable[] {
  if (cluster.status !== 'ACTIVE' || isGoing(state, region, cluster)) return [];
  const name = `${cluster.name} in ${placeOf(region)}`;
  const itself = valuable('EKS cluster', name, String(cluster.createdAt));
  const nodes = Object.values(cluster.nodeGroups).flatMap((group) => nodesOf(state, region, cluster, group));
  return [itself, ...nodes.map((identity) => valuable('nodes', name, identity, keyOf(itself)))];
}

/** AWS goes on deleting stacks when whoever asked for it was killed; those of roles and access entries take nothing else along. */
function isGoing(state: AccountState, region: string, { name }: ClusterState): boolean {
  const stacks = state.regions[region]?.stacks ?? [];
  return stacks.some(
    ({ makes, status }) =>
      makes.cluster === name &&
      ['cluster', 'node-group'].includes(makes.kind) &&
      /^DELETE_/.test(status) &&
      status !== 'DELETE_COMPLETE',
  );
}

/** The oldest machine that is a Ready node: when fewer are wanted, the youngest go. */
function nodesOf(state: AccountState, region: string, cluster: ClusterState, group: NodeGroupState): readonly string[] {
  if (!['ACTIVE', 'UPDATING', 'DEGRADED'].includes(group.status)) return [];
  const api = state.apis[`eks/${region}/${cluster.name}`];
  const ready = new Set(api === undefined ? [] : listObjects(api, 'nodes', '').filter(isReady).map(machineOf));
  return (state.regions[region]?.instances ?? [])
    .filter((each) => each.cluster === cluster.name && each.nodeGroup === group.name && ready.has(each.id))
    .slice(0, 1)
    .map(({ id }) => id);
}

function isReady(node: KubeObjectState): boolean {
  const { conditions = [] } = node['status'] as { conditions?: readonly { type: string; status: string }[] };
  return conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
}

/** The last part of `aws:///<zone>/<instance>`. */
function machineOf({ spec }: KubeObjectState): string {
  return (spec as { providerID?: string }).providerID?.split('/').at(-1) ?? '';
}

/** The tags of the CSI driver on a volume of a claim that is not etcd's. */
function isUsers(tags: Readonly<Record<string, string>>): boolean {
  return (tags['kubernetes.io/created-for/pvc/namespace'] ?? 'karmada-system') !== 'karmada-system';
}

const systemNamespaces = /^(kube-.*|karmada-.*|default)$/;

/** What people run and keep in a cluster that stays. What Karmada is taking away already is lost already. */
function inCluster(state: AccountState, api: ApiState): readonly Valuable[] {
  const within = clusterOf(state, api);
  if (api.kind === 'eks' && within === undefined) return [];
  const list = (plural: string): readonly KubeObjectState[] =>
    listObjects(api, plural).filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const make = (kind: ValuableKind, { metadata }: KubeObjectState, name: string): Valuable =>
    valuable(kind, `${name} in ${api.cluster}`, metadata.uid, within);
  const isTheirs = (object: KubeObjectState): boolean => !isSystem(object) && !isLeaving(state, object);
  const workloads = ['deployments', 'statefulsets']
    .flatMap((plural) => list(plural))
    .filter(runs)
    .filter(isTheirs);
  return [
    ...workloads.map((each) => make('workload', each, `${each.metadata.namespace}/${each.kind}/${each.metadata.name}`)),
    ...list('namespaces')
      .filter((each) => !systemNamespaces.test(each.metadata.name) && isTheirs(each))
      .map((each) => make('namespace', each, each.metadata.name)),
    ...list('persistentvolumeclaims')
      .filter(({ metadata }) => metadata.namespace !== 'karmada-system')
      .map((each) => make('claim', each, `${each.metadata.namespace}/${each.metadata.name}`)),
  ];
}

function runs({ status }: KubeObjectState): boolean {
  return Number((status as { readyReplicas?: number } | undefined)?.readyReplicas ?? 0) > 0;
}

/** Karmada's own, the cluster's own, and the demonstration, which the fleet makes and takes away. */
function isSystem({ metadata }: KubeObjectState): boolean {
  const { name, namespace = '' } = metadata;
  return /^(kube-|karmada-)/.test(namespace) || name === 'karmada-eks-demo';
}

/** What Karmada put into a member goes when the member is let go, and a run before may have begun that. */
function isLeaving(state: AccountState, object: KubeObjectState): boolean {
  if (!hasLabels(object, { 'karmada.io/managed': 'true' })) return false;
  const karmadas = Object.values(state.apis).filter(({ kind }) => kind === 'karmada');
  return (
    karmadas.length === 0 ||
    karmadas.some((api) =>
      listObjects(api, 'clusters', '').some(({ metadata }) => metadata.deletionTimestamp !== undefined),
    )
  );
}

/** The key of the cluster of an API; undefined where it is not there or going. */
function clusterOf(state: AccountState, { kind, region, cluster: name }: ApiState): string | undefined {
  const cluster = kind === 'eks' ? state.regions[region]?.clusters[name] : undefined;
  if (cluster?.status !== 'ACTIVE' || isGoing(state, region, cluster)) return undefined;
  return keyOf(valuable('EKS cluster', `${name} in ${placeOf(region)}`, String(cluster.createdAt)));
}

/** A control plane that has had a member, known by etcd's claims, and what its users put into it. */
function inKarmada(state: AccountState, karmada: ApiState): readonly Valuable[] {
  const parent = state.apis[`eks/${karmada.region}/${karmada.cluster}`];
  const within = parent === undefined ? undefined : clusterOf(state, parent);
  if (parent === undefined || within === undefined) return [];
  const claims = listObjects(parent, 'persistentvolumeclaims', 'karmada-system').filter((each) =>
    hasLabels(each, { app: 'etcd' }),
  );
  if (claims.length === 0 || claims.some(({ metadata }) => metadata.deletionTimestamp !== undefined)) return [];
  if (!isInUse(karmada) && !isWhole(parent) && !isRestored(parent)) return [];
  const name = `${karmada.cluster} in ${karmada.region}`;
  const itself = valuable('Karmada control plane', name, claims.map(({ metadata }) => metadata.uid).join(), within);
  const plurals = ['namespaces', 'propagationpolicies', 'deployments', 'configmaps'];
  const users = plurals
    .flatMap((plural) => listObjects(karmada, plural))
    .filter((each) => !isSystem(each) && !systemNamespaces.test(each.metadata.name))
    .map(({ kind, metadata }) =>
      valuable(
        'object in Karmada',
        `${kind} ${metadata.namespace ?? ''}/${metadata.name}`,
        metadata.uid,
        keyOf(itself),
      ),
    );
  return [itself, ...users];
}

/** Whether it has a member, or holds something of its users. */
function isInUse(karmada: ApiState): boolean {
  const namespaces = listObjects(karmada, 'namespaces').map(({ metadata }) => metadata.name);
  const held = ['clusters', 'propagationpolicies'].some((plural) => listObjects(karmada, plural).length > 0);
  return held || namespaces.some((name) => !systemNamespaces.test(name));
}

/** The Deployments that `kubectl karmada init` makes (karmada 1.18.2). */
const components = [
  'karmada-apiserver',
  'karmada-aggregated-apiserver',
  'kube-controller-manager',
  'karmada-scheduler',
  'karmada-controller-manager',
  'karmada-webhook',
];

/** Its components are stopped, and it is filled again. */
function isRestored(parent: ApiState): boolean {
  const noted = parent.objects['configmaps/karmada-system/karmada-eks'];
  return noted?.metadata.annotations?.['karmada-eks/restoring'] !== undefined;
}

function isWhole(parent: ApiState): boolean {
  const found = listObjects(parent, 'deployments', 'karmada-system');
  const ready = new Set(found.filter(runs).map(({ metadata }) => metadata.name));
  return components.every((name) => ready.has(name));
}
