/** The Karmada API of a parent: it begins with the first ready API server and ends with etcd's volumes. */
import { BlockList, isIPv4 } from 'node:net';
import { leadsTo } from '../../account/names.js';
import { listAt, mapAt, numberAt } from '../../json.js';
import type { ApiState, KubeObjectState, LoadBalancerState } from '../../state.js';
import { newApi } from '../api-server/new-api.js';
import { findObject, hasLabels, listObjects } from '../api-server/store.js';
import type { Tick } from '../tick.js';
import { passesOn } from './load-balancers/balancer-parts.js';
import { groupOf, nodePorts } from './load-balancers/balancer-rules.js';
import { balancerAt } from './load-balancers/interfaces.js';
import { readyReplicas } from './workloads.js';

export const karmadaNamespace = 'karmada-system';

/** The key of the Karmada API that a parent hosts. */
export function karmadaKey(parent: Pick<ApiState, 'region' | 'cluster'>): string {
  return `karmada/${parent.region}/${parent.cluster}`;
}

/** The parent of a Karmada API; undefined once its cluster is deleted. */
export function parentOf(tick: Pick<Tick, 'simulation'>, karmada: ApiState): ApiState | undefined {
  return tick.simulation.state.apis[`eks/${karmada.region}/${karmada.cluster}`];
}

/** Whether a component of a control plane has a ready replica. */
export function componentReady(parent: ApiState | undefined, component: string): boolean {
  return parent !== undefined && readyReplicas(findObject(parent, 'deployments', karmadaNamespace, component)) > 0;
}

/**
 * What the API holds lives in etcd: without etcd's claims it is gone, with them a new install finds it again
 * (observed with 1.18.2, deinit).
 */
export function settleControlPlane(tick: Tick, api: ApiState): void {
  const { apis } = tick.simulation.state;
  const key = karmadaKey(api);
  const there = apis[key] !== undefined;
  const data = listObjects(api, 'persistentvolumeclaims', karmadaNamespace).some((claim) =>
    hasLabels(claim, { app: 'etcd' }),
  );
  if (there && !data) delete apis[key];
  if (there || !data || !componentReady(api, 'karmada-apiserver')) return;
  apis[key] = newApi({ key, kind: 'karmada', region: api.region, cluster: api.cluster }, tick.at);
  tick.wake(tick.at);
}

export interface KarmadaFound {
  readonly karmada: ApiState;
  readonly parent: ApiState;
}

/** Why nothing answers: the name does not resolve, or nobody listens. */
export type KarmadaMissing = 'no-such-host' | 'refused';

/** Whether anybody gets through: not past a security group without a rule for it, nor to targets that are all new. */
function letsIn(
  tick: Pick<Tick, 'simulation' | 'at'>,
  parent: ApiState,
  balancer: LoadBalancerState,
  service: KubeObjectState | undefined,
): boolean {
  const region = tick.simulation.region(parent.region);
  const group = groupOf(region, parent);
  const ports = service === undefined ? [] : nodePorts(service);
  const ranges = listAt(service, 'spec', 'loadBalancerSourceRanges');
  const isOpen = group?.rules?.some(({ port, description, source }) => {
    const isForClients = !description.includes('/health=') || ranges.includes(source);
    return typeof port === 'number' && ports.includes(port) && isForClients;
  });
  return (group === undefined || isOpen === true) && passesOn(region, balancer, tick.at);
}

/** Whether the security group drops what comes from this address: the source ranges of an internet-facing load balancer do not have it. */
export function dropsFrom(
  tick: Pick<Tick, 'simulation' | 'at'>,
  server: string,
  address: string | null | undefined,
): boolean {
  if (address === undefined || address === null) return false;
  const balancer = balancerAt(tick, leadsTo(tick.simulation.state, new URL(server).hostname, tick.at));
  const parent = tick.simulation.state.apis[balancer?.api ?? ''];
  if (balancer?.scheme !== 'internet-facing' || parent === undefined) return false;
  const [namespace = '', name = ''] = balancer.service.split('/');
  const ranges = listAt(findObject(parent, 'services', namespace, name), 'spec', 'loadBalancerSourceRanges');
  const admitted = new BlockList();
  for (const range of ranges) {
    const [network = '', prefix = '32'] = String(range).split('/');
    if (isIPv4(network)) admitted.addSubnet(network, Number(prefix));
  }
  return ranges.length > 0 && !admitted.check(address);
}

/** Follows https://HOST:PORT through the load balancer's Service to ready API server pods. */
export function karmadaAt(tick: Pick<Tick, 'simulation' | 'at'>, server: string): KarmadaFound | KarmadaMissing {
  const { hostname: asked, port } = new URL(server);
  const hostname = leadsTo(tick.simulation.state, asked, tick.at);
  const balancer = balancerAt(tick, hostname);
  if (balancer === undefined) return /^[\d.]+$/.test(hostname) ? 'refused' : 'no-such-host';
  const parent = tick.simulation.state.apis[balancer.api];
  const [namespace = '', name = ''] = balancer.service.split('/');
  const service = parent === undefined ? undefined : findObject(parent, 'services', namespace, name);
  const listens = listAt(service, 'spec', 'ports').some((entry) => numberAt(entry, 'port') === Number(port || 443));
  const toKarmada = mapAt(service, 'spec', 'selector')['app'] === 'karmada-apiserver';
  if (parent === undefined || !parent.reachable || !listens || !toKarmada) return 'refused';
  if (!letsIn(tick, parent, balancer, service)) return 'refused';
  const karmada = tick.simulation.state.apis[karmadaKey(parent)];
  return karmada !== undefined && componentReady(parent, 'karmada-apiserver') ? { karmada, parent } : 'refused';
}
