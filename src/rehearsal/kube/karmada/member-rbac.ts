/** What join or the agent puts into a member, and unjoin and unregister take out again (1.18.2, pkg/util/credential.go). */
import type { ApiState, Moment } from '../../state.js';
import { requestDeletion } from '../api-server/deletion.js';
import { ensureNamespace, findObject, upsert } from '../api-server/store.js';
import { credentialsNamespace } from '../controllers/clusters.js';

const labels = { 'karmada.io/system': 'true' } as const;

/** Namespace, two service accounts with their Secrets, one cluster role with its binding. */
export function writeMemberRbac(member: ApiState, cluster: string, now: Moment): void {
  const namespace = credentialsNamespace;
  ensureNamespace(member, namespace, now);
  for (const name of ['karmada-impersonator', `karmada-${cluster}`]) {
    upsert(member, 'serviceaccounts', { metadata: { name, namespace, labels } }, now);
    const stringData = { token: `token of ${name}`, 'ca.crt': `CA of ${member.cluster}` };
    const type = 'kubernetes.io/service-account-token';
    upsert(member, 'secrets', { metadata: { name, namespace }, type, stringData }, now);
  }
  const name = roleName(cluster);
  upsert(member, 'clusterroles', { metadata: { name, labels }, rules: [] }, now);
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name };
  upsert(member, 'clusterrolebindings', { metadata: { name, labels }, roleRef, subjects: [] }, now);
}

/** The members' credentials in Karmada; they go with the Cluster object. */
export function writeCredentials(karmada: ApiState, cluster: string, now: Moment): void {
  ensureNamespace(karmada, credentialsNamespace, now);
  for (const name of [`${cluster}-impersonator`, cluster]) {
    const stringData = { token: `token of ${name}` };
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
export function remove(now: Moment, api: ApiState, plural: string, namespace: string, name: string): void {
  const found = findObject(api, plural, namespace, name);
  if (found !== undefined) requestDeletion(now, api, plural, found);
}

function roleName(cluster: string): string {
  return `karmada-controller-manager:karmada-${cluster}`;
}
