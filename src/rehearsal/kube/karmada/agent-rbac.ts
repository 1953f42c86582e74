/** The rights of one agent in the Karmada API (1.18.2, register/register.go, GenerateRBACResources). */
import type { Simulation } from '../../simulation.js';
import type { ApiState, Moment } from '../../state.js';
import { ensureNamespace, upsert } from '../api-server/store.js';
import { credentialsNamespace } from '../controllers/clusters.js';
import { remove } from './member-rbac.js';

export function writeKarmadaRbac(karmada: ApiState, cluster: string, now: Moment): void {
  for (const [plural, namespace, name] of agentRights(cluster)) {
    if (namespace !== '') ensureNamespace(karmada, namespace, now);
    upsert(karmada, plural, { metadata: { name, ...(namespace === '' ? {} : { namespace }) } }, now);
  }
}

export function removeKarmadaRbac(simulation: Simulation, karmada: ApiState, cluster: string): void {
  const tick = { simulation, at: simulation.now(), wake: () => undefined };
  for (const [plural, namespace, name] of agentRights(cluster)) remove(tick, karmada, plural, namespace, name);
}

function agentRights(cluster: string): readonly (readonly [plural: string, namespace: string, name: string])[] {
  const name = `system:karmada:${cluster}:agent`;
  return [
    ['clusterroles', '', name],
    ['clusterrolebindings', '', name],
    ['roles', credentialsNamespace, `${name}-secret`],
    ['roles', `karmada-es-${cluster}`, `${name}-work`],
    ['rolebindings', credentialsNamespace, `${name}-secret`],
    ['rolebindings', `karmada-es-${cluster}`, `${name}-work`],
  ];
}
