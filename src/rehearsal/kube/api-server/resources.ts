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
  resource('namespaces', 'Namespace', '', 'v1', 'ns', false),
  resource('nodes', 'Node', '', 'v1', 'no', false),
  resource('services', 'Service', '', 'v1', 'svc'),
  resource('pods', 'Pod', '', 'v1', 'po'),
  resource('persistentvolumeclaims', 'PersistentVolumeClaim', '', 'v1', 'pvc'),
  resource('persistentvolumes', 'PersistentVolume', '', 'v1', 'pv', false),
  resource('configmaps', 'ConfigMap', '', 'v1', 'cm'),
  resource('secrets', 'Secret', '', 'v1', ''),
  resource('serviceaccounts', 'ServiceAccount', '', 'v1', 'sa'),
  resource('events', 'Event', '', 'v1', 'ev'),
  resource('leases', 'Lease', 'coordination.k8s.io', 'v1', ''),
  resource('deployments', 'Deployment', 'apps', 'v1', 'deploy'),
  resource('statefulsets', 'StatefulSet', 'apps', 'v1', 'sts'),
  resource('daemonsets', 'DaemonSet', 'apps', 'v1', 'ds'),
  resource('jobs', 'Job', 'batch', 'v1', ''),
  resource('cronjobs', 'CronJob', 'batch', 'v1', 'cj'),
  resource('ingresses', 'Ingress', 'networking.k8s.io', 'v1', 'ing'),
  resource('storageclasses', 'StorageClass', 'storage.k8s.io', 'v1', 'sc', false),
  resource('csidrivers', 'CSIDriver', 'storage.k8s.io', 'v1', '', false),
  resource('clusterroles', 'ClusterRole', 'rbac.authorization.k8s.io', 'v1', '', false),
  resource('clusterrolebindings', 'ClusterRoleBinding', 'rbac.authorization.k8s.io', 'v1', '', false),
  resource('roles', 'Role', 'rbac.authorization.k8s.io', 'v1', ''),
  resource('rolebindings', 'RoleBinding', 'rbac.authorization.k8s.io', 'v1', ''),
  resource('certificatesigningrequests', 'CertificateSigningRequest', 'certificates.k8s.io', 'v1', 'csr', false),
  resource('customresourcedefinitions', 'CustomResourceDefinition', 'apiextensions.k8s.io', 'v1', 'crd', false),
  resource(
    'mutatingwebhookconfigurations',
    'MutatingWebhookConfiguration',
    'admissionregistration.k8s.io',
    'v1',
    '',
    false,
  ),
  resource('apiservices', 'APIService', 'apiregistration.k8s.io', 'v1', '', false),
  resource('clusters', 'Cluster', 'cluster.karmada.io', 'v1alpha1', '', false),
  resource('propagationpolicies', 'PropagationPolicy', 'policy.karmada.io', 'v1alpha1', 'pp'),
  resource('works', 'Work', 'work.karmada.io', 'v1alpha1', 'wk'),
  resource('resourcebindings', 'ResourceBinding', 'work.karmada.io', 'v1alpha2', 'rb'),
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
  version: string,
  short: string,
  namespaced = true,
): ResourceType {
  return { plural, singular: kind.toLowerCase(), short, group, version, kind, namespaced };
}
