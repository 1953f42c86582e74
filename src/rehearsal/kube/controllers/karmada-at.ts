/** Which Karmada API answers at a URL: the one whose parent's Service made the load balancer there. */

import { listAt, mapAt, numberAt } from '../../json.js';
import type { ApiState } from '../../state.js';
import { findObject } from '../api-server/store.js';
import type { Tick } from '../tick.js';
import { componentReady, karmadaKey } from './control-plane.js';
import { balancerAt } from './interfaces.js';

export interface KarmadaFound {
  readonly karmada: ApiState;
  readonly parent: ApiState;
}

/** Why nothing answers: the name does not resolve, or nobody listens. */
export type KarmadaMissing = 'no-such-host' | 'refused';

/** Follows https://HOST:PORT through the load balancer's Service to ready API server pods. */
export function karmadaAt(tick: Pick<Tick, 'simulation' | 'at'>, server: string): KarmadaFound | KarmadaMissing {
  const { hostname, port } = new URL(server);
  const balancer = balancerAt(tick, hostname);
  if (balancer === undefined) return /^[\d.]+$/.test(hostname) ? 'refused' : 'no-such-host';
  const parent = tick.simulation.state.apis[balancer.api];
  const [namespace = '', name = ''] = balancer.service.split('/');
  const service = parent === undefined ? undefined : findObject(parent, 'services', namespace, name);
  const listens = listAt(service, 'spec', 'ports').some((entry) => numberAt(entry, 'port') === Number(port || 443));
  const toKarmada = mapAt(service, 'spec', 'selector')['app'] === 'karmada-apiserver';
  if (parent === undefined || !parent.reachable || !listens || !toKarmada) return 'refused';
  const karmada = tick.simulation.state.apis[karmadaKey(parent)];
  return karmada !== undefined && componentReady(parent, 'karmada-apiserver') ? { karmada, parent } : 'refused';
}
