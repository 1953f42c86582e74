/** What the rest of the rehearsal does to the simulated APIs: they come and go with their EKS clusters. */
import type { Simulation } from '../simulation.js';
import type { ApiState } from '../state.js';
import { hasLoadBalancer, requestDeletion } from './api-server/deletion.js';
import { type ApiOptions, newApi } from './api-server/new-api.js';
import { touch } from './api-server/object-index.js';
import { dropObject, listObjects, upsert } from './api-server/store.js';
import { karmadaKey } from './controllers/control-plane.js';
import { settleApis } from './settle.js';

export { settleApis };

/** A node, as its node group or whoever else made it. */
export interface NodeOptions {
  readonly name: string;
  /** E.g. `aws:///us-west-2a/i-0123`; a node without a cloud has none. */
  readonly providerId?: string;
  /** Empty: the node has no such label. */
  readonly zone: string;
  readonly region: string;
  readonly ready: boolean;
  readonly externalIp?: string;
  readonly internalIp: string;
  readonly nodeGroup?: string;
  readonly instanceType?: string;
  readonly spot?: boolean;
  readonly labels?: Readonly<Record<string, string>>;
}

/** Makes an empty API; one that is there stays as it is. */
export function createApi(simulation: Simulation, options: ApiOptions): ApiState {
  settleApis(simulation);
  const { apis } = simulation.state;
  const api = apis[options.key] ?? newApi(options, simulation.now());
  apis[options.key] = api;
  return api;
}

/**
 * Ends an API, and with a parent the Karmada in it. Load balancers and volumes that are still there stay,
 * as `aws eks delete-cluster` leaves them (observed with 1.18.2, eksctl).
 */
export function removeApi(simulation: Simulation, key: string): void {
  settleApis(simulation);
  const api = simulation.state.apis[key];
  if (api === undefined) return;
  delete simulation.state.apis[karmadaKey(api)];
  delete simulation.state.apis[key];
  settleApis(simulation);
}

/** Makes a cluster's API unreachable, as a failure does, or reachable again: its objects stay, and no controller runs meanwhile. */
export function setReachable(simulation: Simulation, key: string, reachable: boolean): void {
  settleApis(simulation);
  const api = simulation.state.apis[key];
  if (api === undefined) return;
  api.reachable = reachable;
  touch(api);
  settleApis(simulation);
}

/** Makes these, and only these, the nodes of a cluster; pods on a node that has gone are lost. */
export function setNodes(simulation: Simulation, key: string, nodes: readonly NodeOptions[]): void {
  settleApis(simulation);
  const api = simulation.state.apis[key];
  if (api === undefined) return;
  const names = new Set(nodes.map(({ name }) => name));
  for (const node of listObjects(api, 'nodes', '')) {
    if (!names.has(node.metadata.name)) dropObject(api, 'nodes', node);
  }
  for (const node of nodes) upsert(api, 'nodes', nodeManifest(node), simulation.now());
  settleApis(simulation);
}

/** Deletes all Services with a load balancer, as `eksctl delete cluster` does first; these are deleted ~30 s later. */
export function deleteLoadBalancerServices(simulation: Simulation, key: string): void {
  settleApis(simulation);
  const api = simulation.state.apis[key];
  if (api === undefined) return;
  for (const service of listObjects(api, 'services')) {
    if (hasLoadBalancer(service)) requestDeletion(simulation.now(), api, 'services', service);
  }
  settleApis(simulation);
}

function nodeManifest(node: NodeOptions): Record<string, unknown> {
  const external = node.externalIp === undefined ? [] : [{ type: 'ExternalIP', address: node.externalIp }];
  return {
    metadata: {
      name: node.name,
      labels: {
        ...node.labels,
        'kubernetes.io/hostname': node.name,
        ...(node.instanceType === undefined ? {} : { 'node.kubernetes.io/instance-type': node.instanceType }),
        ...(node.nodeGroup === undefined ? {} : { 'eks.amazonaws.com/nodegroup': node.nodeGroup }),
        ...(node.spot === undefined ? {} : { 'eks.amazonaws.com/capacityType': node.spot ? 'SPOT' : 'ON_DEMAND' }),
        ...(node.region === '' ? {} : { 'topology.kubernetes.io/region': node.region }),
        ...(node.zone === '' ? {} : { 'topology.kubernetes.io/zone': node.zone }),
      },
    },
    spec: node.providerId === undefined ? {} : { providerID: node.providerId },
    status: {
      addresses: [{ type: 'InternalIP', address: node.internalIp }, ...external],
      conditions: [{ type: 'Ready', status: node.ready ? 'True' : 'False' }],
    },
  };
}
