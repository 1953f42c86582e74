/** What Kubernetes' roles for people lack in Karmada: the types that have no namespace, and quotas. */

const group = 'rbac.authorization.k8s.io';
const reading = ['get', 'list', 'watch'];
const writing = ['create', 'update', 'patch', 'delete', 'deletecollection'];

/** By role. `init` itself adds Karmada's types with a namespace to view and edit (karmada 1.18.2, cmdinit/karmada/rbac.go). */
const rules = {
  view: [
    rule('cluster.karmada.io', ['clusters', 'clusters/status'], reading),
    rule(
      'policy.karmada.io',
      ['clusterpropagationpolicies', 'clusteroverridepolicies', 'clustertaintpolicies', 'federatedresourcequotas'],
      reading,
    ),
    rule('work.karmada.io', ['clusterresourcebindings', 'clusterresourcebindings/status'], reading),
    rule('apps.karmada.io', ['workloadrebalancers', 'workloadrebalancers/status'], reading),
    rule('config.karmada.io', ['resourceinterpretercustomizations'], reading),
  ],
  edit: [
    rule('policy.karmada.io', ['clusterpropagationpolicies', 'clusteroverridepolicies'], writing),
    rule('apps.karmada.io', ['workloadrebalancers'], writing),
  ],
  admin: [
    rule('', ['namespaces'], ['create']),
    rule('policy.karmada.io', ['clustertaintpolicies', 'federatedresourcequotas'], writing),
    rule('config.karmada.io', ['resourceinterpretercustomizations'], writing),
  ],
};

/** ClusterRoles that the API server's controller adds to view, edit and admin; no role may change members, which belong to the fleet. */
export const fleetRoles = Object.entries(rules).map(([role, itsRules]) => ({
  apiVersion: `${group}/v1`,
  kind: 'ClusterRole',
  metadata: { name: `karmada-eks:${role}`, labels: { [`${group}/aggregate-to-${role}`]: 'true' } },
  rules: itsRules,
}));

function rule(apiGroup: string, resources: readonly string[], verbs: readonly string[]): object {
  return { apiGroups: [apiGroup], resources, verbs };
}
