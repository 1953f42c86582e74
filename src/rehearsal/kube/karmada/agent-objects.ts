/** What register puts into a pull member: the agent, its kubeconfig, its rights (1.18.2, register/register.go). */

import { stringify } from 'yaml';
import type { Json } from '../../json.js';
import type { ApiState, Moment } from '../../state.js';
import { ensureNamespace, upsert } from '../api-server/store.js';
import { credentialsNamespace } from '../controllers/clusters.js';
import { karmadaNamespace as namespace } from '../controllers/control-plane.js';
import { remove } from './member-rbac.js';

const labels = { 'karmada.io/system': 'true' } as const;

/** @param ca base64 of the CA's PEM */
export function agentSecret(server: string, ca: string): Json {
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'karmada-apiserver', cluster: { server, 'certificate-authority-data': ca } }],
  };
  const stringData = { 'karmada-kubeconfig': stringify(kubeconfig, { lineWidth: 0 }) };
  return { metadata: { name: 'karmada-kubeconfig', namespace, labels }, type: 'Opaque', stringData };
}

export function writeAgentRbac(member: ApiState, now: Moment): void {
  upsert(member, 'clusterroles', { metadata: { name: 'karmada-agent', labels }, rules: [] }, now);
  upsert(member, 'serviceaccounts', { metadata: { name: 'karmada-agent-sa', namespace, labels } }, now);
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'karmada-agent' };
  upsert(member, 'clusterrolebindings', { metadata: { name: 'karmada-agent', labels }, roleRef }, now);
}

export interface AgentOptions {
  readonly name: string;
  /** `https://…` of the member's API. */
  readonly endpoint: string;
  readonly provider: string;
  readonly region: string;
  /** Comma-separated. */
  readonly zones: string;
}

export function agentDeployment(options: AgentOptions): Json {
  const app = { app: 'karmada-agent' };
  const command = [
    '/bin/karmada-agent',
    '--karmada-kubeconfig=/etc/kubeconfig/karmada-kubeconfig',
    `--cluster-name=${options.name}`,
    `--cluster-api-endpoint=${options.endpoint}`,
    `--cluster-provider=${options.provider}`,
    `--cluster-region=${options.region}`,
    `--cluster-zones=${options.zones}`,
  ];
  const containers = [{ name: 'karmada-agent', image: 'docker.io/karmada/karmada-agent:v1.18.2', command }];
  return {
    metadata: { name: 'karmada-agent', namespace, labels: app },
    spec: {
      replicas: 1,
      selector: { matchLabels: app },
      template: { metadata: { labels: app }, spec: { containers } },
    },
  };
}

export function writeKarmadaRbac(karmada: ApiState, cluster: string, now: Moment): void {
  for (const [plural, namespace, name] of agentRights(cluster)) {
    if (namespace !== '') ensureNamespace(karmada, namespace, now);
    upsert(karmada, plural, { metadata: { name, ...(namespace === '' ? {} : { namespace }) } }, now);
  }
}

export function removeKarmadaRbac(karmada: ApiState, cluster: string, now: Moment): void {
  for (const [plural, namespace, name] of agentRights(cluster)) remove(now, karmada, plural, namespace, name);
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
