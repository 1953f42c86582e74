/** What an API server adds to a Service: type, cluster address, node ports; and the ports it refuses. */

import { at, isJson, type Json, listAt, numberAt, textAt } from '../../json.js';
import type { ApiState, KubeObjectState } from '../../state.js';
import { Refusal } from './refusal.js';

/** The first port of Kubernetes' default range for node ports, 30000 to 32767. */
const firstNodePort = 30_000;

/** Fills in a Service; refuses a node port that another Service holds. */
export function defaultService(api: ApiState, service: KubeObjectState): void {
  const spec: Json = isJson(service['spec']) ? { ...service['spec'] } : {};
  service['spec'] = spec;
  spec['type'] ??= 'ClusterIP';
  if (spec['type'] !== 'ExternalName')
    spec['clusterIP'] ??= `10.100.${api.nextUid % 256}.${((api.nextUid * 7) % 254) + 1}`;
  const wantsNodePorts = spec['type'] === 'NodePort' || spec['type'] === 'LoadBalancer';
  const taken = nodePortsInUse(api, service.metadata.uid);
  spec['ports'] = listAt(spec, 'ports').map((port, index) => {
    if (!isJson(port) || !wantsNodePorts) return port;
    const asked = numberAt(port, 'nodePort');
    if (asked !== undefined && taken.has(asked)) {
      throw new Refusal(
        'Invalid',
        `Service "${service.metadata.name}" is invalid: spec.ports[${index}].nodePort: Invalid value: ${asked}: provided port is already allocated`,
      );
    }
    const nodePort = asked ?? freePort(taken);
    taken.add(nodePort);
    return { protocol: 'TCP', ...port, targetPort: port['targetPort'] ?? port['port'], nodePort };
  });
  service['status'] ??= { loadBalancer: {} };
}

/**
 * Whether a Service of type NodePort holds a port: the only type that init looks at (1.18.2,
 * cmdinit/kubernetes/services.go).
 */
export function nodePortServiceHolds(api: ApiState, port: number): boolean {
  return services(api).some(
    (service) => textAt(service, 'spec', 'type') === 'NodePort' && portsOf(service).includes(port),
  );
}

function nodePortsInUse(api: ApiState, exceptUid: string): Set<number> {
  return new Set(
    services(api)
      .filter((service) => service.metadata.uid !== exceptUid)
      .flatMap(portsOf),
  );
}

function services(api: ApiState): KubeObjectState[] {
  return Object.entries(api.objects).flatMap(([key, object]) => (key.startsWith('services/') ? [object] : []));
}

function portsOf(service: KubeObjectState): number[] {
  return listAt(service, 'spec', 'ports').flatMap((port) => Number(at(port, 'nodePort') ?? 0) || []);
}

function freePort(taken: ReadonlySet<number>): number {
  let port = firstNodePort;
  while (taken.has(port)) port += 1;
  return port;
}
