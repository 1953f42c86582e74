/** What join, register and the agent put into a member and into Karmada, and unjoin and unregister take out again. */

import type { Json } from '../../json.js';
import type { ApiState, Moment } from '../../state.js';
import { requestDeletion } from '../api-server/deletion.js';
import { ensureNamespace, findObject, upsert } from '../api-server/store.js';
import { credentialsNamespace } from '../controllers/clusters.js';
import { karmadaNamespace as namespace } from '../controllers/control-plane.js';
import { tokenFor } from '../controllers/tokens.js';

const accountKey = 'kubernetes.io/service-account.name';
const tokenType = 'kubernetes.io/service-account-token';

const labels = { 'karmada.io/system': 'true' } as const;

/** Namespace, two service accounts with their Secrets, one cluster role with its binding (1.18.2, pkg/util/credential.go). */
export function writeMemberRbac(member: ApiState, cluster: string, now: Moment): void {
  ensureNamespace(member, credentialsNamespace, now);
  for (const name of ['karmada-impersonator', `karmada-${cluster}`]) {
    upsert(member, 'serviceaccounts', { metadata: { name, namespace: credentialsNamespace, labels } }, now);
    const stringData = { token: tokenFor(name), 'ca.crt': `CA of ${member.cluster}` };
    const annotations = { [accountKey]: name };
    const metadata = { name, namespace: credentialsNamespace, annotations };
    upsert(member, 'secrets', { metadata, type: tokenType, stringData }, now);
  }
  const name = roleName(cluster);
  upsert(member, 'clusterroles', { metadata: { name, labels }, rules: [] }, now);
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name };
  upsert(member, 'clusterrolebindings', { metadata: { name, labels }, roleRef, subjects: [] }, now);
}

/** The members' credentials in Karmada; they go with the Cluster object. */
export function writeCredentials(karmada: ApiState, cluster: string, now: Moment): void {
  ensureNamespace(karmada, credentialsNamespace, now);
  const copies = [
    [`${cluster}-impersonator`, 'karmada-impersonator'],
    [cluster, `karmada-${cluster}`],
  ] as const;
  for (const [name, account] of copies) {
    const stringData = { token: tokenFor(account) };
    upsert(karmada, 'secrets', { metadata: { name, namespace: credentialsNamespace }, stringData }, now);
  }
}

/** Missing ones are skipped; the namespace is deleted asynchronously. */
export function removeMemberRbac(now: Moment, member: ApiState, cluster: string): void {
  remove(now, member, 'clusterrolebindings', '', roleName(cluster));
  remove(now, member, 'clusterroles', '', roleName(cluster));
  remove(now, member, 'serviceaccounts', credentialsNamespace, `karmada-${cluster}`);
  remove(now, member, 'namespaces', '', credentialsNamespace);
}

/** Deletes an object that may be missing. */
function remove(now: Moment, api: ApiState, plural: string, namespace: string, name: string): void {
  const found = findObject(api, plural, namespace, name);
  if (found !== undefined) requestDeletion(now, api, plural, found);
}

function roleName(cluster: string): string {
  return `karmada-controller-manager:karmada-${cluster}`;
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
  readonly image: string;
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
  const containers = [{ name: 'karmada-agent', image: options.image, command }];
  return {
    metadata: { name: 'karmada-agent', namespace, labels: app },
    spec: {
      replicas: 1,
      selector: { matchLabels: app },
      template: { metadata: { labels: app }, spec: { containers } },
    },
  };
}

/** Takes out what register puts into a pull member; its namespace stays. */
export function removeAgent(member: ApiState, now: Moment): void {
  remove(now, member, 'deployments', namespace, 'karmada-agent');
  remove(now, member, 'serviceaccounts', namespace, 'karmada-agent-sa');
  remove(now, member, 'clusterroles', '', 'karmada-agent');
  remove(now, member, 'clusterrolebindings', '', 'karmada-agent');
  remove(now, member, 'secrets', namespace, 'karmada-kubeconfig');
}

export function writeKarmadaRbac(karmada: ApiState, cluster: string, now: Moment): void {
  for (const [plural, namespace, name] of agentRights(cluster)) {
    if (namespace !== '') ensureNamespace(karmada, namespace, now);
    const kind = plural === 'clusterrolebindings' ? 'ClusterRole' : 'Role';
    const roleRef = plural.endsWith('bindings') ? { roleRef: { kind, name } } : {};
    upsert(karmada, plural, { metadata: { name, ...(namespace === '' ? {} : { namespace }) }, ...roleRef }, now);
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
