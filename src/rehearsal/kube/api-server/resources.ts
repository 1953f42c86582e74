/** The resource types that the simulated APIs serve, with the names by which kubectl knows them. */
import type { ApiState } from '../../state.js';

export interface ResourceType {
  /** Plural name: the first part of an object's key. */
  readonly plural: string;
  readonly singular: string;
  readonly short: string;
  /** API group; empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

const table: readonly ResourceType[] = [
  resource('namespaces', 'Namespace', '', 'ns', false),
  resource('nodes', 'Node', '', 'no', false),
  resource('services', 'Service', '', 'svc'),
  resource('pods', 'Pod', '', 'po'),
  resource('persistentvolumeclaims', 'PersistentVolumeClaim', '', 'pvc'),
  resource('persistentvolumes', 'PersistentVolume', '', 'pv', false),
  resource('configmaps', 'ConfigMap', '', 'cm'),
  resource('secrets', 'Secret', '', ''),
  resource('serviceaccounts', 'ServiceAccount', '', 'sa'),
  resource('events', 'Event', '', 'ev'),
  resource('leases', 'Lease', 'coordination.k8s.io', ''),
  resource('deployments', 'Deployment', 'apps', 'deploy'),
  resource('statefulsets', 'StatefulSet', 'apps', 'sts'),
  resource('daemonsets', 'DaemonSet', 'apps', 'ds'),
  resource('jobs', 'Job', 'batch', ''),
  resource('cronjobs', 'CronJob', 'batch', 'cj'),
  resource('poddisruptionbudgets', 'PodDisruptionBudget', 'policy', 'pdb'),
  resource('ingresses', 'Ingress', 'networking.k8s.io', 'ing'),
  resource('storageclasses', 'StorageClass', 'storage.k8s.io', 'sc', false),
  resource('csidrivers', 'CSIDriver', 'storage.k8s.io', '', false),
  resource('clusterroles', 'ClusterRole', 'rbac.authorization.k8s.io', '', false),
  resource('clusterrolebindings', 'ClusterRoleBinding', 'rbac.authorization.k8s.io', '', false),
  resource('roles', 'Role', 'rbac.authorization.k8s.io', ''),
  resource('rolebindings', 'RoleBinding', 'rbac.authorization.k8s.io', ''),
  resource('certificatesigningrequests', 'CertificateSigningRequest', 'certificates.k8s.io', 'csr', false),
  resource('customresourcedefinitions', 'CustomResourceDefinition', 'apiextensions.k8s.io', 'crd', false),
  resource('mutatingwebhookconfigurations', 'MutatingWebhookConfiguration', 'admissionregistration.k8s.io', '', false),
  resource('apiservices', 'APIService', 'apiregistration.k8s.io', '', false),
  resource('clusters', 'Cluster', 'cluster.karmada.io', '', false, 'v1alpha1'),
  resource('propagationpolicies', 'PropagationPolicy', 'policy.karmada.io', 'pp', true, 'v1alpha1'),
  resource('clusterpropagationpolicies', 'ClusterPropagationPolicy', 'policy.karmada.io', 'cpp', false, 'v1alpha1'),
  resource('overridepolicies', 'OverridePolicy', 'policy.karmada.io', 'op', true, 'v1alpha1'),
  resource('clusteroverridepolicies', 'ClusterOverridePolicy', 'policy.karmada.io', 'cop', false, 'v1alpha1'),
  resource('clustertaintpolicies', 'ClusterTaintPolicy', 'policy.karmada.io', '', false, 'v1alpha1'),
  resource('works', 'Work', 'work.karmada.io', 'wk', true, 'v1alpha1'),
  resource('resourcebindings', 'ResourceBinding', 'work.karmada.io', 'rb', true, 'v1alpha2'),
  resource('clusterresourcebindings', 'ClusterResourceBinding', 'work.karmada.io', 'crb', false, 'v1alpha2'),
];

/** Karmada's own types: served once their definition, or for clusters the APIService, is there. */
export const karmadaDefinitions = table
  .filter((type) => ['policy.karmada.io', 'work.karmada.io'].includes(type.group))
  .map((type) => `${type.plural}.${type.group}`);

/** The APIService through which the aggregated API server serves clusters. */
export const clusterApiService = 'v1alpha1.cluster.karmada.io';

/**
 * The type that an API serves under a name as typed: `deploy`, `deployment`, `deployments.apps`; undefined when
 * it serves none.
 */
export function resourceNamed(api: ApiState, typed: string): ResourceType | undefined {
  const [name = '', ...group] = typed.toLowerCase().split('.');
  const asked = group.join('.');
  return table.find(
    (type) =>
      [type.plural, type.singular, type.short].includes(name) &&
      (asked === '' || asked === type.group || asked === `${type.version}.${type.group}`) &&
      isServed(api, type),
  );
}

/** The type of an object by its own `apiVersion` and `kind`. */
export function resourceOf(api: ApiState, apiVersion: string, kind: string): ResourceType | undefined {
  return table.find((type) => type.kind === kind && apiVersionOf(type) === apiVersion && isServed(api, type));
}

/** All types that an API serves. */
export function servedTypes(api: ApiState): readonly ResourceType[] {
  return table.filter((type) => isServed(api, type));
}

/** The type behind a plural name; for names written in this program. */
export function knownResource(plural: string): ResourceType | undefined {
  return table.find((type) => type.plural === plural);
}

export function apiVersionOf(type: ResourceType): string {
  return type.group === '' ? type.version : `${type.group}/${type.version}`;
}

/** The plural with its group, as error messages name it: `deployments.apps`. */
export function qualifiedName(type: ResourceType): string {
  return type.group === '' ? type.plural : `${type.plural}.${type.group}`;
}

/** The kind with its group, as kubectl prints it: `deployment.apps`. */
export function printedKind(type: ResourceType): string {
  return type.group === '' ? type.singular : `${type.singular}.${type.group}`;
}

function isServed(api: ApiState, type: ResourceType): boolean {
  if (!type.group.endsWith('.karmada.io')) return true;
  if (type.plural === 'clusters') return api.objects[`apiservices//${clusterApiService}`] !== undefined;
  return api.objects[`customresourcedefinitions//${qualifiedName(type)}`] !== undefined;
}

function resource(
  plural: string,
  kind: string,
  group: string,
  short: string,
  namespaced = true,
  version = 'v1',
): ResourceType {
  return { plural, singular: kind.toLowerCase(), short, group, version, kind, namespaced };
}
